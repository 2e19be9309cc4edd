import type { ClusterObject, ClusterObjects } from "./cluster-objects";
import { objectTitle } from "./cluster-objects";

/** An object that the drain waits for. */
export interface Remaining {
  object: ClusterObject;
  /** Whether the drain deletes it itself; otherwise it goes with something else. */
  ours: boolean;
}

/** An object that did not go in time. */
export interface Hanging {
  object: ClusterObject;
  /** What is known of the reason. */
  because: string;
}

/** One kind of thing that has to go while controllers live. */
export interface DrainStage {
  title: string;
  typical: string;
  remaining: (cluster: ClusterObjects) => Promise<Remaining[]>;
  /** What is known about why an object does not go; asked only when it has taken too long. */
  explain?: (cluster: ClusterObjects, object: ClusterObject) => Promise<string | undefined>;
  /** How the report lists what did not go; a line for each by default. */
  lines?: (hanging: Hanging[]) => string[];
  /** What to do about it; by default what is to be done about things in AWS. */
  remedy?: string;
}

/** Label of the node pools that EKS Auto Mode brings; EKS deletes them, and their machines, with the cluster. */
const MANAGED_BY = "app.kubernetes.io/managed-by";
const NODE_POOL_LABEL = "karpenter.sh/nodepool";
const KARPENTER = "karpenter.sh/v1";

/** In this order: traffic, then data, then machines, as the controllers of the first two run on machines. */
export const DRAIN_STAGES: DrainStage[] = [
  {
    title: "Load balancers",
    typical: "1 min",
    // A Gateway or Ingress may have made a Service, and would make it again.
    remaining: async (cluster) => [
      ...(await ours(cluster, "gateway.networking.k8s.io/v1", "Gateway")),
      ...(await ours(cluster, "networking.k8s.io/v1", "Ingress")),
      ...(await ours(cluster, "v1", "Service")).filter(({ object }) => object.spec?.["type"] === "LoadBalancer"),
    ],
  },
  {
    title: "Provisioned volumes",
    typical: "1 min",
    remaining: remainingVolumes,
    explain: async (cluster, object) => {
      if (object.kind === "PersistentVolume") return textAt(object.status, "message");
      const { namespace } = object.metadata ?? {};
      const selection = namespace === undefined ? {} : { namespace };
      const users = (await cluster.list("v1", "Pod", selection)).filter((pod) => mounts(pod, object));
      return users.length === 0 ? undefined : `used by ${users.map(objectTitle).join(", ")}`;
    },
  },
  {
    title: "Machines that Karpenter started",
    typical: "5 min",
    remaining: async (cluster) => {
      const pools = await ours(cluster, KARPENTER, "NodePool");
      const claims = await ours(cluster, KARPENTER, "NodeClaim");
      const builtIn = new Set(pools.filter(isBuiltIn).map(({ object }) => object.metadata?.name));
      const isOfBuiltIn = ({ object }: Remaining) => builtIn.has(object.metadata?.labels?.[NODE_POOL_LABEL]);
      return [...pools.filter((pool) => !isBuiltIn(pool)), ...claims.filter((claim) => !isOfBuiltIn(claim))];
    },
    explain: (_, { status }) => Promise.resolve(conditionsNotMet(status)),
  },
  {
    title: "Node classes",
    typical: "10 s",
    // Their controller deletes instance profiles, but not while a machine uses one.
    remaining: async (cluster) => [
      ...(await ours(cluster, "karpenter.k8s.aws/v1", "EC2NodeClass")),
      ...(await ours(cluster, "eks.amazonaws.com/v1", "NodeClass")).filter((nodeClass) => !isBuiltIn(nodeClass)),
    ],
    explain: (_, { status }) => Promise.resolve(conditionsNotMet(status)),
  },
];

async function ours(cluster: ClusterObjects, apiVersion: string, kind: string): Promise<Remaining[]> {
  return (await cluster.list(apiVersion, kind)).map((object) => ({ object, ours: true }));
}

/** Volumes that a provisioner made and deletes again, and the claims that hold them. */
async function remainingVolumes(cluster: ClusterObjects): Promise<Remaining[]> {
  const volumes = (await cluster.list("v1", "PersistentVolume")).filter(
    ({ metadata, spec }) =>
      metadata?.annotations?.["pv.kubernetes.io/provisioned-by"] !== undefined &&
      spec?.["persistentVolumeReclaimPolicy"] === "Delete",
  );
  const names = new Set<unknown>(volumes.map(({ metadata }) => metadata?.name));
  const claims = await ours(cluster, "v1", "PersistentVolumeClaim");
  return [
    ...claims.filter(({ object }) => names.has(object.spec?.["volumeName"])),
    ...volumes.map((object) => ({ object, ours: false })),
  ];
}

function isBuiltIn({ object }: Remaining): boolean {
  return object.metadata?.labels?.[MANAGED_BY] === "eks";
}

function mounts(pod: ClusterObject, claim: ClusterObject): boolean {
  const volumes = pod.spec?.["volumes"];
  return (Array.isArray(volumes) ? (volumes as Record<string, unknown>[]) : []).some((volume) => {
    const source = volume["persistentVolumeClaim"];
    return isRecord(source) && source["claimName"] === claim.metadata?.name;
  });
}

function conditionsNotMet(status: Record<string, unknown> | undefined): string | undefined {
  const conditions = status?.["conditions"];
  const unmet = (Array.isArray(conditions) ? conditions : [])
    .filter(isRecord)
    .filter((condition) => condition["status"] !== "True")
    .map((condition) => {
      const message = textAt(condition, "message") ?? textAt(condition, "reason");
      return `${String(condition["type"])}${message === undefined ? "" : `: ${message}`}`;
    });
  return unmet.length === 0 ? undefined : unmet.join("; ");
}

function textAt(record: Record<string, unknown> | undefined, key: string): string | undefined {
  const value = record?.[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
