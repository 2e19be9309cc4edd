import { describe, expect, it } from "vitest";
import { planPage } from "../../../cli/plan/page";
import { plannedReport } from "../../../cli/plan/plan-report";
import { planTable } from "../../../cli/plan/table";
import { PRICES } from "../../../components/model";
import { stackOf } from "../../preflight/pools/written-stack";

const nodePool = (name: string, requirement: string) => `---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: ${name} }
spec:
  limits: { nvidia.com/gpu: 6 }
  template:
    spec:
      requirements:
        - { key: topology.kubernetes.io/zone, operator: In, values: [us-east-1a] }
        - { key: karpenter.sh/capacity-type, operator: In, values: [on-demand] }
        - ${requirement}
`;

const deployment = (name: string, replicas: number, gpus: number) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ml }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: none, resources: { limits: { nvidia.com/gpu: ${gpus} } } }] }
`;

const FAMILY = "{ key: karpenter.k8s.aws/instance-family, operator: In, values: [g5] }";
const report = (...yaml: string[]) =>
  plannedReport({
    stack: "several",
    offline: false,
    resources: stackOf(yaml.join("")),
    remarks: [],
    before: undefined,
    configuration: {},
    judgedAt: new Date("2026-11-27T00:00:00Z"),
    prices: PRICES,
  });

const mixed = report(nodePool("a", FAMILY), deployment("four", 1, 4), deployment("one", 2, 1));

describe("the plan of a pool of several instance types", () => {
  it("names in its table the first of many types, and the types that the peak uses", () => {
    expect(planTable(mixed)).toMatch(
      /^a +g5\.xlarge and 7 more +on-demand +0 to 6 +2 × g5\.xlarge, 1 × g5\.12xlarge +6 of 6 /m,
    );
  });

  it("names few types in full, and few of many pools that take the same pods", () => {
    const few = "{ key: node.kubernetes.io/instance-type, operator: In, values: [g5.xlarge, g5.12xlarge] }";
    const table = planTable(
      report(...["a", "b", "c", "d"].map((name) => nodePool(name, few)), deployment("one", 1, 1)),
    );
    expect(table).toMatch(/^a +g5\.xlarge and g5\.12xlarge +on-demand +0 to 6 +1 × g5\.xlarge +1 of 1 /m);
    expect(table).toMatch(/^b +g5\.xlarge and g5\.12xlarge +on-demand +0 to 6 +0 +0 of 0 /m);
    expect(table).toMatch(/^Deployment ml\/one +1 +runs +a \(6\) and 3 more /m);
  });

  it("tells other programs what each type offers, costs, and adds to the peak and the ceiling", () => {
    const [pool] = mixed.pools;
    expect(
      pool?.machines?.map(({ instanceType, gpusPerNode, maxNodes }) => [instanceType, gpusPerNode, maxNodes]),
    ).toEqual([
      ["g5.xlarge", 1, 6],
      ["g5.2xlarge", 1, 6],
      ["g5.4xlarge", 1, 6],
      ["g5.8xlarge", 1, 6],
      ["g5.12xlarge", 4, 1],
      ["g5.16xlarge", 1, 6],
      ["g5.24xlarge", 4, 1],
      ["g5.48xlarge", 8, 0],
    ]);
    expect(pool?.maxGpus).toBe(6);
    expect(pool?.packing.machines).toEqual([
      { instanceType: "g5.xlarge", nodes: 2 },
      { instanceType: "g5.12xlarge", nodes: 1 },
    ]);
    const counted = pool?.cost.machines?.filter(({ ceilingNodes }) => ceilingNodes !== 0);
    expect(counted).toMatchObject([{ instanceType: "g5.16xlarge", mostNodes: 6, ceilingNodes: 6 }]);
    expect(pool?.cost.ceiling).toBeCloseTo(6 * 4.096, 6);
  });

  it("draws on its page each node with its type", () => {
    const page = planPage(mixed);
    expect(page).toContain("2 nodes <code>g5.xlarge</code>");
    expect(page).toContain("1 node <code>g5.12xlarge</code>");
    expect(page).toContain("<li>1 to 8 GPUs A10G</li>");
    expect(page).toContain("<li>up to USD 16.29/h a node ");
    expect(page).toContain("6<small> of 6</small>");
  });
});
