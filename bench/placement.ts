import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { runSteps, type Step } from "../cli/progress";
import { plannedQueuesOf, workloadsOf } from "../preflight/demand";
import { packingOf } from "../preflight/packing";
import { proofsOf } from "../preflight/placement";
import type { PlannedResource } from "../preflight/planned-resource";
import { type PlannedPool, plannedPools } from "../preflight/pools";
import { stackIndexOf } from "../preflight/pools/stack-index";
import { ControlPlane } from "../rehearsal/cluster/control-plane";
import { clusterLayout } from "../rehearsal/cluster/layout";
import { binaryOf, ensure } from "../rehearsal/toolchain/resolve";
import { TOOLS } from "../rehearsal/toolchain/tools";
import type { Benchmark } from "./benchmark";
import { generatedStack, type StackSize } from "./placement/generated-stack";
import { RealScheduler } from "./placement/real-scheduler";
import type { Results } from "./results";

/** Stacks of which each is several times the one before, so that growth shows. */
const SIZES: readonly StackSize[] = [
  { sets: 1000, pools: 100, podsPerSet: 10 },
  { sets: 5000, pools: 100, podsPerSet: 10 },
  { sets: 10_000, pools: 100, podsPerSet: 10 },
];

/** What makes proofs take longer: pools whose nodes may be of several types, and pods with several ways to nodes. */
const HARDER: readonly Pick<StackSize, "nodePools" | "flavors">[] = [{ nodePools: 50 }, { flavors: 3 }];

/** Each size as it is, then the smallest and the largest with what makes proofs take longer. */
const STACKS: readonly StackSize[] = [
  ...SIZES,
  ...HARDER.flatMap((harder) => [SIZES[0]!, SIZES.at(-1)!].map((size) => ({ ...size, ...harder }))),
];

/** What the scheduler of an embedded cluster decides on as well: 2,000 pods on 100 nodes. */
const SCHEDULED = { sets: 200, pools: 10, podsPerSet: 10, nodes: { least: 10, most: 10 } } satisfies StackSize;

/**
 * Measures how long placement proofs and packings take as stacks grow, and, for a stack that it can hold, how long the
 * scheduler of an embedded cluster takes for the same pods on the same nodes.
 */
export async function measurePlacement({ runs, scratch, results }: Benchmark): Promise<void> {
  let binary = "";
  const { title, typicalMinutes } = TOOLS.controlplane;
  const tool: Step = {
    title,
    typical: `${typicalMinutes} min to build, once per version`,
    run: async (tell) => {
      const found = await ensure("controlplane", tell);
      binary = binaryOf(found, "controlplane");
      return found.version;
    },
  };
  const unmeasured: Step = {
    title: "Unmeasured round",
    typical: "30 s",
    run: () => {
      // V8 compiles what runs often.
      for (const size of STACKS) measureStack(generatedStack(size), () => undefined);
      return Promise.resolve(undefined);
    },
  };
  const rounds = Array.from({ length: runs }, (_, index): Step => ({
    title: `Run ${index + 1} of ${runs}: placement`,
    typical: "1 min",
    run: async (tell) => {
      for (const size of STACKS) {
        const of = titleOf(size);
        tell(of);
        measureStack(generatedStack(size), (measure, seconds) => {
          results.record(measure, of, seconds, "s");
        });
      }
      tell("the scheduler of an embedded cluster");
      await measureAgainstScheduler(results, binary, join(scratch, "scheduler"));
      return undefined;
    },
  }));
  await runSteps([tool, unmeasured, ...rounds]);
}

/** `1000 sets, 10000 pods, 100 pools, 50 of them of several types`. */
function titleOf({ sets, pools, podsPerSet, nodePools, flavors }: StackSize): string {
  const ofTypes = nodePools === undefined ? "" : `, ${nodePools} of them of several types`;
  const ofQueue = flavors === undefined ? "" : `, a queue of ${flavors} flavors`;
  return `${sets} sets, ${sets * podsPerSet} pods, ${pools} pools${ofTypes}${ofQueue}`;
}

type Recorder = (measure: string, seconds: number) => void;

/** Measures each part of a plan that has to do with placement. */
function measureStack(resources: readonly PlannedResource[], record: Recorder): void {
  const timed = <T>(measure: string, work: () => T): T => {
    const started = performance.now();
    const result = work();
    record(measure, (performance.now() - started) / 1000);
    return result;
  };
  const stack = stackIndexOf(resources);
  const limits = { queues: plannedQueuesOf(stack) };
  const workloads = timed("reading workloads", () => workloadsOf(resources));
  const pools = timed("reading pools", () => plannedPools(resources));
  const proofs = timed("proofs", () => proofsOf(workloads, pools, limits));
  timed("packing", () => packingOf(workloads, pools, proofs, limits));
  timed("obstacles of every set on every pool", () => proofs.reduce((sum, proof) => sum + proof.pools.length, 0));
}

async function measureAgainstScheduler(results: Results, binary: string, folder: string): Promise<void> {
  const resources = generatedStack(SCHEDULED);
  const controlPlane = new ControlPlane(binary, clusterLayout(folder));
  const pods = podsOf(resources);
  const record = (subject: string, started: number) => {
    const measure = `${pods.length} pods on ${SCHEDULED.pools * SCHEDULED.nodes.most} nodes, per pod`;
    results.record(measure, subject, (performance.now() - started) / pods.length, "ms");
  };
  const before = performance.now();
  measureStack(resources, () => undefined);
  record("preflight, from manifests to packing", before);
  try {
    const scheduler = await RealScheduler.start(controlPlane, nodesOf(plannedPools(resources)));
    const started = performance.now();
    await scheduler.decide(pods);
    record("embedded cluster, from creation to decision", started);
  } finally {
    await controlPlane.remove();
  }
}

/** The nodes of pools at their largest, without DaemonSets. */
function nodesOf(pools: readonly PlannedPool[]) {
  return pools.flatMap(({ nodeAt, zones, minNodes, free }) =>
    Array.from({ length: minNodes }, (_, index) => ({
      ...nodeAt(zones[index % zones.length]!, index + 1),
      allocatable: free,
    })),
  );
}

/** Pods as a Job writes them. */
interface Template {
  metadata: { labels: Record<string, string> };
  spec: Pick<NonNullable<V1Pod["spec"]>, "containers" | "nodeSelector">;
}

/** The pods that the Job controller would create. */
function podsOf(resources: readonly PlannedResource[]): V1Pod[] {
  return resources.flatMap(({ type, name, properties }) => {
    if (type !== "kubernetes:batch/v1:Job") return [];
    const { parallelism, template } = properties["spec"] as unknown as { parallelism: number; template: Template };
    return Array.from({ length: parallelism }, (_, index) => ({
      metadata: { ...template.metadata, name: `${name}-${index}` },
      spec: { ...template.spec, automountServiceAccountToken: false },
    }));
  });
}
