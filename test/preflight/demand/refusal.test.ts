import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { workloadsOf } from "../../../preflight/demand";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { proofsOf } from "../../../preflight/placement";
import { pool } from "../placement/stack";
import { stackOf } from "../pools/written-stack";

const object = (apiVersion: string, kind: string, spec: Tree): PlannedResource => ({
  type: `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`,
  name: "it",
  urn: "urn:it",
  properties: { apiVersion, kind, metadata: { name: "it", namespace: "ml" }, spec },
});

const refusalsOf = (...resources: PlannedResource[]) =>
  workloadsOf(resources).flatMap(({ podSets }) => podSets.map(({ refusal }) => refusal));

const template = (resources: TreeObject = {}): TreeObject => ({ spec: { containers: [{ name: "main", resources }] } });

describe("pods that the API server refuses", () => {
  it("are told with the path of the field inside the object", () => {
    const asked = template({ requests: { cpu: "banana" } });
    expect(refusalsOf(object("apps/v1", "Deployment", { template: asked }))).toEqual([
      {
        kind: "field",
        path: "spec.template.spec.containers[0].resources.requests.cpu",
        why: '"banana" is no quantity',
      },
    ]);
  });

  it("never run, and no pool is asked", () => {
    const asked = template({ limits: { "nvidia.com/gpu": "0.5" } });
    const workloads = workloadsOf([object("apps/v1", "Deployment", { replicas: 2, template: asked })]);
    for (const pools of [[], [pool({ name: "a", gpus: 8 })]]) {
      expect(proofsOf(workloads, pools)).toMatchObject([
        {
          verdict: "never",
          atOnce: 0,
          reason:
            'the API server refuses it: spec.template.spec.containers[0].resources.limits["nvidia.com/gpu"]: "0.5" is no ' +
            "whole number, and there are no parts of nvidia.com/gpu",
        },
      ]);
    }
  });

  it("keep those of their gang from running", () => {
    const [job] = stackOf(`
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Master: { replicas: 1, template: { spec: { containers: [{ name: pytorch }] } } }
    Worker: { replicas: -1, template: { spec: { containers: [{ name: pytorch }] } } }
`);
    const proofs = proofsOf(workloadsOf([job!]), [pool({ name: "a" })]);
    expect(proofs.map(({ title, verdict, reason }) => [title, verdict, reason])).toEqual([
      ["PyTorchJob ml/bert Master", "never", "needs PyTorchJob ml/bert Worker, which can never run"],
      [
        "PyTorchJob ml/bert Worker",
        "never",
        "the API server refuses it: spec.pytorchReplicaSpecs.Worker.replicas: -1 is below 0",
      ],
    ]);
  });

  it("are none while a variable stands in place of an amount", () => {
    const spec = { entrypoint: "main", templates: [{ name: "main", container: { resources: { requests: {} } } }] };
    const requests: TreeObject = { cpu: "{{inputs.parameters.cpus}}" };
    const workflow = {
      ...spec,
      templates: [{ name: "main", container: { name: "main", resources: { requests } } }],
    };
    expect(refusalsOf(object("argoproj.io/v1alpha1", "Workflow", workflow))).toEqual([undefined]);
  });

  it("are none of a kind that nobody knows", () => {
    const asked = template({ requests: { cpu: "banana" } });
    expect(refusalsOf(object("example.com/v1", "Thing", { template: asked, replicas: -1 }))).toEqual([undefined]);
  });
});

describe("a number of pods", () => {
  const jobSet = (jobs: Tree): Tree => ({ replicatedJobs: [{ name: "w", template: { spec: template() } }, jobs] });

  it.each<[string, string, Tree, Record<string, string> | undefined]>([
    ["apps/v1", "Deployment", { replicas: -3 }, { path: "spec.replicas", why: "-3 is below 0" }],
    ["apps/v1", "StatefulSet", { replicas: 2.5 }, { path: "spec.replicas", why: "2.5 is no whole number" }],
    ["apps/v1", "ReplicaSet", { replicas: "3" }, { path: "spec.replicas", why: '"3" is no number' }],
    ["v1", "ReplicationController", { replicas: true }, { path: "spec.replicas", why: "true is no number" }],
    ["batch/v1", "Job", { parallelism: -1 }, { path: "spec.parallelism", why: "-1 is below 0" }],
    ["batch/v1", "Job", { completions: "9" }, { path: "spec.completions", why: '"9" is no number' }],
    ["apps/v1", "Deployment", { replicas: 3 }, undefined],
    ["apps/v1", "Deployment", { replicas: null }, undefined],
    ["apps/v1", "Deployment", { replicas: UNKNOWN }, undefined],
    ["apps/v1", "Deployment", { replicas: "${REPLICAS}" }, undefined],
  ])("of a %s %s that is %j", (apiVersion, kind, spec, refusal) => {
    const given = object(apiVersion, kind, { ...(spec as TreeObject), template: template() });
    expect(refusalsOf(given)).toEqual([refusal === undefined ? undefined : { kind: "field", ...refusal }]);
  });

  it("is looked for in every object around the pods", () => {
    const cron = object("batch/v1", "CronJob", { jobTemplate: { spec: { parallelism: -2, template: template() } } });
    expect(refusalsOf(cron)).toEqual([
      { kind: "field", path: "spec.jobTemplate.spec.parallelism", why: "-2 is below 0" },
    ]);
    const wrong = jobSet({ name: "v", replicas: -1, template: { spec: { template: template() } } });
    expect(refusalsOf(object("jobset.x-k8s.io/v1alpha2", "JobSet", wrong))).toEqual([
      { kind: "field", path: "spec.replicatedJobs[1].replicas", why: "-1 is below 0" },
    ]);
  });

  it("inside the pods themselves is none", () => {
    const odd: Tree = { spec: { containers: [], replicas: -1 }, completions: -1 };
    expect(refusalsOf(object("apps/v1", "Deployment", { template: odd }))).toEqual([undefined]);
  });
});

describe("a quota of amounts", () => {
  const quota = (...spellings: string[]) =>
    object("v1", "ResourceQuota", { hard: Object.fromEntries(spellings.map((spelling) => [spelling, "100"])) });
  const path = (rest: string) => `spec.template.spec.containers[0].resources.${rest}`;
  const why = (amount: string) => `a quota of namespace ml bounds ${amount}, so that every container must say it`;
  const full = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } };

  it.each<[string, TreeObject, string | undefined, string]>([
    ["limits.cpu", { requests: { cpu: "1" } }, "limits.cpu", "limits.cpu"],
    ["limits.memory", {}, "limits.memory", "limits.memory"],
    ["requests.cpu", {}, "requests.cpu", "requests.cpu"],
    ["cpu", {}, "requests.cpu", "requests.cpu"],
    ["memory", { limits: { cpu: "1" } }, "requests.memory", "requests.memory"],
    ["requests.cpu", { limits: { cpu: "1" } }, undefined, "a limit stands for it"],
    ["limits.cpu", full, undefined, "all is stated"],
    ["limits.cpu", { limits: UNKNOWN }, undefined, "it is not known"],
    ["requests.nvidia.com/gpu", {}, undefined, "devices may be left out"],
    ["pods", {}, undefined, "pods are counted"],
  ])("of %s refuses %j: %s (%s)", (spelling, resources, amount) => {
    const expected = amount === undefined ? undefined : { kind: "field", path: path(amount), why: why(amount) };
    const pods = object("apps/v1", "Deployment", { template: template(resources) });
    expect(refusalsOf(quota(spelling), pods)).toEqual([expected]);
  });

  it("asks each container, those that come first too, where the pod as a whole says nothing", () => {
    const containers = [{ name: "a", resources: full }, { name: "b" }];
    const pods = (spec: TreeObject) => object("batch/v1", "Job", { template: { spec } });
    const refused = (spec: TreeObject) => refusalsOf(quota("limits.cpu"), pods(spec))[0];
    expect(refused({ containers })).toMatchObject({ path: "spec.template.spec.containers[1].resources.limits.cpu" });
    expect(refused({ containers, resources: full })).toBeUndefined();
    const first = { initContainers: [{ name: "c" }], containers: [{ name: "a", resources: full }] };
    expect(refused(first)).toMatchObject({ path: "spec.template.spec.initContainers[0].resources.limits.cpu" });
  });

  it("asks nothing of pods to which a LimitRange or an operator may add amounts", () => {
    const defaults = { limits: [{ type: "Container", default: { cpu: "1" } }] };
    const pods = object("apps/v1", "Deployment", { template: template() });
    expect(refusalsOf(quota("limits.cpu"), object("v1", "LimitRange", defaults), pods)).toEqual([undefined]);
    const ofOperator = object("example.com/v1", "Widget", { template: template() });
    expect(refusalsOf(quota("limits.cpu"), ofOperator)).toEqual([undefined]);
  });

  it("of other namespaces is none of theirs", () => {
    const other = quota("limits.cpu");
    const elsewhere = { ...other, properties: { ...other.properties, metadata: { name: "it", namespace: "web" } } };
    const pods = object("apps/v1", "Deployment", { template: template() });
    expect(refusalsOf(elsewhere, pods)).toEqual([undefined]);
  });
});
