import fc from "fast-check";
import type { Taint } from "../../../../components/model";
import { DEVICES, LABEL_VALUES, LABELS } from "../vocabulary";
import type { WorldNode } from "../world";
import { sometimes } from "./chance";

/** What nodes of one kind have in common. */
interface NodeKind {
  labels: Record<string, string>;
  allocatable: Record<string, string>;
}

/** Machines of the pools that the platform makes, and one so small that pods often fill it to the last unit. */
const KINDS: Readonly<Record<string, NodeKind>> = {
  gpu: {
    labels: {
      [LABELS.instance]: "p5.48xlarge",
      [LABELS.arch]: "amd64",
      [LABELS.product]: "NVIDIA-H100-80GB-HBM3",
      [LABELS.memory]: "81559",
    },
    allocatable: {
      cpu: "191450m",
      memory: "1922Gi",
      "ephemeral-storage": "180Gi",
      pods: "110",
      [DEVICES.gpu]: "8",
      [DEVICES.efa]: "32",
      [DEVICES.hugePages]: "10Gi",
      [DEVICES.largePages]: "0",
    },
  },
  mig: {
    labels: { [LABELS.instance]: "p5.48xlarge", [LABELS.arch]: "amd64", [LABELS.product]: "NVIDIA-H100-80GB-HBM3" },
    allocatable: {
      cpu: "15890m",
      memory: "57691Mi",
      "ephemeral-storage": "90Gi",
      pods: "58",
      [DEVICES.small]: "7",
      [DEVICES.large]: "2",
    },
  },
  shared: {
    labels: { [LABELS.instance]: "g6.xlarge", [LABELS.arch]: "arm64", [LABELS.product]: "NVIDIA-L4" },
    allocatable: { cpu: "3920m", memory: "14162Mi", pods: "29", [DEVICES.shared]: "4", [DEVICES.native]: "4" },
  },
  general: {
    labels: { [LABELS.instance]: "m7i.xlarge", [LABELS.arch]: "amd64" },
    allocatable: { cpu: "3920m", memory: "14.5Gi", "ephemeral-storage": "18G", pods: "8" },
  },
  tiny: {
    labels: { [LABELS.arch]: "amd64" },
    allocatable: {
      cpu: "2",
      memory: "2Gi",
      "ephemeral-storage": "4Gi",
      pods: "6",
      [DEVICES.gpu]: "1",
      [DEVICES.hugePages]: "64Mi",
      [DEVICES.largePages]: "1Gi",
    },
  },
};

/** Taints of pools; the last two are set by controllers, one of them is tolerated by every pod that admission has seen. */
export const TAINTS: readonly Taint[] = [
  { key: DEVICES.gpu, value: "present", effect: "NoSchedule" },
  { key: DEVICES.gpu, effect: "NoSchedule" },
  { key: "dedicated", value: "training", effect: "NoSchedule" },
  { key: "dedicated", value: "inference", effect: "NoExecute" },
  { key: "spot", effect: "PreferNoSchedule" },
  { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" },
  { key: "node.kubernetes.io/not-ready", effect: "NoExecute" },
];

const zone = fc.constantFrom(...LABEL_VALUES[LABELS.zone]!);
const taints = fc.uniqueArray(fc.constantFrom(...TAINTS), {
  maxLength: 2,
  selector: ({ key, effect }) => key + effect,
});

/** Labels that some nodes have besides those of their kind, or instead of them. */
const oddLabels = fc
  .uniqueArray(fc.constantFrom(LABELS.capacity, LABELS.memory, LABELS.odd, LABELS.arch, LABELS.hostname), {
    maxLength: 3,
  })
  .chain((keys) =>
    fc.record(Object.fromEntries(keys.map((key) => [key, fc.constantFrom(...LABEL_VALUES[key]!)] as const))),
  );

const pool = fc.record({
  kind: fc.constantFrom(...Object.keys(KINDS)),
  count: fc.integer({ min: 1, max: 4 }),
  taints: sometimes(1 / 2, taints, []),
  zones: fc.array(zone, { minLength: 1, maxLength: 3 }),
});

/** What makes a node differ from the others of its pool. */
const oddity = fc.record({
  labels: sometimes(1 / 3, oddLabels, {}),
  taints: sometimes(1 / 10, taints, undefined),
  missing: sometimes(1 / 8, fc.subarray<string>([LABELS.zone, LABELS.hostname, LABELS.pool]), []),
  pods: sometimes(1 / 10, fc.constantFrom("0", "1", "2"), undefined),
  unschedulable: sometimes(1 / 10, fc.constant(true), false),
});

/** Nodes of one to three pools. */
export const nodes: fc.Arbitrary<WorldNode[]> = fc
  .array(pool, { minLength: 1, maxLength: 3 })
  .chain((pools) => {
    const members = pools.flatMap((pool) => Array.from({ length: pool.count }, (_, index) => ({ ...pool, index })));
    return fc.tuple(...members.map((member) => oddity.map((odd) => ({ ...member, odd }))));
  })
  .map((members) =>
    members.map(({ kind, taints, zones, index, odd }, number): WorldNode => {
      const name = `node-${number}`;
      const labels: Record<string, string> = {
        ...KINDS[kind]!.labels,
        [LABELS.pool]: kind,
        [LABELS.zone]: zones[index % zones.length]!,
        [LABELS.hostname]: name,
        ...odd.labels,
      };
      for (const key of odd.missing) delete labels[key];
      return {
        name,
        labels,
        taints: odd.taints ?? taints,
        allocatable: { ...KINDS[kind]!.allocatable, ...(odd.pods !== undefined && { pods: odd.pods }) },
        ...(odd.unschedulable && { unschedulable: true }),
      };
    }),
  );
