import { describe, expect, it } from "vitest";
import type { Edit } from "../../../policies/engine/edit";
import type { ResourceRule, Violation } from "../../../policies/engine/rule";
import { settingsOf } from "../../../policies/engine/settings";
import { Subject } from "../../../policies/engine/subject";
import { judgeResource, type Report } from "../../../policies/engine/verdict";

const fix: Edit[] = [{ path: "spec.pod.hostNetwork", value: false }];

function violation(path: string, change: Partial<Violation> = {}): Violation {
  return { path, observed: "there", allowed: "nothing", remedy: "Remove it.", ...change };
}

/** What a rule that finds something in a resource of a kind reports of it, the pods of unknown kinds being guessed. */
function reports(
  found: Violation[],
  kind = "Trainer",
  spec: object = { pod: { containers: [{ name: "a" }] } },
): Report[] {
  const rule: ResourceRule = {
    id: "A-1",
    title: "It holds",
    why: "Because.",
    remediation: "Mend it.",
    url: "https://example.com/",
    severity: "low",
    level: "mandatory",
    family: "pod",
    parameters: {},
    examples: { bad: "", good: "" },
    judge: () => found,
  };
  const props = { apiVersion: "example.com/v1", kind, metadata: { name: "it" }, spec };
  const subject = new Subject({ type: `kubernetes:example.com/v1:${kind}`, name: "it", urn: "urn", props });
  return judgeResource([rule], settingsOf("pod", [rule], {}), subject);
}

describe("reports of findings", () => {
  it("have the fixes that rules offer", () => {
    expect(reports([violation("spec.size", { fix })])[0]).toHaveProperty("fix", fix);
    expect(reports([violation("spec.size")])[0]).not.toHaveProperty("fix");
  });

  it("stop nothing and mend nothing inside pods of kinds that are not known", () => {
    const [guessed, certain] = reports([violation("spec.pod.hostNetwork", { fix }), violation("spec.size", { fix })]);

    expect(guessed).toMatchObject({ level: "advisory" });
    expect(guessed).not.toHaveProperty("fix");
    expect(certain).toMatchObject({ level: undefined, fix });
  });
});
