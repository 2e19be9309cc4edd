import fc from "fast-check";
import { SIMULATED_RESOURCES_ANNOTATION } from "../../../../components/model";
import { sometimes } from "../../differential/arbitraries/chance";
import { TAINTS } from "../../differential/arbitraries/nodes";
import { DEVICES, LABEL_VALUES, LABELS } from "../../differential/vocabulary";
import type { Manifest } from "../stack";

/** Machines of a pool: so small that a few pods of a kind fill them, by one resource or another. */
interface MachineKind {
  labels: Record<string, string>;
  allocatable: Record<string, string>;
}

const KINDS: Readonly<Record<string, MachineKind>> = {
  gpu: {
    labels: {
      [LABELS.instance]: "p5.48xlarge",
      [LABELS.arch]: "amd64",
      [LABELS.product]: "NVIDIA-H100-80GB-HBM3",
      [LABELS.memory]: "81559",
    },
    allocatable: {
      cpu: "15890m",
      memory: "57691Mi",
      "ephemeral-storage": "90Gi",
      pods: "12",
      [DEVICES.gpu]: "8",
      [DEVICES.efa]: "4",
      [DEVICES.hugePages]: "10Gi",
    },
  },
  mig: {
    labels: { [LABELS.instance]: "p5.48xlarge", [LABELS.arch]: "amd64", [LABELS.product]: "NVIDIA-H100-80GB-HBM3" },
    allocatable: { cpu: "7910m", memory: "28Gi", pods: "8", [DEVICES.small]: "7", [DEVICES.large]: "2" },
  },
  shared: {
    labels: { [LABELS.instance]: "g6.xlarge", [LABELS.arch]: "arm64", [LABELS.product]: "NVIDIA-L4" },
    allocatable: { cpu: "3920m", memory: "14162Mi", pods: "6", [DEVICES.shared]: "4", [DEVICES.native]: "4" },
  },
  general: {
    labels: { [LABELS.instance]: "m7i.xlarge", [LABELS.arch]: "amd64" },
    allocatable: { cpu: "3920m", memory: "14.5Gi", "ephemeral-storage": "18G", pods: "5" },
  },
  tiny: {
    labels: { [LABELS.arch]: "amd64" },
    allocatable: {
      cpu: "2",
      memory: "2Gi",
      "ephemeral-storage": "4Gi",
      pods: "4",
      [DEVICES.gpu]: "1",
      [DEVICES.hugePages]: "64Mi",
      [DEVICES.largePages]: "1Gi",
    },
  },
};

/** Nodes that a stack has at most; more of them take the scheduler longer and tell little more. */
const MOST_NODES = 10;

const taints = fc.uniqueArray(fc.constantFrom(...TAINTS), {
  minLength: 1,
  maxLength: 2,
  selector: ({ key, effect }) => key + effect,
});

/** Labels that a pool has beside those of its machines, or instead of them. */
const moreLabels = fc
  .uniqueArray(fc.constantFrom(LABELS.capacity, LABELS.memory, LABELS.odd), { minLength: 1, maxLength: 2 })
  .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, fc.constantFrom(...LABEL_VALUES[key]!)]))));

const zone = fc.constantFrom(...LABEL_VALUES[LABELS.zone]!);

const pool = fc.record({
  kind: fc.constantFrom(...Object.keys(KINDS)),
  taints: sometimes(1 / 4, taints, undefined),
  labels: sometimes(1 / 3, moreLabels, {}),
  /** A zone for each node; as a pool has one of its own in every zone. */
  zones: fc.oneof(
    { weight: 7, arbitrary: fc.array<string | undefined>(zone, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array<string | undefined>(fc.constant(undefined), { minLength: 1, maxLength: 2 }) },
  ),
  pods: sometimes(1 / 4, fc.constantFrom("0", "1", "2", "3"), undefined),
  /** Where its resources are told. */
  told: fc.constantFrom("annotation", "allocatable", "capacity"),
  isNamed: sometimes(2 / 3, fc.constant(true), false),
  isCordoned: sometimes(1 / 16, fc.constant(true), false),
});

type Pool = typeof pool extends fc.Arbitrary<infer T> ? T : never;

function nodeOf(pool: Pool, zone: string | undefined, name: string): Manifest {
  const { kind, taints, pods, told, isNamed, isCordoned } = pool;
  const { labels, allocatable } = KINDS[kind]!;
  const amounts = { ...allocatable, ...(pods !== undefined && { pods }) };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        ...labels,
        ...(isNamed && { [LABELS.pool]: kind }),
        ...(zone !== undefined && { [LABELS.zone]: zone }),
        ...pool.labels,
        [LABELS.hostname]: name,
      },
      ...(told === "annotation" && {
        annotations: { [SIMULATED_RESOURCES_ANNOTATION]: JSON.stringify({ capacity: amounts, allocatable: amounts }) },
      }),
    },
    spec: { ...(taints && { taints }), ...(isCordoned && { unschedulable: true }) },
    ...(told !== "annotation" && { status: { [told]: amounts } }),
  };
}

/** Nodes of one to four kinds of machines, in one to three zones; those that are equal make up to a dozen pools. */
export const declaredNodes: fc.Arbitrary<Manifest[]> = fc.array(pool, { minLength: 1, maxLength: 4 }).map((pools) =>
  pools
    .flatMap((pool) => pool.zones.map((zone) => ({ pool, zone })))
    .slice(0, MOST_NODES)
    .map(({ pool, zone }, index) => nodeOf(pool, zone, `node-${index}`)),
);
