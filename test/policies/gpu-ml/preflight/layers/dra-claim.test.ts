import { describe, expect, it } from "vitest";
import { draClaim } from "../../../../../policies/gpu-ml/preflight/layers/dra-claim";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { nodeGroup, object, pod, pyTorchJob, release, said, undecidedAt } from "../../stack/resources";
import { deployment, nodePool } from "./objects";

const PATH = "spec.resourceClaims";
const CLAIMS = [{ name: "gpu", resourceClaimTemplateName: "gpu" }];
const POOL = nodePool("train", ["g5.xlarge"]);

function claiming(claims: unknown = CLAIMS, spec: object = {}): TestResource {
  return pod(undefined, { resourceClaims: claims, ...spec });
}

function karpenter(settings: object): TestResource {
  return release("karpenter", { settings });
}

function controller(value: unknown): TestResource {
  return deployment("karpenter", "x/controller:1.14.1", { env: [{ name: "IGNORE_DRA_REQUESTS", value }] });
}

function refusal(end = "settings.ignoreDRARequests of Karpenter", pools = "pool train"): string {
  return (
    `mandatory [LAY-07] Pod ml/chat: ${PATH} is claims of devices, which Karpenter does not count when it starts nodes of ` +
    `${pools}; allowed: claims on nodes of node groups, or with false in ${end}. Ask for nvidia.com/gpu, or take a ` +
    "managed node group."
  );
}

function standing(replicas: unknown): TestResource {
  return object(
    "karpenter.sh/v1",
    "NodePool",
    "train",
    { spec: { replicas, template: { spec: { requirements: [] } } } },
    { namespace: undefined },
  );
}

describe("LAY-07 claims of devices", () => {
  it.each<[string, TestResource[]]>([
    ["a managed node group", [nodeGroup("train", {}), claiming()]],
    ["a managed node group beside a NodePool", [POOL, nodeGroup("train", {}), claiming()]],
    ["a NodePool that keeps nodes", [standing(1), claiming()]],
    ["a chart that counts claims", [POOL, karpenter({ ignoreDRARequests: false }), claiming()]],
    ["a controller that counts claims", [POOL, controller("false"), claiming()]],
    ["pods without claims", [POOL, pod(1)]],
    ["no claims", [POOL, claiming([])]],
    ["claims that are null", [POOL, claiming(null)]],
    [
      "pods that no pool takes",
      [nodePool("a", ["g5.xlarge"], {}, {}, { a: "b" }), claiming(CLAIMS, { nodeSelector: { a: "c" } })],
    ],
    ["hidden nodes", [POOL, { type: "eks:index:Cluster", props: {} }, claiming()]],
    ["pods of which nothing is known", [POOL, object("v1", "Pod", "chat", { spec: UNKNOWN_STRING })]],
  ])("accepts %s", (_case, resources) => {
    expect(said(draClaim, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["a NodePool", [POOL, claiming()], refusal()],
    ["several", [POOL, nodePool("b", ["g5.xlarge"]), claiming()], refusal(undefined, "pools train, b")],
    ["any claim beside one that is not known", [POOL, claiming([UNKNOWN_STRING, ...CLAIMS])], refusal()],
    [
      "one of two sets of pods",
      [
        POOL,
        object("kubeflow.org/v1", "PyTorchJob", "bert", {
          spec: {
            pytorchReplicaSpecs: {
              Master: { template: { spec: { containers: [] } } },
              Worker: { template: { spec: { containers: [], resourceClaims: CLAIMS } } },
            },
          },
        }),
      ],
      refusal()
        .replace("Pod ml/chat", "PyTorchJob ml/bert")
        .replace(PATH, "spec.pytorchReplicaSpecs.Worker.template.spec.resourceClaims"),
    ],
    ["a NodePool without nodes", [standing(0), claiming()], refusal()],
    [
      "a chart that does not count them",
      [POOL, karpenter({ ignoreDRARequests: true }), claiming()],
      refusal("values.settings.ignoreDRARequests of Release karpenter"),
    ],
    ["a controller that does not", [POOL, controller("true"), claiming()], refusal()],
    [
      "another controller that does",
      [POOL, deployment("x", "x", { env: [{ name: "OTHER", value: "false" }] }), claiming()],
      refusal(),
    ],
    [
      "another chart with such a setting",
      [POOL, release("other", { settings: { ignoreDRARequests: false } }), claiming()],
      refusal(),
    ],
    [
      "workers of a job",
      [POOL, pyTorchJob(2, undefined, { resourceClaims: CLAIMS })],
      refusal()
        .replace("Pod ml/chat", "PyTorchJob ml/bert")
        .replace(PATH, "spec.pytorchReplicaSpecs.Worker.template.spec.resourceClaims"),
    ],
  ])("refuses them on %s", (_case, resources, message) => {
    expect(said(draClaim, resources)).toEqual([message]);
  });

  it.each<[string, TestResource[]]>([
    ["the claims", [POOL, claiming(UNKNOWN_STRING)]],
    ["any claim", [POOL, claiming([UNKNOWN_STRING])]],
    ["the setting of the chart", [POOL, karpenter({ ignoreDRARequests: UNKNOWN_STRING }), claiming()]],
    ["the setting of the controller", [POOL, controller(UNKNOWN_STRING), claiming()]],
    ["how many nodes stay", [standing(UNKNOWN_STRING), claiming()]],
    [
      "the pool",
      [
        nodePool("train", ["g5.xlarge"], {}, {}, { a: "b" }),
        nodeGroup("b", { labels: { a: "c" } }),
        claiming(CLAIMS, { nodeSelector: { a: UNKNOWN_STRING } }),
      ],
    ],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(draClaim, resources)).toEqual([undecidedAt(draClaim, "Pod ml/chat", PATH)]);
  });
});
