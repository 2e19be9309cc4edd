import { describe, expect, it } from "vitest";
import { placement } from "../../../../../policies/gpu-ml/preflight/proofs/placement";
import { plannedStackOf } from "../../../../../policies/gpu-ml/preflight/proofs/stack-plan";
import { job, UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { container, object, pod, poolGroup, pyTorchJob, said, subjectOf, undecidedAt } from "../../stack/resources";

const POOL = poolGroup("train", "g5.xlarge", 2);

/** What is said of a set of pods that never runs, before and behind the proof's own reason. */
function refusal(title: string, path: string): [start: string, end: string] {
  return [
    `mandatory [PLACE-01] ${title}: ${path} is that of pods which never run: `,
    "; allowed: what a pool of the stack can take. Change the pods or the pool; `mlstack plan` tells more.",
  ];
}

function asking(cpu: unknown, spec: object = {}): TestResource {
  return pod(undefined, { containers: [{ name: "a", resources: { requests: { cpu } } }], ...spec });
}

function workflow(cpu: unknown): TestResource {
  const templates = [{ name: "main", container: { image: "a", resources: { requests: { cpu } } } }];
  return object("argoproj.io/v1alpha1", "Workflow", "wf", { spec: { entrypoint: "main", templates } });
}

const RUNTIME = object(
  "trainer.kubeflow.org/v1alpha1",
  "ClusterTrainingRuntime",
  "torch",
  {
    spec: {
      template: {
        spec: {
          replicatedJobs: [
            {
              name: "node",
              template: {
                metadata: { labels: { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" } },
                spec: { template: { spec: { containers: [{ name: "node", image: "a" }] } } },
              },
            },
          ],
        },
      },
    },
  },
  { namespace: undefined },
);

function trainJob(cpu: unknown): TestResource {
  return object("trainer.kubeflow.org/v1alpha1", "TrainJob", "bert", {
    spec: { runtimeRef: { name: "torch" }, trainer: { numNodes: 1, resourcesPerNode: { requests: { cpu } } } },
  });
}

describe("PLACE-01 pools that can take the pods", () => {
  it.each<[string, TestResource[]]>([
    ["pods that a pool takes", [POOL, asking(2)]],
    [
      "pods that wait for others",
      [
        POOL,
        object("apps/v1", "Deployment", "a", {
          spec: { replicas: 9, template: { spec: { containers: [container(1)] } } },
        }),
      ],
    ],
    ["a stack without pools", [asking(800)]],
    [
      "a stack of components only",
      [{ type: "mlstack:index:GpuNodePool", props: { shape: { name: "a" } } }, asking(800)],
    ],
    ["hidden nodes", [POOL, { type: "aws:autoscaling/group:Group", props: {} }, asking(800)]],
    ["objects without pods", [POOL, object("v1", "ConfigMap", "a")]],
  ])("accepts %s", (_case, resources) => {
    expect(said(placement, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], [start: string, end: string]]>([
    ["pods too large for the machines", [POOL, asking(8)], refusal("Pod ml/chat", "spec")],
    [
      "jobs whose pods are",
      [POOL, job({ resources: { requests: { memory: "1Ti" } } })],
      refusal("Job ml/mnist", "spec.template.spec"),
    ],
    [
      "gangs larger than the pool",
      [POOL, pyTorchJob(3, 1)],
      refusal("PyTorchJob ml/bert", "spec.pytorchReplicaSpecs.Worker.template.spec"),
    ],
    ["pods that are written as no template", [POOL, workflow(8)], refusal("Workflow ml/wf", "spec.templates[0]")],
    ["pods whose runtime is not at hand", [POOL, trainJob(8)], refusal("TrainJob ml/bert", "spec.trainer")],
    [
      "pods that a runtime describes",
      [POOL, RUNTIME, trainJob(8)],
      refusal("TrainJob ml/bert", "spec.runtimeRef#spec.template.spec.replicatedJobs[0].template.spec.template.spec"),
    ],
  ])("refuses %s", (_case, resources, [start, end]) => {
    const reasons = plannedStackOf(resources.map(subjectOf)).plan.proofs.map(({ reason }) => reason);

    expect(said(placement, resources)).toEqual(reasons.map((reason) => `${start}${reason}${end}`));
    expect(reasons).toHaveLength(1);
  });

  it("leaves out what runs on nodes outside the stack", () => {
    const config = (allow: string[]) => ({ stack: { rules: { "PLACE-01": { level: "mandatory", allow } } } });

    expect(said(placement, [POOL, asking(8)], config(["ml/cha*"]))).toEqual([]);
    expect(said(placement, [POOL, asking(8)], config(["ml/other"]))).toHaveLength(1);
  });

  it("leaves to the plan what no update will tell, such as a type of machine that is in no table", () => {
    const resources = [poolGroup("train", "x9.mega", 2), asking(2)];

    expect(plannedStackOf(resources.map(subjectOf)).plan.proofs.map(({ verdict }) => verdict)).toEqual(["undecided"]);
    expect(said(placement, resources)).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    ["the machines of a pool", poolGroup("train", UNKNOWN_STRING, 2), "instanceTypes"],
    ["the size of a pool", poolGroup("train", "g5.xlarge", UNKNOWN_STRING), "scalingConfig.maxSize"],
    ["the taints of a pool", poolGroup("train", "g5.xlarge", 2, { taints: UNKNOWN_STRING }), "taints"],
  ])("cannot decide without knowing %s", (_case, pool, path) => {
    expect(said(placement, [pool, asking(2)])).toEqual([undecidedAt(placement, "NodeGroup train", path)]);
  });

  it("cannot decide without knowing what pods ask for", () => {
    expect(said(placement, [POOL, asking(2, { nodeSelector: UNKNOWN_STRING })])).toEqual([
      undecidedAt(placement, "Pod ml/chat", "spec.nodeSelector"),
    ]);
  });
});
