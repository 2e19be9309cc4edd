import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { expectGolden, toYaml } from "../support/golden";
import { type Registered, startMocks } from "../support/mocks";

const root = join(__dirname, "..", "..");
const examples = readdirSync(join(root, "examples")).filter((file) => file.endsWith(".ts"));
const guide = readFileSync(join(root, "docs", "components.md"), "utf8");

/** What stands for itself in a golden file; components are told by what they create. */
function isCreated({ type, inputs }: Registered): boolean {
  return inputs["apiVersion"] !== undefined || /^(aws|eks|kubernetes):/.test(type);
}

/** Most examples need a cluster, and only one is about it. */
function isOfCluster({ parent }: Registered, resources: Registered[]): boolean {
  const owner = resources.find(({ name }) => name === parent);
  return owner !== undefined && (owner.type === "mlstack:index:Cluster" || isOfCluster(owner, resources));
}

/** A Kubernetes object as it is, anything else with its type and name. */
function document({ type, name, inputs }: Registered): object {
  return inputs["apiVersion"] === undefined ? { resource: type, name, inputs } : inputs;
}

describe.each(examples)("examples/%s", (file) => {
  it("creates the objects of its golden file", async () => {
    const program = await startMocks({ config: { "mlstack:kubeconfig": ".mlstack/kubeconfig" } });
    vi.resetModules();
    await import(join(root, "examples", file));

    const resources = await program.resources();
    const own = resources.filter((resource) => file === "eks-cluster.ts" || !isOfCluster(resource, resources));
    const objects = own.filter(isCreated).sort((a, b) => a.name.localeCompare(b.name));

    expectGolden(`example-${file.replace(/\.ts$/, ".yaml")}`, toYaml(...objects.map(document)));
  });

  it("is printed in docs/components.md as it stands", () => {
    expect(guide).toContain(`\`\`\`ts\n${readFileSync(join(root, "examples", file), "utf8")}\`\`\``);
  });
});
