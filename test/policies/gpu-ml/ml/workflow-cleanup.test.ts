import { describe, expect, it } from "vitest";
import type { Violation } from "../../../../policies/engine/rule";
import { Subject } from "../../../../policies/engine/subject";
import { workflowCleanup } from "../../../../policies/gpu-ml/ml/workflow-cleanup";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { judged, notKnown, workflow } from "./objects";

const KEPT = { ttlStrategy: { secondsAfterCompletion: 60 }, podGC: { strategy: "OnPodCompletion" } };
const PARAMETERS = { secondsAfterCompletion: 604_800, podStrategy: "OnWorkflowSuccess" };

const noTtl = (observed: string, path = "spec.ttlStrategy", title = "Workflow ml/it") =>
  `advisory [ML-04] ${title}: ${path} is ${observed}; allowed: a time after which a finished workflow is deleted. ` +
  "Set secondsAfterCompletion; archive workflows that must be kept longer.";
const noStrategy = (path = "spec.podGC.strategy", title = "Workflow ml/it", strategy = "OnWorkflowSuccess") =>
  `advisory [ML-04] ${title}: ${path} is absent, so that no pod is ever deleted before its workflow; allowed: ` +
  "OnPodCompletion, OnPodSuccess, OnWorkflowCompletion, OnWorkflowSuccess. " +
  `Set it to ${strategy}, and archive the logs.`;

function fixesOf({ type, props }: TestResource, parameters = PARAMETERS) {
  const subject = new Subject({ type, name: "it", urn: "", props });
  return [...workflowCleanup.judge(subject, parameters)].map((judgement) => (judgement as Violation).fix);
}

describe("ML-04 leftovers of workflows", () => {
  it.each([
    ["both", workflow(KEPT)],
    ["a time after success", workflow({ ...KEPT, ttlStrategy: { secondsAfterSuccess: 0 } })],
    [
      "a time after failure",
      workflow({ ...KEPT, ttlStrategy: { secondsAfterFailure: 1, secondsAfterSuccess: UNKNOWN_STRING } }),
    ],
    ["a workflow from a template", workflow({ workflowTemplateRef: { name: "train" } })],
    ["a template", workflow({}, "WorkflowTemplate")],
  ])("accepts %s", (_case, resource) => {
    expect(judged(workflowCleanup, resource)).toEqual([]);
  });

  it("refuses a workflow without either", () => {
    expect(judged(workflowCleanup, workflow())).toEqual([noTtl("absent"), noStrategy()]);
    expect(judged(workflowCleanup, workflow({}, "CronWorkflow"))).toEqual([
      noTtl("absent", "spec.workflowSpec.ttlStrategy", "CronWorkflow ml/it"),
      noStrategy("spec.workflowSpec.podGC.strategy", "CronWorkflow ml/it"),
    ]);
  });

  it.each([
    ["a strategy without a time", { ttlStrategy: {} }, noTtl("without a time")],
    ["a time that is no number", { ttlStrategy: { secondsAfterCompletion: "1h" } }, noTtl("without a time")],
    ["null for a time to live", { ttlStrategy: null }, noTtl("absent")],
    ["no strategy for pods", { podGC: {} }, noStrategy()],
    ["null for one", { podGC: { strategy: null } }, noStrategy()],
    ["an empty one", { podGC: { strategy: "" } }, noStrategy()],
  ])("refuses %s", (_case, spec, message) => {
    expect(judged(workflowCleanup, workflow({ ...KEPT, ...spec }))).toEqual([message]);
  });

  it("sets what the parameters say", () => {
    expect(fixesOf(workflow())).toEqual([
      [{ path: "spec.ttlStrategy.secondsAfterCompletion", value: 604_800 }],
      [{ path: "spec.podGC.strategy", value: "OnWorkflowSuccess" }],
    ]);
    const parameters = { secondsAfterCompletion: 60, podStrategy: "OnPodSuccess" };
    expect(fixesOf(workflow(), parameters)).toEqual([
      [{ path: "spec.ttlStrategy.secondsAfterCompletion", value: 60 }],
      [{ path: "spec.podGC.strategy", value: "OnPodSuccess" }],
    ]);
    expect(judged(workflowCleanup, workflow({ ...KEPT, podGC: {} }), parameters)).toEqual([
      noStrategy("spec.podGC.strategy", "Workflow ml/it", "OnPodSuccess"),
    ]);
  });

  it("offers no fix of text", () => {
    const manifest = "{ apiVersion: argoproj.io/v1alpha1, kind: Workflow, spec: { entrypoint: main } }";
    const templates = [{ resource: { action: "create", manifest } }];

    expect(fixesOf(workflow({ ...KEPT, templates }))).toEqual([undefined, undefined]);
  });

  it.each([
    ["secondsAfterCompletion", [0, 1], [-1, 1.5, "1"]],
    ["podStrategy", ["OnPodSuccess", "OnPodCompletion", "OnWorkflowCompletion", "OnWorkflowSuccess"], ["Never", 1]],
  ] as const)("takes only some values for %s", (name, good, bad) => {
    const parameter = workflowCleanup.parameters[name];

    expect([good.map((value) => parameter.accepts(value)), bad.map((value) => parameter.accepts(value))]).toEqual([
      good.map(() => true),
      bad.map(() => false),
    ]);
  });

  it.each([
    ["the time to live", { ttlStrategy: UNKNOWN_STRING }, "spec.ttlStrategy"],
    ["its time", { ttlStrategy: { secondsAfterFailure: UNKNOWN_STRING } }, "spec.ttlStrategy.secondsAfterFailure"],
    ["how pods go", { podGC: UNKNOWN_STRING }, "spec.podGC"],
    ["the strategy", { podGC: { strategy: UNKNOWN_STRING } }, "spec.podGC.strategy"],
  ])("leaves it to the update while %s is not known", (_case, spec, path) => {
    expect(judged(workflowCleanup, workflow({ ...KEPT, ...spec }))).toEqual([
      notKnown(workflowCleanup, "Workflow ml/it", path),
    ]);
  });
});
