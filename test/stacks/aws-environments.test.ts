import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { JournalEntry } from "../../rehearsal/stand-ins/journal";
import type { Outcome } from "../support/mlstack";
import { judgedAsProduction } from "../support/production-policies";
import { StandInStack, type StateResource } from "../support/stand-ins";

/** A resource in the state of a stack, as far as these tests look at it. */
interface Resource extends StateResource {
  protect?: boolean;
}

/** What happens to an environment in its life, on the real engine with stand-ins for AWS, EKS and Kubernetes. */
interface Life {
  preview: Outcome;
  up: Outcome;
  second: Outcome;
  resources: Resource[];
  outputs: Record<string, unknown>;
  destroy: Outcome;
  deleted: JournalEntry[];
  /** Updates in which operations were failed, until one went through. */
  retries: Outcome[];
  afterRetries: Resource[];
}

const everywhere = ["namespaces", "device plugins", "controllers", "add-ons", "node groups", "cluster", "network"];

/** The environments, the parts that they have, and which operations are failed: every k-th of all updates together. */
const environments = [
  { name: "dev", parts: [...everywhere, "workloads"], everyKth: 120, kept: [] },
  { name: "staging", parts: [...everywhere, "workloads", "volumes", "Karpenter's pools"], everyKth: 200, kept: [] },
  {
    name: "prod",
    parts: [...everywhere, "volumes", "Karpenter's pools"],
    everyKth: 300,
    kept: ["artifacts-bucket", "checkpoints-file-system", "cluster-key", "workspaces-file-system"],
  },
];

/** Parts of an environment, by what is deleted. */
const partOf: Record<string, (entry: JournalEntry) => boolean> = {
  workloads: ({ type }) => type === "kubernetes:batch/v1:Job",
  volumes: ({ type }) => /^kubernetes:core\/v1:PersistentVolume|^aws:(efs|fsx)/.test(type),
  namespaces: ({ name }) => name === "ml" || name === "training",
  "device plugins": ({ type }) => type === "kubernetes:apps/v1:DaemonSet",
  "Karpenter's pools": ({ type }) => /:(NodePool|EC2NodeClass)$/.test(type),
  // Charts are not rendered without their publishers; what a controller runs under goes with it.
  controllers: ({ type, name }) =>
    type === "aws:eks/podIdentityAssociation:PodIdentityAssociation" && /^(karpenter|cluster-autoscaler)-/.test(name),
  "add-ons": ({ type, name }) => type === "aws:eks/addon:Addon" && name.startsWith("add-ons-"),
  "node groups": ({ type }) => type === "aws:eks/nodeGroup:NodeGroup",
  cluster: ({ type }) => type === "aws:eks/cluster:Cluster",
  network: ({ type }) => /^aws:ec2\/(vpc|subnet|natGateway|internetGateway):/.test(type),
};

/** What must be gone before something else goes: whoever needs something goes first. */
const order: [earlier: string, later: string][] = [
  ["workloads", "volumes"],
  ["workloads", "device plugins"],
  ["workloads", "namespaces"],
  ["volumes", "add-ons"],
  ["namespaces", "Karpenter's pools"],
  ["namespaces", "controllers"],
  ["device plugins", "Karpenter's pools"],
  ["Karpenter's pools", "controllers"],
  ["controllers", "add-ons"],
  ["add-ons", "node groups"],
  ["node groups", "cluster"],
  ["cluster", "network"],
];

describe.each(environments)("the environment $name", ({ name, parts, everyKth, kept }) => {
  let life: Life;
  beforeAll(async () => {
    life = await lifeOf(name, everyKth);
  }, 900_000);

  test("can be previewed, brought up and destroyed without an account", () => {
    for (const { code, output } of [life.preview, life.up, life.destroy]) expect(code, output.slice(-3000)).toBe(0);
    expect(life.preview.output).toMatch(/\d+ to create/);
  });

  test("has no changes when it is brought up again", () => {
    expect(life.second.code, life.second.output.slice(-3000)).toBe(0);
    expect(life.second.output).toMatch(/\d+ unchanged/);
  });

  test("tells where it is, how to reach it, and what its pools cost", () => {
    const { kubeconfig, pools } = life.outputs as { kubeconfig: string; pools: { usdPerHour?: UsdPerHour }[] };
    expect(life.outputs).toMatchObject({ clusterKind: "eks", clusterName: `mlstack-${name}` });
    expect(life.outputs["region"]).toMatch(/^us-/);
    expect(JSON.parse(kubeconfig)).toMatchObject({ kind: "Config" });
    const prices = pools.flatMap(({ usdPerHour }) => usdPerHour ?? []);
    expect(prices.length).toBeGreaterThan(0);
    for (const { least, most } of prices) expect(most).toBeGreaterThan(least);
  });

  test("keeps its kubeconfig as a secret", () => {
    const stack = life.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    expect(stack?.outputs?.["kubeconfig"]).toHaveProperty("ciphertext");
  });

  test("keeps from deletion what cannot be made again", () => {
    const found = life.resources.filter(({ protect }) => protect === true);
    expect(found.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual(kept);
  });

  test("has all of its parts", () => {
    const found = Object.keys(partOf).filter((part) => life.deleted.some(partOf[part]!));
    expect(found.sort()).toEqual([...parts].sort());
  });

  test("keeps the policies of production, but for the exemptions that these list", async () => {
    const verdict = await judgedAsProduction(JSON.stringify({ deployment: { resources: life.resources } }));
    expect(verdict.blocking).toEqual([]);
    expect(verdict.exempted).toBeGreaterThan(0);
  });

  test("is destroyed in an order that ends", () => {
    const tooEarly = order.flatMap(([earlier, later]) => {
      const ended = life.deleted.filter(partOf[earlier]!).map((entry) => entry.ended);
      const begun = life.deleted.filter(partOf[later]!).filter(({ started }) => started < Math.max(...ended));
      return begun.map((entry) => `${entry.name} goes before the last of: ${earlier}`);
    });
    expect(tooEarly).toEqual([]);
  });

  test("reaches the same graph when operations fail on the way", () => {
    const codes = life.retries.map(({ code }) => code === 0);
    expect(codes.length).toBeGreaterThan(1);
    expect(codes.indexOf(true)).toBe(codes.length - 1);
    expect(graphOf(life.afterRetries)).toEqual(graphOf(life.resources));
  });
});

interface UsdPerHour {
  least: number;
  most: number;
}

async function lifeOf(name: string, everyKth: number): Promise<Life> {
  const stack = await StandInStack.ofEnvironment(name);
  const counts = await mkdtemp(join(tmpdir(), "mlstack-faults-"));
  try {
    const preview = await stack.preview();
    const up = await stack.up();
    const resources: Resource[] = await stack.resources();
    const outputs = await stack.outputs();
    const second = await stack.up("--expect-no-changes");
    if (resources.some(({ protect }) => protect === true)) {
      await configure(stack, "mlstack:protect", "false");
      await stack.up();
    }
    await stack.journal();
    const destroy = await stack.destroy();
    const deleted = await stack.journal();

    stack.setFaults({ action: "fail", operation: "create", count: { folder: counts, at: everyKth, repeats: true } });
    const retries = await upUntilItSucceeds(stack, Math.ceil(resources.length / everyKth) + 1);
    const afterRetries = await stack.resources();
    return { preview, up, second, resources, outputs, destroy, deleted, retries, afterRetries };
  } finally {
    await stack.remove();
    await rm(counts, { recursive: true });
  }
}

async function configure(stack: StandInStack, ...args: string[]): Promise<void> {
  const { code, output } = await stack.pulumi("config", "set", ...args);
  if (code !== 0) throw new Error(output);
}

async function upUntilItSucceeds(stack: StandInStack, limit: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < limit && outcomes.at(-1)?.code !== 0) outcomes.push(await stack.up());
  return outcomes;
}

/** Every resource with what it depends on; ids and made-up names differ from one life to the next. */
function graphOf(resources: Resource[]): Record<string, unknown> {
  const rows = resources.map(({ urn, parent, dependencies = [] }) => [
    urn,
    { parent, dependencies: [...dependencies].sort() },
  ]);
  return Object.fromEntries(rows) as Record<string, unknown>;
}
