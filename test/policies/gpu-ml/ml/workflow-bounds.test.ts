import { describe, expect, it } from "vitest";
import { workflowBounds } from "../../../../policies/gpu-ml/ml/workflow-bounds";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, workflow } from "./objects";

const bounded = (spec: object = {}, kind?: string) => workflow({ activeDeadlineSeconds: 60, ...spec }, kind);
const retried = (retryStrategy: unknown) => bounded({ templates: [{ name: "main", retryStrategy, container: {} }] });
const fanned = (step: object, template: object = {}, spec: object = {}) =>
  bounded({ ...spec, templates: [{ name: "main", steps: [[{ name: "a", template: "b", ...step }]], ...template }] });

const endless = (path: string) =>
  `advisory [ML-04] Workflow ml/it: ${path} is absent, so that there is no end of retries; allowed: a number of ` +
  "retries. Set a limit, for example 3.";
const unbounded = (field: string, most = 20) =>
  `advisory [ML-04] Workflow ml/it: spec.templates[0].steps[0][0].${field} is a step for each item, all at once; allowed: ` +
  `at most ${most} items without a parallelism of the template or the workflow. Set spec.templates[0].parallelism.`;
const many = (count: number) => Array.from({ length: count }, (_item, index) => index);

describe("ML-04 bounds of workflows", () => {
  it.each([
    ["a deadline", bounded()],
    ["a workflow from a template", workflow({ workflowTemplateRef: { name: "train" } })],
    ["a template", workflow({}, "WorkflowTemplate")],
    ["a limit of retries", retried({ limit: 0 })],
    ["a condition for retries", retried({ expression: "lastRetry.exitCode != 1", limit: UNKNOWN_STRING })],
    ["a time for retries", retried({ backoff: { maxDuration: "1h" } })],
    ["null for retries", retried(null)],
    ["steps without items", fanned({})],
    ["as many items as may run", fanned({ withItems: many(20) })],
    ["as long a sequence", fanned({ withSequence: { count: "20" } })],
    ["a sequence by its ends", fanned({ withSequence: { start: 1, end: "20" } })],
    ["a sequence from the start", fanned({ withSequence: { end: 19 } })],
    ["a parallelism of the template", fanned({ withParam: "{{x}}" }, { parallelism: 2 })],
    ["a parallelism of the workflow", fanned({ withParam: "{{x}}" }, {}, { parallelism: 2 })],
    ["null for items", fanned({ withParam: null })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(workflowBounds, resource)).toEqual([]);
  });

  it.each([undefined, null])("refuses %s for a deadline", (activeDeadlineSeconds) => {
    expect(judged(workflowBounds, workflow({ activeDeadlineSeconds }))).toEqual([
      "advisory [ML-04] Workflow ml/it: spec.activeDeadlineSeconds is absent; allowed: seconds after which the workflow " +
        "is ended. Set it to a few times what the workflow takes.",
    ]);
  });

  it.each([
    ["no limit", {}],
    ["null for a limit", { limit: null }],
    ["an empty condition", { expression: "" }],
    ["a backoff without end", { backoff: { duration: "1s" } }],
  ])("refuses retries with %s", (_case, strategy) => {
    expect(judged(workflowBounds, retried(strategy))).toEqual([endless("spec.templates[0].retryStrategy.limit")]);
  });

  it("refuses endless retries of the workflow and of the defaults", () => {
    const spec = { retryStrategy: {}, templateDefaults: { retryStrategy: {} } };

    expect(judged(workflowBounds, bounded(spec))).toEqual([
      endless("spec.retryStrategy.limit"),
      endless("spec.templateDefaults.retryStrategy.limit"),
    ]);
  });

  it.each([
    ["more items", "withItems", many(21)],
    ["a list of the run", "withParam", "{{inputs.parameters.list}}"],
    ["a longer sequence", "withSequence", { count: 21 }],
    ["a longer sequence by its ends", "withSequence", { start: 30, end: 10 }],
    ["a sequence of the run", "withSequence", { count: "{{x}}" }],
    ["a sequence to the end of the run", "withSequence", { start: 1, end: "{{x}}" }],
    ["a sequence without end", "withSequence", {}],
  ])("refuses a step for %s", (_case, field, value) => {
    expect(judged(workflowBounds, fanned({ [field]: value }))).toEqual([unbounded(field)]);
  });

  it("refuses null for a parallelism", () => {
    expect(judged(workflowBounds, fanned({ withParam: "x" }, { parallelism: null }, { parallelism: null }))).toEqual([
      unbounded("withParam"),
    ]);
  });

  it("has as many items at once as configuration says", () => {
    const two = fanned({ withItems: many(2) });

    expect(judged(workflowBounds, two, { items: 1 })).toEqual([unbounded("withItems", 1)]);
    expect(judged(workflowBounds, two, { items: 2 })).toEqual([]);
    const parameter = workflowBounds.parameters.items;
    expect([1, 0, 1.5, "1"].map((value) => parameter.accepts(value))).toEqual([true, false, false, false]);
  });

  it.each([
    ["the deadline", workflow({ activeDeadlineSeconds: UNKNOWN_STRING }), "spec.activeDeadlineSeconds"],
    ["how steps are retried", retried(UNKNOWN_STRING), "spec.templates[0].retryStrategy"],
    ["the limit", retried({ limit: UNKNOWN_STRING }), "spec.templates[0].retryStrategy.limit"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(workflowBounds, resource)).toEqual([notKnown(workflowBounds, "Workflow ml/it", path)]);
  });
});
