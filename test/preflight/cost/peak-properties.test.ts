import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TreeObject } from "../../../components/model";
import { microsOf } from "../../../preflight/cost";
import { type Plan, planOf } from "../../../preflight/plan";
import type { PlannedResource } from "../../../preflight/planned-resource";

const RUNS = { seed: 11, numRuns: 150 };

/** Pools of one type or of two, with limits in GPUs. */
const anyPool = fc.record({
  types: fc.constantFrom(["g5.xlarge"], ["g5.12xlarge"], ["g5.xlarge", "g5.12xlarge"]),
  gpus: fc.constantFrom(4, 8, 12),
  weight: fc.constantFrom(1, 5),
});

/** Services and repeated runs, of pods of one to four GPUs. */
const anyWork = fc.record({
  kind: fc.constantFrom("Deployment", "CronJob"),
  pods: fc.integer({ min: 1, max: 8 }),
  gpus: fc.integer({ min: 1, max: 4 }),
});

const anyStack = fc.tuple(
  fc.array(anyPool, { minLength: 1, maxLength: 2 }),
  fc.array(anyWork, { minLength: 1, maxLength: 4 }),
  fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
);

type Drawn = typeof anyStack extends fc.Arbitrary<infer Value> ? Value : never;

function planned([pools, works, quota]: Drawn): Plan {
  const resources = [
    ...pools.map(({ types, gpus, weight }, at) => {
      const requirements = [
        { key: "node.kubernetes.io/instance-type", operator: "In", values: [...types] },
        { key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1a"] },
        { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] },
      ];
      const spec = { template: { spec: { requirements } }, limits: { "nvidia.com/gpu": gpus }, weight };
      return object("karpenter.sh/v1", "NodePool", `pool${at}`, spec);
    }),
    ...works.map(({ kind, pods, gpus }, at) => {
      const limits = { "nvidia.com/gpu": gpus };
      const template = {
        spec: { containers: [{ name: "main", image: "registry.example/a:1", resources: { limits } }] },
      };
      const job = { parallelism: pods, completions: pods, template };
      const annotations = { "mlstack.dev/expected-duration": "30h" };
      return kind === "Deployment"
        ? object("apps/v1", kind, `w${at}`, { replicas: pods, template })
        : object("batch/v1", kind, `w${at}`, { schedule: "0 0 * * *", jobTemplate: { spec: job } }, annotations);
    }),
    ...(quota === undefined
      ? []
      : [object("v1", "ResourceQuota", "gpus", { hard: { "requests.nvidia.com/gpu": quota } })]),
  ];
  return planOf(resources);
}

function object(apiVersion: string, kind: string, name: string, spec: TreeObject, annotations = {}): PlannedResource {
  const group = apiVersion === "v1" ? "core/v1" : apiVersion;
  const properties = { apiVersion, kind, metadata: { name, namespace: "ml", annotations }, spec };
  return { type: `kubernetes:${group}:${kind}`, name, urn: `urn:${kind}:${name}`, properties };
}

describe("what a pool typically costs", () => {
  it("is at most what its nodes cost at the packed peak, and at most its ceiling", () => {
    let counted = 0;
    fc.assert(
      fc.property(anyStack, (drawn) => {
        const { packing, cost } = planned(drawn);
        for (const [at, { nodes, machines }] of packing.pools.entries()) {
          const { typical, ceiling, price, machines: prices = [] } = cost.pools[at]!;
          const priceOf = (type: string) => prices.find(({ instanceType }) => instanceType === type)!.price!.usdPerHour;
          const peak =
            machines === undefined
              ? nodes * price!.usdPerHour
              : machines.reduce((sum, each) => sum + each.nodes * priceOf(each.instanceType), 0);
          expect(microsOf(typical!)).toBeLessThanOrEqual(microsOf(peak));
          expect(typical!).toBeLessThanOrEqual(ceiling!);
          counted += Number(typical! > 0);
        }
      }),
      RUNS,
    );
    expect(counted).toBeGreaterThan(RUNS.numRuns / 2);
  });

  it("is at most what the pools may cost for each workload, and for the environment no less than idle", () => {
    fc.assert(
      fc.property(anyStack, (drawn) => {
        const { environment, workloads } = planned(drawn).cost;
        expect(environment.idle!).toBeLessThanOrEqual(environment.typical!);
        for (const { usdPerHour = 0 } of workloads) expect(usdPerHour).toBeLessThanOrEqual(environment.ceiling!);
      }),
      RUNS,
    );
  });
});
