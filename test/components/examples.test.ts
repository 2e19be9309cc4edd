import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { expectGolden, toYaml } from "../support/golden";
import { type Registered, startMocks } from "../support/mocks";
import { guides, read, root } from "../support/pages";

const examples = readdirSync(join(root, "examples")).filter((file) => file.endsWith(".ts"));

/** Examples that are about a cluster on EKS themselves; the others only stand on one. */
const aboutClusters = ["eks-cluster.ts"];

/** What stands for itself in a golden file; components are told by what they create. */
function isCreated({ type, inputs }: Registered): boolean {
  return inputs["apiVersion"] !== undefined || /^(aws|eks|kubernetes):/.test(type);
}

/** Most examples need a cluster, and only one is about it. */
function isOfCluster({ parent }: Registered, resources: Registered[]): boolean {
  const owner = resources.find(({ name }) => name === parent);
  return owner !== undefined && (owner.type === "mlstack:index:Cluster" || isOfCluster(owner, resources));
}

/** A Kubernetes object as it is, anything else with its type and name; of secrets, only that they are there. */
function document({ type, name, inputs, secretInputs }: Registered): object {
  const shown = Object.entries(inputs).map(([key, value]) => [
    key,
    withLeaves(value, secretInputs.includes(key) ? masked : shortened),
  ]);
  const open = Object.fromEntries(shown) as object;
  return inputs["apiVersion"] === undefined ? { resource: type, name, inputs: open } : open;
}

/** Many are made up anew in each run, and no secret belongs in a file. */
function masked(): string {
  return "(secret)";
}

/** Longest text that is shown; dashboards are longer, and files of their own. */
const LONGEST_TEXT = 10_000;

function shortened(value: unknown): unknown {
  const isLong = typeof value === "string" && value.length > LONGEST_TEXT;
  return isLong ? `(${value.length} characters)` : value;
}

/** Copies a value with its keys and changes what stands at the ends. */
function withLeaves(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((inner) => withLeaves(inner, change));
  if (typeof value !== "object" || value === null) return change(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withLeaves(inner, change)]));
}

describe.each(examples)("examples/%s", (file) => {
  // Charts and manifests are empty here: the tests of each part render its own.
  it("creates the objects of its golden file, beside those of charts and manifests", async () => {
    const program = await startMocks({ config: { "mlstack:kubeconfig": ".mlstack/kubeconfig" } });
    vi.resetModules();
    await import(join(root, "examples", file));

    const resources = await program.resources();
    const own = resources.filter((each) => aboutClusters.includes(file) || !isOfCluster(each, resources));
    const objects = own.filter(isCreated).sort((a, b) => a.name.localeCompare(b.name));

    expectGolden(`example-${file.replace(/\.ts$/, ".yaml")}`, toYaml(...objects.map(document)));
  });

  it("is printed as it stands in one guide to components", () => {
    const printed = `\`\`\`ts\n${read(join("examples", file))}\`\`\``;
    expect(guides.filter((page) => read(page).includes(printed))).toHaveLength(1);
  });
});
