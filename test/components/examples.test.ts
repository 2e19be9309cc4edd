import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { expectGolden, toYaml } from "../support/golden";
import { startMocks } from "../support/mocks";

const root = join(__dirname, "..", "..");
const examples = readdirSync(join(root, "examples")).filter((file) => file.endsWith(".ts"));
const guide = readFileSync(join(root, "docs", "components.md"), "utf8");

describe.each(examples)("examples/%s", (file) => {
  it("creates the objects of its golden file", async () => {
    const program = await startMocks({ config: { "mlstack:kubeconfig": ".mlstack/kubeconfig" } });
    vi.resetModules();
    await import(join(root, "examples", file));

    const objects = (await program.resources())
      .filter(({ inputs }) => inputs["apiVersion"] !== undefined)
      .sort((a, b) => a.name.localeCompare(b.name));

    expectGolden(`example-${file.replace(/\.ts$/, ".yaml")}`, toYaml(...objects.map(({ inputs }) => inputs)));
  });

  it("is printed in docs/components.md as it stands", () => {
    expect(guide).toContain(`\`\`\`ts\n${readFileSync(join(root, "examples", file), "utf8")}\`\`\``);
  });
});
