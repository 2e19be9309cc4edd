import { describe, expect, it } from "vitest";
import { isUnknown, pathInPodSet } from "../../../components/model";
import { policiesOf } from "../../../policies/engine/family";
import { podValue } from "../../../policies/engine/pods";
import {
  PROFILES,
  undecided,
  type ResourceRule,
  type RuleFacts,
  type StackRule,
  type Violation,
} from "../../../policies/engine/rule";
import { analyze, analyzeStack, job, lines, rawViolations, type TestResource } from "../analyzer";

const violation: Violation = { path: "spec", observed: "there", allowed: "nothing", remedy: "Remove it." };

function facts(id: string): RuleFacts {
  return {
    id,
    title: `Rule ${id} holds`,
    why: "Because.",
    remediation: "Mend it.",
    url: "https://example.com/",
    severity: "low",
    level: "mandatory",
    family: "pod",
    parameters: {},
    examples: { bad: "", good: "" },
  };
}

function rule(id: string, change: Partial<ResourceRule> = {}): ResourceRule {
  return { ...facts(id), judge: () => [violation], ...change };
}

function failingRule(id: string): ResourceRule {
  return rule(id, {
    *judge() {
      yield violation;
      throw new TypeError("cannot read hunter2");
    },
  });
}

function stackRule(id: string): StackRule {
  return { ...facts(id), judgeStack: (subjects) => subjects.map((subject) => [subject, violation]) };
}

const STACK = { type: "pulumi:pulumi:Stack", name: "test-dev", props: {} };

describe("policiesOf", () => {
  it("makes one policy per family, and one for the stack", () => {
    const rules = [rule("A-1"), rule("A-2"), rule("B-1", { family: "gpu" }), stackRule("A-3")];

    expect(policiesOf(rules).map(({ name }) => name)).toEqual(["pod", "gpu", "stack"]);
  });

  it("says what each policy judges", () => {
    const [stack] = policiesOf([]);
    const [pod] = policiesOf([rule("A-1"), rule("A-2")]);

    expect(stack?.description).toBe("Judges objects beside those that complete them, and exemptions.");
    expect(pod?.description).toBe("Judges A-1 (Rule A-1 holds), A-2 (Rule A-2 holds).");
  });

  it("reports each rule under its own id, level and severity", () => {
    const rules = [rule("A-1", { severity: "critical" }), rule("A-2", { level: "advisory" })];

    expect(analyze(rules, job())).toEqual([
      {
        name: "A-1",
        message: "[A-1] Job ml/mnist: spec is there; allowed: nothing. Remove it.",
        enforcementLevel: "mandatory",
        severity: "critical",
        urn: "urn:pulumi:dev::test::kubernetes:batch/v1:Job::mnist",
      },
      {
        name: "A-2",
        message: "[A-2] Job ml/mnist: spec is there; allowed: nothing. Remove it.",
        enforcementLevel: "advisory",
        severity: "low",
        urn: "urn:pulumi:dev::test::kubernetes:batch/v1:Job::mnist",
      },
    ]);
  });

  it("reads the properties once, however many rules judge them", () => {
    let reads = 0;
    const props = {
      get spec() {
        reads += 1;
        return {};
      },
    };
    const readSpec = { judge: ({ tree }: Parameters<ResourceRule["judge"]>[0]) => (tree["spec"] ? [] : [violation]) };
    analyze([rule("A-1", readSpec), rule("A-2", readSpec)], { type: "a:b:C", props });

    expect(reads).toBe(1);
  });

  it("gives a version of CrossGuard that knows only text the whole message", () => {
    expect(rawViolations([rule("A-1")], job()).map((violation) => violation.toString())).toEqual([
      "[A-1] Job ml/mnist: spec is there; allowed: nothing. Remove it.",
    ]);
  });

  it("turns a rule that throws into an advisory of its own, and keeps every other finding", () => {
    expect(lines(analyze([failingRule("A-1"), rule("A-2")], job()))).toEqual([
      "mandatory [A-1] Job ml/mnist: spec is there; allowed: nothing. Remove it.",
      "advisory [META-02] Job ml/mnist: verdict of A-1 is missing, because the rule failed (TypeError); " +
        "allowed: a verdict. Report this as a bug of the policy pack, with the object that brings it about.",
      "mandatory [A-2] Job ml/mnist: spec is there; allowed: nothing. Remove it.",
    ]);
  });

  it.each([
    ["a Kubernetes object", job().type, job().props, "Job ml/mnist"],
    [
      "an object without namespace",
      "kubernetes:v1:Node",
      { apiVersion: "v1", kind: "Node", metadata: { name: "a" } },
      "Node a",
    ],
    ["an object without name", "kubernetes:v1:Pod", { apiVersion: "v1", kind: "Pod" }, "Pod it"],
    ["a cloud resource", "aws:eks/nodeGroup:NodeGroup", {}, "NodeGroup it"],
  ])("names %s as its author knows it", (_case, type, props, title) => {
    expect(lines(analyze([rule("A-1")], { type, props }))[0]).toContain(`[A-1] ${title}: `);
  });
});

describe("policy configuration", () => {
  it.each([
    ["a level", { "A-1": "advisory" }, ["advisory"]],
    ["an object with a level", { "A-1": { level: "advisory" } }, ["advisory"]],
    ["a stricter level than the rule's own", { "A-1": "mandatory" }, ["mandatory"]],
    ["disabled", { "A-1": "disabled" }, []],
    ["nothing", {}, ["mandatory"]],
  ])("applies %s", (_case, rules, levels) => {
    const diagnostics = analyze([rule("A-1")], job(), { pod: { rules } });

    expect(diagnostics.map(({ enforcementLevel }) => enforcementLevel)).toEqual(levels);
  });

  it("leaves the level of a mandatory rule to its policy unless the rule has an entry", () => {
    const rules = [rule("A-1"), rule("A-2"), rule("A-3", { level: "advisory" })];
    const config = { pod: { rules: { "A-2": "mandatory" } } };
    const levels = rawViolations(rules, job(), config).map(({ enforcementLevel }) => enforcementLevel);

    expect(levels).toEqual([undefined, "mandatory", "advisory"]);
  });

  const REMEDY = "Correct the policy configuration; until then this entry has no effect.";
  const ENTRY = `"advisory", "mandatory", "remediate", "disabled" or an object with "level" and the rule's parameters`;

  it.each([
    ["an unknown rule", { rules: { "A-9": "advisory" } }, `pod.rules.A-9 is not a rule of this policy; allowed: A-1.`],
    ["an unknown level", { rules: { "A-1": "fatal" } }, `pod.rules.A-1 is "fatal"; allowed: ${ENTRY}.`],
    ["an entry of another type", { rules: { "A-1": 3 } }, `pod.rules.A-1 is 3; allowed: ${ENTRY}.`],
    [
      "an unknown level in an object",
      { rules: { "A-1": { level: "high" } } },
      `pod.rules.A-1.level is "high"; allowed: "advisory", "mandatory", "remediate", "disabled".`,
    ],
    [
      "an unknown parameter",
      { rules: { "A-1": { constructor: 1 } } },
      `pod.rules.A-1.constructor is not a parameter; allowed: "level", "undecided", "size".`,
    ],
    [
      "a parameter of the wrong type",
      { rules: { "A-1": { size: "big" } } },
      `pod.rules.A-1.size is "big"; allowed: a number.`,
    ],
    ["rules that are no object", { rules: ["A-1"] }, `pod.rules is ["A-1"]; allowed: an object by rule id.`],
    [
      "rules without the key around them",
      { "A-1": "disabled" },
      `pod.A-1 is not a setting; allowed: "profile", "rules", "exemptions", "guesses".`,
    ],
  ])("reports %s once, as mandatory, and leaves the rule as it is", (_case, config, problem) => {
    const size = {
      description: "a number",
      default: 1,
      schema: {},
      accepts: (value: unknown) => typeof value === "number",
    };
    const rules = [rule("A-1", { parameters: { size } })];

    expect(lines(analyze(rules, STACK, { pod: config }))[0]).toBe(
      `mandatory [META-03] policy configuration: ${problem} ${REMEDY}`,
    );
    expect(
      analyze(rules, job(), { pod: config }).map(({ name, enforcementLevel }) => [name, enforcementLevel]),
    ).toEqual([["A-1", "mandatory"]]);
  });

  it("reports mistakes in the configuration of a stack policy too", () => {
    const config = { stack: { rules: { "A-1": "fatal" } } };

    expect(lines(analyzeStack([stackRule("A-1")], [], config))).toEqual([
      `mandatory [META-03] policy configuration: stack.rules.A-1 is "fatal"; allowed: ${ENTRY}. ${REMEDY}`,
    ]);
  });

  it("tells Pulumi in a JSON schema what it allows", () => {
    const size = { description: "a number", default: 1, schema: { type: "number" }, accepts: () => true };

    expect(policiesOf([rule("A-1", { parameters: { size } })])[0]!.configSchema!.properties["rules"]).toEqual({
      type: "object",
      description: "Level and parameters by rule id.",
      additionalProperties: false,
      properties: {
        "A-1": {
          description: "Rule A-1 holds",
          type: ["string", "object"],
          pattern: "^(advisory|mandatory|remediate|disabled)$",
          additionalProperties: false,
          properties: {
            level: { type: "string", enum: ["advisory", "mandatory", "remediate", "disabled"] },
            undecided: { type: "string", enum: ["advisory", "mandatory"] },
            size: { type: "number", description: "a number", default: 1 },
          },
        },
      },
    });
  });
});

describe("objects that another one completes", () => {
  const needsUser = rule("A-1", {
    *judge({ pods }) {
      for (const group of pods) {
        const user = podValue(group, "securityContext.runAsNonRoot");
        if (isUnknown(user)) yield undecided("runAsNonRoot");
        else if (user !== true) yield { ...violation, path: "runAsNonRoot" };
      }
    },
  });
  const trainJob: TestResource = {
    type: "kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob",
    name: "bert",
    props: {
      apiVersion: "trainer.kubeflow.org/v1alpha1",
      kind: "TrainJob",
      metadata: { name: "bert", namespace: "ml" },
      spec: { runtimeRef: { kind: "TrainingRuntime", name: "torch" } },
    },
  };
  const runtime = (securityContext: object): TestResource => ({
    type: "kubernetes:trainer.kubeflow.org/v1alpha1:TrainingRuntime",
    name: "torch",
    props: {
      apiVersion: "trainer.kubeflow.org/v1alpha1",
      kind: "TrainingRuntime",
      metadata: { name: "torch", namespace: "ml" },
      spec: {
        template: {
          spec: {
            replicatedJobs: [
              {
                name: "node",
                template: { spec: { template: { spec: { securityContext, containers: [{ name: "node" }] } } } },
              },
            ],
          },
        },
      },
    },
  });
  const ofJob = (messages: string[]) => messages.filter((message) => message.includes("TrainJob ml/bert"));

  it("are not judged for what is absent before the other one is at hand", () => {
    expect(analyze([needsUser], trainJob)).toEqual([]);
  });

  it("are judged beside it, with the stack", () => {
    expect(ofJob(lines(analyzeStack([needsUser], [trainJob, runtime({})])))).toEqual([
      "mandatory [A-1] TrainJob ml/bert: runAsNonRoot is there; allowed: nothing. Remove it.",
    ]);
    expect(ofJob(lines(analyzeStack([needsUser], [trainJob, runtime({ runAsNonRoot: true })])))).toEqual([]);
  });

  it("are left alone where it is in another stack", () => {
    expect(analyzeStack([needsUser], [trainJob])).toEqual([]);
  });

  const object = (apiVersion: string, kind: string, spec: object): TestResource => ({
    type: `kubernetes:${apiVersion}:${kind}`,
    name: "it",
    props: { apiVersion, kind, metadata: { name: "it", namespace: "ml" }, spec },
  });
  const [argo, kserve] = ["argoproj.io/v1alpha1", "serving.kserve.io/v1alpha1"];
  const templates = [{ name: "main", container: { image: "a:1" } }];
  const templateRef = { name: "it", template: "main" };

  it.each<[own: TestResource, other: TestResource]>([
    [
      object(argo, "Workflow", { workflowTemplateRef: { name: "it" } }),
      object(argo, "WorkflowTemplate", { entrypoint: "main", templates }),
    ],
    [
      object(argo, "Workflow", {
        entrypoint: "run",
        templates: [{ name: "run", steps: [[{ name: "a", templateRef }]] }],
      }),
      object(argo, "WorkflowTemplate", { templates }),
    ],
    [
      object("serving.kserve.io/v1beta1", "InferenceService", {
        predictor: { model: { modelFormat: { name: "onnx" } } },
      }),
      object(kserve, "ServingRuntime", {
        supportedModelFormats: [{ name: "onnx", autoSelect: true }],
        containers: [{ name: "kserve-container" }],
      }),
    ],
  ])("may be of any kind that names another one: %#", (own, other) => {
    const { kind } = own.props as { kind: string };
    const ofOwn = (resources: TestResource[]) =>
      lines(analyzeStack([needsUser], resources)).filter((message) => message.includes(` ${kind} ml/it`));
    expect(analyze([needsUser], own)).toEqual([]);
    expect(ofOwn([own])).toEqual([]);
    expect(ofOwn([own, other])).toEqual([
      `mandatory [A-1] ${kind} ml/it: runAsNonRoot is there; allowed: nothing. Remove it.`,
    ]);
  });
});

describe("pods of kinds that are not known", () => {
  const unknownKind: TestResource = {
    type: "kubernetes:example.com/v1:Trainer",
    props: {
      apiVersion: "example.com/v1",
      kind: "Trainer",
      metadata: { name: "it" },
      spec: { pod: { containers: [{ name: "main", image: "mnist" }] } },
    },
  };
  const rules = [
    rule("A-1", {
      *judge({ pods }) {
        for (const group of pods) yield { ...violation, path: pathInPodSet(group, "spec"), fix: [] };
      },
    }),
  ];

  it("are judged, but stop nothing", () => {
    expect(lines(analyze(rules, unknownKind))).toEqual([
      "advisory [A-1] Trainer it: spec.pod is there; allowed: nothing. Remove it.",
    ]);
  });

  it("stop a deployment where configuration says so", () => {
    expect(lines(analyze(rules, unknownKind, { pod: { guesses: "mandatory" } }))).toEqual([
      "mandatory [A-1] Trainer it: spec.pod is there; allowed: nothing. Remove it.",
    ]);
  });
});

describe("a rule that can not decide", () => {
  const waiting = rule("A-1", { judge: () => [{ undecidedPath: "spec" }] });

  it("stops nothing", () => {
    expect(analyze([waiting], job())[0]!.enforcementLevel).toBe("advisory");
  });

  it("stops a deployment where configuration says so", () => {
    const config = { pod: { rules: { "A-1": { undecided: "mandatory" } } } };

    expect(analyze([waiting], job(), config)[0]!.enforcementLevel).toBe("mandatory");
  });
});

describe("profiles", () => {
  it.each([
    [{ severity: "critical", level: "mandatory" }, ["mandatory", "mandatory", "mandatory", "mandatory"]],
    [{ severity: "high", level: "mandatory" }, ["advisory", "mandatory", "mandatory", "mandatory"]],
    [{ severity: "low", level: "advisory" }, ["advisory", "advisory", "advisory", "advisory"]],
    [
      { severity: "low", level: "advisory", levels: { restricted: "mandatory" } },
      ["advisory", "advisory", "mandatory", "mandatory"],
    ],
    [
      { severity: "low", level: "advisory", levels: { prod: "mandatory" } },
      ["advisory", "advisory", "advisory", "mandatory"],
    ],
  ] as const)("give %j the levels %j", (change, levels) => {
    const judged = PROFILES.map((profile) => analyze([rule("A-1", change)], job(), { pod: { profile } })[0]);

    expect(judged.map((diagnostic) => diagnostic?.enforcementLevel)).toEqual(levels);
  });

  it("can switch a rule on that is off by default", () => {
    const off = rule("A-1", { level: "disabled", levels: { prod: "mandatory" } });

    expect(PROFILES.map((profile) => analyze([off], job(), { pod: { profile } }).length)).toEqual([0, 0, 0, 1]);
  });
});

describe("variables that Argo and Katib fill in", () => {
  const workflow = (image: unknown): TestResource => ({
    type: "kubernetes:argoproj.io/v1alpha1:Workflow",
    props: {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: { name: "it" },
      spec: { entrypoint: "main", templates: [{ name: "main", container: { image } }] },
    },
  });

  it("are told as what no policy will see, apart from what the update will", () => {
    const paths = ["spec.templates[0].container.image", "spec.entrypoint"];
    const waiting = rule("A-1", { judge: () => paths.map((undecidedPath) => ({ undecidedPath })) });
    const sentence = 'is not known yet; allowed: a value that keeps "Rule A-1 holds".';

    expect(lines(analyze([waiting], workflow("{{inputs.parameters.image}}")))).toEqual([
      `advisory [A-1] Workflow it: spec.entrypoint ${sentence} It is judged at update, before the object is created.`,
      `advisory [A-1] Workflow it: spec.templates[0].container.image ${sentence} It is filled in when the work runs, ` +
        "where no policy sees it; write it out for it to be judged.",
    ]);
  });
});
