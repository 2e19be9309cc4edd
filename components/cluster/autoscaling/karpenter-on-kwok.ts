import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { CHARTS } from "../../model/versions";
import { KARPENTER_ON_KWOK } from "../../model/local-autoscaling";
import { POOL_LABEL } from "../../model";
import { type Adjustment, type ChartSource, isResourceType, type PlatformFacts, type Rendering } from "../../rendering";
import { without } from "../../rendering";
import { DEFAULT_NAMESPACE } from "./controller-args";
import { KARPENTER_NAME } from "./karpenter-values";
import type { KwokInstanceType } from "./kwok-instance-types";

/** Where the controller sees the file of instance types. */
const TYPES_FOLDER = "/etc/karpenter";
const TYPES_FILE = "instance-types.json";

/**
 * How long Karpenter waits for further pods before it starts machines for those that wait: on a laptop nobody wants to
 * wait, and few pods come at once. Its own defaults are 1 s and 10 s.
 *
 * @see https://karpenter.sh/v1.14/reference/settings/ "BATCH_IDLE_DURATION", "BATCH_MAX_DURATION"
 */
const BATCHES = { batchIdleDuration: "500ms", batchMaxDuration: "2s" };

/** The controller's own request; it has to do with few nodes only. */
const RESOURCES = { requests: { cpu: "200m", memory: "256Mi" }, limits: { memory: "512Mi" } };

const HASH_DIGITS = 8;

/** The ConfigMap with the instance types that Karpenter may start; its name changes with them, as they are read once. */
export function instanceTypesManifest(types: KwokInstanceType[]) {
  const text = JSON.stringify(types);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, HASH_DIGITS);
  return {
    apiVersion: "v1" as const,
    kind: "ConfigMap" as const,
    metadata: { name: `${KARPENTER_NAME}-instance-types-${digest}`, namespace: DEFAULT_NAMESPACE },
    immutable: true,
    data: { [TYPES_FILE]: text },
  };
}

/**
 * Resource types of Karpenter: those that it has on EKS too, so that what is written for there is accepted here, and the node
 * class of the KWOK provider.
 */
export function karpenterOnKwokTypes(facts: PlatformFacts): Rendering {
  const onEks = { chart: CHARTS.karpenterCrds, release: `${KARPENTER_NAME}-crd`, namespace: DEFAULT_NAMESPACE };
  return { sources: [onEks, kwokChart({})], facts, namespace: DEFAULT_NAMESPACE, adjust: onlyTypes };
}

/**
 * Karpenter with its KWOK provider, as its chart has it: with the rights that this gives it, and one replica.
 *
 * Static capacity is what keeps the nodes of a pool that are always there.
 *
 * @param systemPool name of the pool to run on; any node that it has not started itself by default.
 * @param typesConfigMap name of the ConfigMap that {@link instanceTypesManifest} makes.
 */
export function karpenterOnKwokRendering(
  facts: PlatformFacts,
  systemPool: string | undefined,
  typesConfigMap: pulumi.Input<string>,
): Rendering {
  const volume = "instance-types";
  const values = {
    fullnameOverride: KARPENTER_NAME,
    serviceAccount: { name: KARPENTER_NAME },
    nodeSelector: { "kubernetes.io/os": "linux", ...(systemPool === undefined ? {} : { [POOL_LABEL]: systemPool }) },
    controller: {
      image: { repository: KARPENTER_ON_KWOK.image, tag: `v${KARPENTER_ON_KWOK.version}` },
      resources: RESOURCES,
      env: [{ name: "INSTANCE_TYPES_FILE_PATH", value: `${TYPES_FOLDER}/${TYPES_FILE}` }],
      extraVolumeMounts: [{ name: volume, mountPath: TYPES_FOLDER, readOnly: true }],
    },
    extraVolumes: [{ name: volume, configMap: { name: typesConfigMap } }],
    settings: { ...BATCHES, featureGates: { staticCapacity: true, capacityBuffer: false } },
  };
  return { sources: [kwokChart(values)], facts, namespace: DEFAULT_NAMESPACE, adjust: without(isResourceType) };
}

function kwokChart(values: NonNullable<ChartSource["values"]>): ChartSource {
  return { chart: KARPENTER_ON_KWOK, release: KARPENTER_NAME, namespace: DEFAULT_NAMESPACE, values };
}

/** Both charts bring most of the types, in the same version. */
const onlyTypes: Adjustment = (objects) => {
  const byName = new Map(objects.filter(isResourceType).map((type) => [type.metadata.name, type]));
  return [...byName.values()];
};
