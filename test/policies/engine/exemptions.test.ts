import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daysBetween } from "../../../policies/engine/days";
import { fits } from "../../../policies/engine/pattern";
import { strayAnnotationReports } from "../../../policies/engine/exemptions";
import { judgeAll } from "../../../policies/engine/judge-all";
import type { ResourceRule } from "../../../policies/engine/rule";
import { settingsOf } from "../../../policies/engine/settings";
import { Subject } from "../../../policies/engine/subject";

const TODAY = "2026-11-26";

function rule(change: Partial<ResourceRule> = {}): ResourceRule {
  return {
    id: "GPU-04",
    title: "Pods say what they need",
    why: "Because.",
    remediation: "Mend it.",
    url: "https://example.com/",
    severity: "medium",
    level: "mandatory",
    family: "gpu",
    parameters: {},
    examples: { bad: "", good: "" },
    judge: ({ tree }) =>
      "good" in tree ? [] : [{ path: "spec", observed: "bad", allowed: "good", remedy: "Make it good." }],
    ...change,
  };
}

const FINDING = "[GPU-04] Job ml/mnist: spec is bad; allowed: good. Make it good.";
const ANNOTATION = "policy.mlstack.dev/exempt-GPU-04";

function job(note: string | undefined, change: object = {}): Subject {
  const annotations = note === undefined ? {} : { [ANNOTATION]: note };
  const props = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "mnist", namespace: "ml", annotations },
    ...change,
  };
  return new Subject({ type: "kubernetes:batch/v1:Job", name: "mnist", urn: "urn:mnist", props });
}

/** What is told of some resources: findings that stand, in the words users see. */
function told(subjects: Subject[], config: object = {}, rules = [rule()]): string[] {
  return judgeAll(rules, settingsOf("policies", rules, config as never), subjects, TODAY)
    .filter(({ exemption }) => exemption === undefined)
    .map(({ finding: { rule: id, object, path, observed, allowed, remedy }, level = "mandatory" }) =>
      id === "GPU-04"
        ? `[${id}] ${object}: ${path} is ${observed}; allowed: ${allowed}. ${remedy}`
        : `${level} ${id} ${object}: ${path} is ${observed}`,
    );
}

const GOOD_NOTE = "waits for the driver of next month; owner=ml-platform; until=2027-01-31";

describe("exemptions by annotation", () => {
  it("let the finding pass, and are counted", () => {
    expect(told([job(GOOD_NOTE)])).toEqual([
      "advisory META-04 policy configuration: number of exemptions in force is 1: GPU-04 (ml-platform, until 2027-01-31)",
    ]);
  });

  it("are tags of AWS resources, where a slash divides the parts", () => {
    const tags = { [ANNOTATION]: GOOD_NOTE.replaceAll(";", " /") };
    const subject = new Subject({ type: "aws:eks/cluster:Cluster", name: "main", urn: "urn:main", props: { tags } });

    expect(told([subject])).toEqual([
      "advisory META-04 policy configuration: number of exemptions in force is 1: GPU-04 (ml-platform, until 2027-01-31)",
    ]);
  });

  it.each([
    ["", "reason is too short"],
    ["too short; owner=ml; until=2027-01-31", "reason is too short"],
    ["owner=ml-platform; until=2027-01-31", "reason is too short"],
    ["waits for the driver of next month; until=2027-01-31", "owner is empty"],
    ["waits for the driver of next month; owner= ; until=2027-01-31", "owner is empty"],
    ["waits for the driver of next month; owner=ml", "until is no day"],
    ["waits for the driver of next month; owner=ml; until=soon", "until is no day"],
    ["waits for the driver of next month; owner=ml; until=2027-02-30", "until is no day"],
    ["waits for the driver of next month; owner=ml; until=2026-11-25", "until is 2026-11-25, which is over"],
    ["waits for the driver of next month; owner=ml; until=2027-05-26", "until is 2027-05-26, 181 days ahead"],
  ])("are not in force as %j", (note, fault) => {
    const lines = told([job(note)]);

    expect(lines).toContain(FINDING);
    expect(lines).toContain(
      `mandatory META-01 Job ml/mnist: metadata.annotations["${ANNOTATION}"] is an exemption whose ${fault}`,
    );
    expect(lines.filter((line) => line.includes("META-04"))).toEqual([]);
  });

  it.each(["2026-11-26", "2027-05-25"])("are in force until the end of %s", (until) => {
    expect(told([job(`waits for the driver of next month; owner=ml; until=${until}`)])).not.toContain(FINDING);
  });

  it("do not reach critical rules", () => {
    const lines = told([job(GOOD_NOTE)], {}, [rule({ severity: "critical" })]);

    expect(lines).toEqual([
      `mandatory META-01 Job ml/mnist: metadata.annotations["${ANNOTATION}"] is an exemption from GPU-04, which is critical`,
      FINDING,
    ]);
  });

  it("let pass what has a reason of 15 characters", () => {
    expect(told([job("123456789012345; owner=ml; until=2027-01-31")])).not.toContain(FINDING);
    expect(told([job("12345678901234; owner=ml; until=2027-01-31")])).toContain(FINDING);
  });

  it("are for findings of their rule alone", () => {
    const other = rule({ id: "GPU-05" });

    expect(told([job(GOOD_NOTE, { good: true })], {}, [rule(), other])).toEqual([
      `advisory META-01 policy configuration: annotation ${ANNOTATION} of Job ml/mnist is needed by nothing`,
    ]);
    expect(told([job(GOOD_NOTE)], {}, [other, rule()])).toEqual([
      "mandatory GPU-05 Job ml/mnist: spec is bad",
      "advisory META-04 policy configuration: number of exemptions in force is 1: GPU-04 (ml-platform, until 2027-01-31)",
    ]);
  });

  it("leave alone what stops nothing by itself, so that it is seen", () => {
    expect(told([job(GOOD_NOTE)], {}, [rule({ level: "advisory" })])).not.toContain(FINDING);
  });

  it("are told as unused where the rule is kept", () => {
    expect(told([job(GOOD_NOTE, { good: true })])).toEqual([
      `advisory META-01 policy configuration: annotation ${ANNOTATION} of Job ml/mnist is needed by nothing`,
    ]);
  });

  it("neither pass nor are unused while the rule can not decide", () => {
    const waiting = rule({ judge: () => [{ undecidedPath: "spec" }] });

    expect(told([job(GOOD_NOTE)], {}, [waiting])).toEqual([
      '[GPU-04] Job ml/mnist: spec is not known yet; allowed: a value that keeps "Pods say what they need". ' +
        "It is judged at update, before the object is created.",
      "advisory META-04 policy configuration: number of exemptions in force is 1: GPU-04 (ml-platform, until 2027-01-31)",
    ]);
  });
});

describe("exemptions from what is no rule", () => {
  it.each(["GPU-99", "gpu-04", "GPU-04,GPU-05", "META-01"])("such as %s are violations", (id) => {
    const annotations = { [`policy.mlstack.dev/exempt-${id}`]: GOOD_NOTE };
    const lines = told([job(undefined, { metadata: { name: "mnist", namespace: "ml", annotations } })]);

    expect(lines).toContain(
      `mandatory META-01 Job ml/mnist: metadata.annotations["policy.mlstack.dev/exempt-${id}"] is an exemption from "${id}", which is no rule`,
    );
    expect(lines).toContain(FINDING);
  });
});

describe("exemptions from rules that are looked after elsewhere", () => {
  const annotations = { "policy.mlstack.dev/exempt-GPU-99": GOOD_NOTE, "policy.mlstack.dev/exempt-POD-99": GOOD_NOTE };
  const subject = job(undefined, { metadata: { name: "mnist", namespace: "ml", annotations } });

  it.each([
    ["without areas", undefined, ["GPU-99", "POD-99"]],
    ["of other areas", new Set(["GPU"]), ["GPU-99"]],
    ["of all areas", new Set<string>(), []],
  ])("are left alone %s", (_case, areas, ids) => {
    expect(strayAnnotationReports(subject, [rule()], areas).map(({ finding }) => finding.observed)).toEqual(
      ids.map((id) => `an exemption from "${id}", which is no rule`),
    );
  });

  it("are not told as unused", () => {
    expect(told([subject]).filter((line) => line.includes("needed by nothing"))).toEqual([]);
  });
});

describe("exemptions by annotation from an id of several rules", () => {
  const rules = [rule(), rule({ severity: "critical", title: "Another" })];

  it("let pass what is not critical", () => {
    expect(told([job(GOOD_NOTE)], {}, rules).filter((line) => line === FINDING)).toHaveLength(1);
  });
});

describe("exemptions of two objects of one name", () => {
  it("are told apart", () => {
    const needed = job(GOOD_NOTE);
    const props = { ...job(GOOD_NOTE, { good: true }).tree };
    const other = new Subject({ type: "kubernetes:batch/v1:Job", name: "mnist", urn: "urn:other", props });

    expect(told([needed, other])).toEqual([
      "advisory META-04 policy configuration: number of exemptions in force is 1: GPU-04 (ml-platform, until 2027-01-31)",
      `advisory META-01 policy configuration: annotation ${ANNOTATION} of Job ml/mnist is needed by nothing`,
    ]);
  });
});

describe("exemptions by the reviewed file", () => {
  const entry = {
    rule: "GPU-04",
    object: "Job ml/*",
    reason: "waits for the driver of next month",
    owner: "ml-platform",
    until: "2027-01-31",
  };

  it("reach critical rules too", () => {
    expect(told([job(undefined)], { exemptions: [entry] }, [rule({ severity: "critical" })])).toEqual([
      "advisory META-04 policy configuration: number of exemptions in force is 1: GPU-04 (ml-platform, until 2027-01-31)",
    ]);
  });

  it("are for objects by their URN, too", () => {
    expect(told([job(undefined)], { exemptions: [{ ...entry, object: "urn:*" }] })).not.toContain(FINDING);
  });

  it.each([
    ["Job default/mnist", undefined],
    ["Job mnist", "default"],
    ["Job mnist", undefined],
    ["Job default/mnist", "default"],
  ])("know objects of the default namespace as %s, where the object says %s", (object, namespace) => {
    const subject = job(undefined, { metadata: { name: "mnist", ...(namespace === undefined ? {} : { namespace }) } });

    expect(told([subject], { exemptions: [{ ...entry, object }] }).join()).not.toContain("[GPU-04]");
  });

  it("know objects that the API server names by the beginning of their names", () => {
    const subject = job(undefined, { metadata: { generateName: "mnist-", namespace: "ml" } });

    expect(told([subject], { exemptions: [{ ...entry, object: "Job ml/mnist-*" }] }).join()).not.toContain("[GPU-04]");
  });

  it("let pass what can not be decided, where that stops a deployment", () => {
    const waiting = rule({ judge: () => [{ undecidedPath: "spec" }] });
    const rules = { "GPU-04": { undecided: "mandatory" } };

    expect(told([job(undefined)], { exemptions: [entry], rules }, [waiting]).join()).not.toContain("[GPU-04]");
  });

  it("are for no other object", () => {
    expect(told([job(undefined)], { exemptions: [{ ...entry, object: "Job other/*" }] })).toEqual([
      FINDING,
      'advisory META-01 policy configuration: exemption from GPU-04 for "Job other/*" is needed by nothing',
    ]);
  });

  it("are violations once they expired", () => {
    expect(told([job(undefined)], { exemptions: [{ ...entry, until: "2026-11-01" }] })).toEqual([
      'mandatory META-01 policy configuration: until of the exemption from GPU-04 for "Job ml/*" is 2026-11-01, which is over',
      FINDING,
    ]);
  });

  it.each<[string, unknown, string]>([
    ["no list", {}, "policies.exemptions is no list"],
    ["an entry that is no object", ["GPU-04"], "policies.exemptions[0] is no object"],
    ["an unknown rule", [{ ...entry, rule: "GPU-99" }], "policies.exemptions[0].rule is not a rule of this policy"],
    ["a missing owner", [{ ...entry, owner: undefined }], "policies.exemptions[0].owner is absent"],
    [
      "a misspelt field",
      [{ ...entry, expires: "2027" }],
      "policies.exemptions[0].expires is not a field of an exemption",
    ],
  ])("with %s are refused and let nothing pass", (_case, exemptions, problem) => {
    const lines = told([job(undefined)], { exemptions });

    expect(lines).toContain(`mandatory META-03 policy configuration: ${problem}`);
    expect(lines).toContain(FINDING);
  });

  it("without a rule are told so once", () => {
    expect(told([], { exemptions: [{ ...entry, rule: undefined }] })).toEqual([
      "mandatory META-03 policy configuration: policies.exemptions[0].rule is absent",
    ]);
  });
});

describe("patterns of objects", () => {
  it.each([
    ["Job ml/mnist", "Job ml/mnist", true],
    ["Job ml/mnist", "Job ml/mnist-2", false],
    ["Job ml/*", "Job ml/mnist", true],
    ["Job ml/*", "Job other/mnist", false],
    ["*/mnist", "Job ml/mnist", true],
    ["*", "", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "a-c", false],
    ["a*b", "a-c", false],
    ["a*bc*cd", "abcd", false],
    ["ab*bc", "abc", false],
    ["a*b*b", "a-b", false],
  ])("%j fits %j: %s", (pattern, name, expected) => {
    expect(fits(pattern, name)).toBe(expected);
  });

  it("fit in no time, however many stars they have", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a*]{0,60}$/), fc.stringMatching(/^a{0,200}$/), (pattern, name) => {
        const parts = pattern.split("*").join("");
        expect(fits(pattern, name) && pattern.includes("*")).toBe(pattern.includes("*") && parts.length <= name.length);
      }),
    );
  });
});

describe("days", () => {
  it.each([
    ["2026-11-26", "2026-11-26", 0],
    ["2026-11-26", "2026-11-25", -1],
    ["2028-02-28", "2028-03-01", 2],
    ["today", "2026-11-26", undefined],
    ["2026-11-26", "2026-13-01", undefined],
    ["2026-11-26", "tomorrow", undefined],
    ["2026-11-26", "2026-11-31", undefined],
  ])("from %s to %s: %s", (from, to, days) => {
    expect(daysBetween(from, to)).toBe(days);
  });
});
