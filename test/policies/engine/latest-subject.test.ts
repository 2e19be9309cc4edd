import { describe, expect, it } from "vitest";
import { LatestSubject } from "../../../policies/engine/latest-subject";
import { asProxy, UNKNOWN_STRING } from "../analyzer";

const POD = { apiVersion: "v1", kind: "Pod", spec: { containers: [{ image: UNKNOWN_STRING }] } };

function facts(change: object = {}) {
  return { type: "kubernetes:core/v1:Pod", name: "a", urn: "urn:a", props: asProxy(structuredClone(POD)), ...change };
}

describe("the resource that was judged last", () => {
  it("is read once, however many copies of it come", () => {
    const latest = new LatestSubject();

    expect(latest.of(facts())).toBe(latest.of(facts()));
  });

  it.each([
    ["another resource", { urn: "urn:b" }],
    ["another type", { type: "kubernetes:core/v1:PodTemplate" }],
    ["another name", { name: "b" }],
    ["other options", { isProtected: true }],
    ["another property", { props: asProxy({ ...POD, spec: { containers: [{ image: "a:1" }] } }) }],
  ])("is not %s", (_case, change) => {
    const latest = new LatestSubject();
    const first = latest.of(facts());

    expect(latest.of(facts(change))).not.toBe(first);
    expect(latest.of(facts())).not.toBe(first);
  });
});
