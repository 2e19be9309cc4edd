import fc from "fast-check";
import type { Workload } from "../../../preflight/demand";
import type { PlannedPool } from "../../../preflight/pools";
import type { SchedulablePod } from "../../../preflight/scheduling/pod";
import { having, HOST, near, pod, pool, set, spread, workload, ZONE } from "./stack";

const ZONES = ["eu-1a", "eu-1b"];
const APPS = ["a", "b"];
const TAINT = { key: "nvidia.com/gpu", effect: "NoSchedule" as const };

/** A few small pools, some with GPUs, taints, zones, or nodes that are always there. */
export const arbitraryPools: fc.Arbitrary<PlannedPool[]> = fc
  .array(
    fc.record({
      cpus: fc.integer({ min: 1, max: 6 }),
      memoryGib: fc.integer({ min: 1, max: 6 }),
      gpus: fc.integer({ min: 0, max: 4 }),
      pods: fc.integer({ min: 1, max: 6 }),
      minNodes: fc.integer({ min: 0, max: 3 }),
      more: fc.integer({ min: 0, max: 3 }),
      zones: fc.subarray(ZONES, { minLength: 1 }),
      isTainted: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((pools) =>
    pools.map(({ minNodes, more, isTainted, ...rest }, index) =>
      pool({
        name: `pool-${index}`,
        minNodes,
        maxNodes: minNodes + more,
        labels: { tier: index === 0 ? "first" : "other" },
        taints: isTainted ? [TAINT] : [],
        ...rest,
      }),
    ),
  );

const requests = {
  cpus: fc.integer({ min: 1, max: 3 }),
  memoryGib: fc.integer({ min: 0, max: 3 }),
  gpus: fc.integer({ min: 0, max: 3 }),
};

/** What pods ask of nodes by themselves: labels, tolerations and zones. */
const alone = {
  nodeSelector: fc.constantFrom({}, {}, { tier: "first" }, { [ZONE]: "eu-1b" }),
  tolerations: fc.constantFrom([], [{ key: "nvidia.com/gpu", operator: "Exists" as const, value: "", effect: "" }]),
  volumes: fc.constantFrom([], [], [{ claim: "data", terms: [{ expressions: having(ZONE, "eu-1a"), fields: [] }] }]),
};

const topology = fc.constantFrom(HOST, ZONE);
const app = fc.constantFrom(...APPS);

/** Rules between pods, about those of any set. */
const rules = fc.oneof(
  fc.record({ antiAffinity: fc.tuple(app, topology).map(([about, key]) => [near(about, key)]) }),
  fc.record({ affinity: fc.tuple(app, topology).map(([about, key]) => [near(about, key)]) }),
  fc.record({
    spread: fc
      .tuple(app, topology, fc.integer({ min: 1, max: 2 }))
      .map(([about, key, skew]) => [spread(about, key, skew)]),
  }),
  fc.constant({ hostPorts: [{ ip: "0.0.0.0", protocol: "TCP", port: 80 }] }),
);

/** Pods that mind nothing but the node. */
export const arbitraryPlainPod: fc.Arbitrary<SchedulablePod> = fc.record({ ...requests, ...alone }).map(pod);

/** Pods of which every other one has rules. */
export const arbitraryPod: fc.Arbitrary<SchedulablePod> = fc
  .tuple(fc.record({ ...requests, ...alone }), app, fc.option(rules, { nil: {} }))
  .map(([args, name, rule]) => pod({ ...args, labels: { app: name }, ...rule }));

/** Workloads of such pods, some of them gangs of two sets. */
export function arbitraryWorkloads(of: fc.Arbitrary<SchedulablePod>, maxLength = 5): fc.Arbitrary<Workload[]> {
  const sets = fc.array(fc.tuple(of, fc.integer({ min: 1, max: 4 }), fc.boolean()), { minLength: 1, maxLength: 2 });
  const kind = fc.constantFrom("always" as const, "once" as const);
  return fc.array(fc.tuple(sets, kind, fc.integer({ min: 0, max: 1 })), { maxLength }).map((workloads) =>
    workloads.map(([podSets, timing, priority], index) =>
      workload(
        `job-${index}`,
        podSets.map(([each, count, isWhole], at) =>
          set(`job-${index} ${at}`, each, {
            count,
            minCount: isWhole ? count : 1,
            gang: "spec",
            role: String(at),
            priority,
          }),
        ),
        { kind: timing },
      ),
    ),
  );
}
