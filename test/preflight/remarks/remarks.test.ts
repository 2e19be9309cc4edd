import { describe, expect, it } from "vitest";
import { planAssumptions } from "../../../cli/plan/assumptions";
import { planOf } from "../../../preflight/plan";
import { stackOf } from "../pools/written-stack";

const planOfYaml = (...documents: string[]) => planOf(stackOf(documents.join("\n---\n")));
const remarksOf = (...documents: string[]) => planOfYaml(...documents).remarks;

const deployment = (name: string, spec = "", replicas = 1) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ml }
spec: { replicas: ${replicas}, template: { spec: { containers: [{ name: main }], ${spec} } } }`;

describe("objects that are declared more than once", () => {
  it("count once, as they are declared first, and are told with where they are", () => {
    const resources = stackOf([deployment("web", "", 2), deployment("web", "", 5)].join("\n---\n"));
    const { workloads, remarks } = planOf([
      { ...resources[0]!, source: "a.yaml:1" },
      { ...resources[1]!, source: "b.yaml:7" },
    ]);
    expect(workloads.map(({ podSets }) => podSets[0]!.count)).toEqual([2]);
    expect(remarks).toEqual([
      "Deployment ml/web (a.yaml:1 and b.yaml:7) is declared more than once: it counts once, as it is declared first.",
    ]);
  });

  it("are told by their names in the program, and the first of many", () => {
    const twice = ["a", "b", "c", "d", "e"].map((name) => deployment(name));
    const [remark] = remarksOf(...twice, ...twice);
    expect(remark).toBe(
      "Deployment ml/a (a and a), Deployment ml/b (b and b), Deployment ml/c (c and c) and 2 more are declared more than " +
        "once: each counts once, as it is declared first.",
    );
  });

  it("are told by their pools where they are nodes", () => {
    const pool = `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: gpu }
spec:
  limits: { nodes: 3 }
  template:
    spec:
      requirements: [{ key: node.kubernetes.io/instance-type, operator: In, values: [g5.xlarge] }]`;
    const { pools, remarks } = planOfYaml(pool, pool);
    expect(pools.map(({ name, maxNodes }) => [name, maxNodes])).toEqual([["gpu", 3]]);
    expect(remarks).toEqual([]);
  });

  it("are several objects where the stack has several clusters", () => {
    const clusters = ["a", "b"].map((name) => `{ resource: "aws:eks/cluster:Cluster", name: ${name}, inputs: {} }`);
    const { workloads, remarks } = planOfYaml(...clusters, deployment("web"), deployment("web"));
    expect([workloads.length, remarks]).toEqual([2, []]);
    expect(planOfYaml(clusters[0]!, deployment("web"), deployment("web")).workloads).toHaveLength(1);
  });

  it("are objects without a namespace as well", () => {
    const high = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: high }\nvalue: 5";
    expect(remarksOf(high, high)).toEqual([
      "PriorityClass high (high and high) is declared more than once: it counts once, as it is declared first.",
    ]);
  });

  it("are not those of another kind, group, namespace or name, or those whose name is made up", () => {
    const made = deployment("web").replace("name: web", "generateName: web-");
    expect(
      remarksOf(
        deployment("web"),
        deployment("api"),
        deployment("web").replace("namespace: ml", "namespace: other"),
        deployment("web").replace("Deployment", "ReplicaSet"),
        made,
        made,
      ),
    ).toEqual([]);
  });
});

describe("pods that are planned in another way than they are placed", () => {
  it("have scheduling gates", () => {
    const gated = "schedulingGates: [{ name: example.com/approval }]";
    expect(remarksOf(deployment("a", gated), deployment("b"), deployment("c", "schedulingGates: []"))).toEqual([
      "Pods of Deployment ml/a have scheduling gates: they are planned as if nothing held them back.",
    ]);
  });

  it("are for another scheduler", () => {
    expect(
      remarksOf(
        deployment("a", "schedulerName: volcano"),
        deployment("b", "schedulerName: default-scheduler"),
        deployment("c", 'schedulerName: ""'),
      ),
    ).toEqual([
      "Pods of Deployment ml/a are for the scheduler volcano: they are planned as the default scheduler would place them.",
    ]);
    const jobs = ["schedulerName: yunikorn,", "schedulerName: default-scheduler,", ""].map(
      (scheduler, at) => `
apiVersion: batch.volcano.sh/v1alpha1
kind: Job
metadata: { name: j${at}, namespace: ml }
spec: { ${scheduler} tasks: [{ name: w, replicas: 1, template: { spec: { containers: [{ name: main }] } } }] }`,
    );
    expect(remarksOf(...jobs)).toEqual([
      "Pods of Job ml/j0 and Job ml/j2 are for the schedulers yunikorn and volcano: they are planned as the default " +
        "scheduler would place them.",
    ]);
  });

  it("are of runs of which nothing tells whether they overlap", () => {
    const cron = (name: string, spec: string, annotations = "{}") => `
apiVersion: batch/v1
kind: CronJob
metadata: { name: ${name}, namespace: ml, annotations: ${annotations} }
spec: { ${spec} jobTemplate: { spec: { template: { spec: { containers: [{ name: main }] } } } } }`;
    const hourly = 'schedule: "0 * * * *",';
    const told = "{ mlstack.dev/expected-duration: 2h }";
    expect(
      remarksOf(
        cron("a", hourly),
        cron("b", "schedule: often,", told),
        cron("c", hourly, told),
        cron("d", `${hourly} concurrencyPolicy: Forbid,`),
        cron("e", `${hourly} suspend: true,`),
        deployment("f"),
      ),
    ).toEqual(["Whether runs of CronJob ml/a and CronJob ml/b overlap is not known: one run at a time is counted."]);
  });
});

describe("the remarks of a plan", () => {
  it("are among what it takes for granted, after what was said while it was read", () => {
    const plan = planOfYaml(deployment("a", "priorityClassName: high"));
    expect(planAssumptions(plan, ["A chart is not rendered."], "files").ofThis).toEqual([
      "A chart is not rendered.",
      "PriorityClass high is not in the stack: the API server refuses pods that name it unless the cluster has it.",
    ]);
  });
});
