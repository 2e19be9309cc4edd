import { describe, expect, it } from "vitest";
import type { Edit } from "../../../policies/engine/edit";
import { remediated } from "../../../policies/engine/remediation";
import type { Report } from "../../../policies/engine/verdict";
import { asProxy, UNKNOWN_STRING } from "../analyzer";

function report(change: Partial<Report> = {}): Report {
  const finding = { rule: "A-1", severity: "low", object: "it", path: "a", observed: "b", allowed: "c", remedy: "D." };
  return { finding, title: "It holds", level: undefined, urn: "urn", ...change } as Report;
}

const fix: Edit[] = [{ path: "spec.a", value: 1 }];
const exemption = { rule: "A-1", reason: "r", owner: "o", until: "2027-01-31", source: "s" };

function after(props: object, ...reports: Report[]): object | undefined {
  return remediated({ type: "x:index:Y", name: "it", urn: "urn", props }, () => reports);
}

describe("fixes of a resource", () => {
  it("change what the findings name, and hand the rest back as it came", () => {
    expect(after(asProxy({ spec: { a: 0 }, b: UNKNOWN_STRING }), report({ fix }), report())).toEqual({
      spec: { a: 1 },
      b: UNKNOWN_STRING,
    });
  });

  it.each<[string, object, Report[]]>([
    ["no finding", {}, []],
    ["no fix", {}, [report()]],
    ["fixes of exempted findings alone", {}, [report({ fix, exemption })]],
    ["properties that are no object", [], [report({ fix })]],
  ])("are none where there is %s", (_case, props, reports) => {
    expect(after(props, ...reports)).toBeUndefined();
  });
});
