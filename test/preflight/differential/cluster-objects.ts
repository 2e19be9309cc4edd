import { LABELS } from "./vocabulary";

/** A requirement of a selector in Kubernetes spelling. */
interface Expression {
  key: string;
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  values?: string[];
}

/** Namespaces that pods of all worlds live in, with their labels besides `kubernetes.io/metadata.name`. */
export const NAMESPACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  default: {},
  "team-a": { team: "a", tier: "research" },
  "team-b": { team: "b", tier: "research" },
  serving: { tier: "serving" },
};

const within = (key: string, ...values: string[]): Expression => ({ key, operator: "In" as const, values });

/**
 * Claims that exist in every namespace under these names, each bound to a volume that can be reached from nodes of one of
 * these terms; undefined from everywhere.
 */
export const CLAIMS: Readonly<Record<string, readonly { matchExpressions: Expression[] }[] | undefined>> = {
  anywhere: undefined,
  "zone-a": [{ matchExpressions: [within(LABELS.zone, "us-east-1a")] }],
  "zone-b": [{ matchExpressions: [within(LABELS.zone, "us-east-1b")] }],
  "zone-a-or-c": [{ matchExpressions: [within(LABELS.zone, "us-east-1a", "us-east-1c")] }],
  "two-terms": [
    { matchExpressions: [within(LABELS.zone, "us-east-1b"), within(LABELS.pool, "gpu")] },
    { matchExpressions: [within(LABELS.zone, "us-east-1c")] },
  ],
  local: [{ matchExpressions: [within(LABELS.hostname, "node-1")] }],
  "not-spot": [{ matchExpressions: [{ key: LABELS.capacity, operator: "NotIn", values: ["spot"] }] }],
};

/** RuntimeClasses by name, with the overhead that a pod of theirs has. */
export const RUNTIME_CLASSES: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = {
  nvidia: undefined,
  kata: { cpu: "250m", memory: "160Mi" },
};

/** Class of every pod: none displaces another. */
export const PRIORITY_CLASS = {
  metadata: { name: "patient" },
  value: 0,
  globalDefault: true,
  preemptionPolicy: "Never",
};

/** The volume and the claim behind a name in {@link CLAIMS}, which are bound to each other. */
export function volumeOf(
  name: string,
  namespace: string,
  terms: (typeof CLAIMS)[string],
): { volume: object; claim: object } {
  const common = { accessModes: ["ReadWriteMany"], storageClassName: "" };
  const volumeName = `${namespace}-${name}`;
  const volume = {
    metadata: { name: volumeName },
    spec: {
      ...common,
      capacity: { storage: "1Gi" },
      hostPath: { path: "/data" },
      claimRef: { namespace, name },
      ...(terms && { nodeAffinity: { required: { nodeSelectorTerms: terms } } }),
    },
  };
  const claim = {
    metadata: { name },
    spec: { ...common, volumeName, resources: { requests: { storage: "1Gi" } } },
  };
  return { volume, claim };
}

const NO_DEVICE_CLAIM = "no-device";

/**
 * What makes a pod fail on every node and says so last, after all other filters: so what these say of every single node
 * is known also of pods that would find one.
 */
export const NO_DEVICE = {
  resourceClaims: [{ name: "device", resourceClaimName: NO_DEVICE_CLAIM }],
  message: "cannot allocate all claims",
};

/** Class of devices that no node has. */
export const DEVICE_CLASS = { metadata: { name: "none" }, spec: {} };

/** Claim of such a device, which {@link NO_DEVICE} names. */
export const DEVICE_CLAIM = {
  metadata: { name: NO_DEVICE_CLAIM },
  spec: { devices: { requests: [{ name: "device", exactly: { deviceClassName: DEVICE_CLASS.metadata.name } }] } },
};
