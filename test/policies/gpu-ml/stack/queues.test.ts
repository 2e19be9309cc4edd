import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../components/model";
import { queueLabelOf, queuesOf } from "../../../../policies/gpu-ml/stack/queues";
import type { QueueCeiling } from "../../../../preflight/demand";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { clusterQueue, object, quota, subjectOf } from "./resources";

const GPU = "nvidia.com/gpu";
const LABEL = "kueue.x-k8s.io/queue-name";

function queue(name: string, gpus: unknown, limits: object = {}, spec: object = { cohortName: "all" }): TestResource {
  return clusterQueue(name, [quota(GPU, gpus, limits)], spec);
}

function flavors(...list: [name: unknown, resource: string, amount: unknown][]): TestResource {
  const resourceGroups = [
    { flavors: list.map(([name, resource, amount]) => ({ name, resources: [quota(resource, amount)] })) },
  ];
  return object("kueue.x-k8s.io/v1beta2", "ClusterQueue", "a", { spec: { resourceGroups } });
}

const none = {};

describe("the most that a queue can have", () => {
  it.each<[string, TestResource[], QueueCeiling]>([
    ["its quota", [queue("a", 4, {}, none), queue("b", 8, {}, none)], 4],
    ["the quotas of its cohort", [queue("a", 4), queue("b", 8)], 12],
    ["what it may borrow", [queue("a", 4, { borrowingLimit: 2 }), queue("b", 8)], 6],
    ["what there is to borrow", [queue("a", 4, { borrowingLimit: 20 }), queue("b", 8)], 12],
    ["what others lend", [queue("a", 4), queue("b", 8, { lendingLimit: 1 })], 5],
    ["a cohort without name, which is none", [queue("a", 4, {}, { cohort: "" }), queue("b", 8, {}, { cohort: "" })], 4],
    ["a cohort that is no text", [queue("a", 4, {}, { cohort: 5 }), queue("b", 8, {}, { cohort: 5 })], 4],
    ["a cohort by its former name", [queue("a", 4, {}, { cohort: "all" }), queue("b", 8)], 12],
    ["a quota that is not known yet", [queue("a", UNKNOWN_STRING)], UNKNOWN],
    ["a cohort that is not known yet", [queue("a", 4, {}, { cohortName: UNKNOWN_STRING })], UNKNOWN],
    ["a queue that may be of its cohort", [queue("a", 4), queue("b", 8, {}, { cohortName: UNKNOWN_STRING })], UNKNOWN],
    ["queues of other cohorts", [queue("a", 4, {}, none), queue("b", 8, {}, { cohortName: UNKNOWN_STRING })], 4],
    ["a loan that is not known yet", [queue("a", 4, { borrowingLimit: 2 }), queue("b", UNKNOWN_STRING)], UNKNOWN],
    ["a limit that is not known yet", [queue("a", 4, { borrowingLimit: UNKNOWN_STRING }), queue("b", 8)], UNKNOWN],
    ["a cohort with quotas of its own", [queue("a", 4), cohort({ resourceGroups: [] })], undefined],
    ["a cohort that adds nothing", [queue("a", 4), cohort({})], 4],
    ["all its flavors", [flavors(["x", GPU, 2], ["y", GPU, 3])], 5],
    ["no flavor of the resource", [flavors(["x", "cpu", 2])], undefined],
    ["a flavor that is not known yet", [flavors(["x", GPU, 2], [UNKNOWN_STRING, GPU, 3])], UNKNOWN],
    ["such a flavor of another resource", [flavors(["x", GPU, 2], [UNKNOWN_STRING, "cpu", 3])], 2],
    ["a resource that is not known yet", [flavors(["x", GPU, 2], ["y", UNKNOWN_STRING, 3])], UNKNOWN],
  ])("is %s", (_case, resources, ceiling) => {
    const subjects = resources.map(subjectOf);
    const [first] = subjects;

    expect(first && queuesOf(subjects).ceilings.ceilingOf(first.tree, GPU)).toBe(ceiling);
  });
});

describe("the label of a queue", () => {
  it.each<[string, object]>([
    ["spec.jobTemplate.metadata.labels", { jobTemplate: { metadata: { labels: { [LABEL]: "night" } } } }],
    ["spec.workflowMetadata.labels", { workflowMetadata: { labels: { [LABEL]: "night" } } }],
  ])("is found at %s", (path, spec) => {
    const subject = subjectOf(object("batch/v1", "CronJob", "a", { spec }));
    const template = { metadata: {}, spec: {} };
    const pods = { path: "spec", count: 1, minCount: 1, template, spec: {} };
    expect(queueLabelOf(subject, pods)).toEqual({ path: `${path}["${LABEL}"]`, name: "night", isThere: true });
  });
});

function cohort(spec: object): TestResource {
  return object("kueue.x-k8s.io/v1beta2", "Cohort", "all", { spec }, { namespace: undefined });
}
