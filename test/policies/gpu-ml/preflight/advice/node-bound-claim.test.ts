import { describe, expect, it } from "vitest";
import { nodeBoundClaim } from "../../../../../policies/gpu-ml/preflight/advice/node-bound-claim";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { object, pyTorchJob, said, undecidedAt } from "../../stack/resources";

function claim(accessModes: unknown = ["ReadWriteOnce"], name: unknown = "models"): TestResource {
  return object("v1", "PersistentVolumeClaim", "models", { spec: { accessModes } }, { name });
}

function mounting(claimName: unknown = "models", rest: object = {}): object {
  return {
    containers: [{ name: "a" }],
    volumes: [
      { name: "tmp", emptyDir: {} },
      { name: "v", persistentVolumeClaim: { claimName } },
    ],
    ...rest,
  };
}

function deployment(replicas: unknown, spec: object = mounting(), name = "chat", metadata: object = {}): TestResource {
  return object("apps/v1", "Deployment", name, { spec: { replicas, template: { spec } } }, metadata);
}

function job(spec: object = mounting(), parallelism: unknown = 1): TestResource {
  return object("batch/v1", "Job", "load", { spec: { parallelism, template: { spec } } });
}

const PATH = "spec.template.spec.volumes[1].persistentVolumeClaim.claimName";

function refusal(title: string, users: string, path = PATH): string {
  return (
    `advisory [ADV-03] ${title}: ${path} is PersistentVolumeClaim ml/models, which one node at a time can mount ` +
    `(spec.accessModes), used by ${users}; allowed: a ReadWriteMany claim, or pods that are kept on one node. Claim a ` +
    "volume that several nodes can mount, or keep the pods together by a pod affinity."
  );
}

describe("ADV-03 claims of one node", () => {
  it.each<[string, TestResource[]]>([
    ["one pod", [claim(), deployment(1)]],
    ["several pods of a claim that several nodes can mount", [claim(["ReadWriteMany"]), deployment(2)]],
    ["a claim with both modes", [claim(["ReadWriteOnce", "ReadOnlyMany"]), deployment(2)]],
    ["a claim without modes", [claim([]), deployment(2)]],
    ["a claim that the stack does not have", [claim(undefined, "other"), deployment(2)]],
    ["a claim of another namespace", [claim(), deployment(2, mounting(), "chat", { namespace: "other" })]],
    ["jobs that may run one after another", [claim(), job(), { ...job(), name: "b" }]],
    ["several pods of a training job, which ML-12 tells", [claim(), pyTorchJob(2, 1, mounting())]],
    ["pods that go where others are", [claim(), deployment(2, mounting("models", { affinity: { podAffinity: {} } }))]],
    ["pods of one node by its name", [claim(), deployment(2, mounting("models", { nodeName: "a" }))]],
    ["no pods", [claim(), deployment(0), deployment(1, mounting(), "b")]],
    ["volumes of other kinds", [claim(), deployment(2, { containers: [], volumes: [{ name: "a", emptyDir: {} }] })]],
    [
      "a DaemonSet, whose pods are one a node",
      [claim(), object("apps/v1", "DaemonSet", "a", { spec: { template: { spec: mounting() } } })],
    ],
    [
      "one pod that mounts a claim twice",
      [
        claim(),
        deployment(
          1,
          mounting("models", {
            volumes: [1, 2].map(() => ({ name: "a", persistentVolumeClaim: { claimName: "models" } })),
          }),
        ),
      ],
    ],
    ["a stack without claims", [deployment(2)]],
    ["one pod whose claim is not known", [claim(), deployment(1, mounting(UNKNOWN_STRING))]],
  ])("accepts %s", (_case, resources) => {
    expect(said(nodeBoundClaim, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string[]]>([
    ["several pods of a Deployment", [claim(), deployment(2)], [refusal("Deployment ml/chat", "2 pods")]],
    ["a claim of one pod", [claim(["ReadWriteOncePod"]), deployment(3)], [refusal("Deployment ml/chat", "3 pods")]],
    [
      "two objects that are there at all times",
      [claim(), deployment(1), deployment(1, mounting(), "board")],
      [refusal("Deployment ml/board", "Deployment ml/chat as well")],
    ],
    [
      "a job beside a Deployment",
      [claim(), deployment(1), job()],
      [refusal("Job ml/load", "Deployment ml/chat as well")],
    ],
    [
      "a Deployment beside a job",
      [claim(), job(), deployment(1)],
      [refusal("Deployment ml/chat", "Job ml/load as well")],
    ],
    [
      "several pods beside another object",
      [claim(), deployment(2), job()],
      [refusal("Deployment ml/chat", "2 pods"), refusal("Job ml/load", "Deployment ml/chat as well")],
    ],
    [
      "a notebook beside a Deployment",
      [
        claim(),
        deployment(1),
        object("kubeflow.org/v1", "Notebook", "n", { spec: { template: { spec: mounting() } } }),
      ],
      [refusal("Notebook ml/n", "Deployment ml/chat as well")],
    ],
    [
      "pods of a Spark application",
      [
        claim(),
        object("sparkoperator.k8s.io/v1beta2", "SparkApplication", "s", {
          spec: {
            volumes: [{ name: "v", persistentVolumeClaim: { claimName: "models" } }],
            executor: { instances: 3, volumeMounts: [{ name: "v", mountPath: "/v" }] },
            driver: {},
          },
        }),
      ],
      [refusal("SparkApplication ml/s", "3 pods", "spec.volumes[0].persistentVolumeClaim.claimName")],
    ],
  ])("refuses %s", (_case, resources, messages) => {
    expect(said(nodeBoundClaim, resources)).toEqual(messages);
  });

  it.each<[string, TestResource[]]>([
    ["the affinity", [claim(), deployment(2, mounting("models", { affinity: UNKNOWN_STRING }))]],
    ["the node", [claim(), deployment(2, mounting("models", { nodeName: UNKNOWN_STRING }))]],
    ["the modes", [claim(UNKNOWN_STRING), deployment(2)]],
    ["one mode", [claim([UNKNOWN_STRING]), deployment(2)]],
    ["how many pods there are", [claim(), deployment(UNKNOWN_STRING)]],
    ["the claim", [claim(), deployment(2, mounting(UNKNOWN_STRING))]],
    ["the name of the claim", [claim(["ReadWriteOnce"], UNKNOWN_STRING), deployment(2)]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(nodeBoundClaim, resources)).toEqual([undecidedAt(nodeBoundClaim, "Deployment ml/chat", PATH)]);
  });
});
