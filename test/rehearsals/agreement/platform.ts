import { CoreV1Api, KubernetesObjectApi } from "@kubernetes/client-node";
import { isResourceType, type KubernetesObject } from "../../../components/rendering";
import { kueueRendering } from "../../../components/platform/queues/kueue";
import { jobSetRendering } from "../../../components/platform/queues/job-set-controller";
import { AUTOSCALING } from "../../../components/model/local-autoscaling";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";
import { ensurePodPrograms } from "../../../rehearsal/operators/pod-programs";
import { eventually, TestCluster } from "../../support/cluster";
import type { Manifest } from "../../preflight/placement-differential/stack";
import { autoscalingObjects } from "./autoscaling";
import { ANY_NODES } from "./queue-objects";
import { objectsOf } from "../../support/rendering";
import { createTypes } from "../../support/served-types";

/**
 * What of the platform takes part, as it installs itself: one copy of each controller, which need not tell the others that
 * it lives, as that ends it where the machine is busy.
 */
const PARTS = [
  jobSetRendering({ replicas: 1, values: { controller: { leaderElection: { enable: false } } } }),
  kueueRendering({ replicas: 1, config: { leaderElection: { leaderElect: false } } }),
];

/** Kinds in the order in which they must be there: those that nothing names come last. */
const LATE = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "APIService"];

/** Where controllers run; nothing else fits there, as it selects other nodes. */
const CONTROLLER_NODE = {
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: "controllers",
    labels: { "kubernetes.io/os": "linux" },
    annotations: { "kwok.x-k8s.io/node": "fake" },
  },
  status: resources({ cpu: "64", memory: "256Gi", pods: "500", "ephemeral-storage": "100Gi" }),
};

function resources(amounts: Record<string, string>) {
  return { capacity: amounts, allocatable: amounts };
}

/** A cluster on which the real JobSet, Kueue and Karpenter run, installed by the charts and values of the platform. */
export async function platformCluster(): Promise<TestCluster> {
  const cluster = await TestCluster.start(await ensurePodPrograms(["jobSet", "kueue", AUTOSCALING]));
  const config = readKubeconfig(cluster.controlPlane.layout.kubeconfig);
  const api = KubernetesObjectApi.makeApiClient(config);
  await api.create(CONTROLLER_NODE);
  for (const { namespace } of PARTS) {
    await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  }
  const all = (await Promise.all([...PARTS.map(objectsOf), autoscalingObjects()])).flat();
  await createTypes(config, all.filter(isResourceType));
  const others = all.filter((object) => !isResourceType(object));
  const isLate = ({ kind }: KubernetesObject) => LATE.includes(kind);
  for (const object of others.filter((each) => !isLate(each))) await api.create({ ...object });
  const controllers = others.filter(({ kind }) => kind === "Deployment").length;
  await eventually(
    "the controllers are ready",
    async () => {
      const { items } = await cluster.api(CoreV1Api).listPodForAllNamespaces();
      return items.length === controllers && items.every(({ status }) => status?.containerStatuses?.[0]?.ready);
    },
    120_000,
  );
  for (const object of others.filter(isLate)) await api.create({ ...object });
  const flavor = {
    apiVersion: "kueue.x-k8s.io/v1beta2",
    kind: "ResourceFlavor",
    metadata: { name: ANY_NODES },
    spec: {},
  };
  await eventually("Kueue answers", () =>
    api.create({ ...flavor }).then(
      () => true,
      () => false,
    ),
  );
  const configuration = others.filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.namespace === KUEUE);
  SURROUNDINGS.splice(0, Infinity, ...(configuration as unknown as Manifest[]), flavor);
  return cluster;
}

const KUEUE = PARTS[1]!.namespace;

/** What the plan is told of the cluster beside a world: how Kueue is configured, and the flavor that all worlds share. */
export const SURROUNDINGS: Manifest[] = [];
