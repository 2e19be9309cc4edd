import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { PINS } from "../../../rehearsal/toolchain/pins";
import { atLeast } from "../../../rehearsal/toolchain/version";

const goMod = (module: string) => readFile(join(checkoutRoot(), "rehearsal", "modules", module, "go.mod"), "utf8");
const npmVersion = async (name: string) => {
  const manifest = JSON.parse(await readFile(join(checkoutRoot(), "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  return manifest.dependencies[name];
};

describe("the pins", () => {
  it.each([
    ["controlplane", "k8s.io/kubernetes", PINS.kubernetes],
    ["controlplane", "go.etcd.io/etcd/server/v3", PINS.etcd],
    ["controlplane", "sigs.k8s.io/kwok", PINS.kwok],
    ["pulumi", "github.com/pulumi/pulumi/pkg/v3", PINS.pulumi],
    ["pulumi", "github.com/pulumi/pulumi/sdk/v3", PINS.pulumi],
    ["kubernetes-provider", "github.com/pulumi/pulumi-kubernetes/provider/v4", PINS.kubernetesProviderModule.slice(1)],
  ])("of module %s agree with its go.mod on %s", async (module, path, version) => {
    expect(await goMod(module)).toContain(`${path} v${version}`);
  });

  it("agree with the npm packages that speak to the engine and the provider", async () => {
    expect(await npmVersion("@pulumi/pulumi")).toBe(PINS.pulumi);
    expect(await npmVersion("@pulumi/kubernetes")).toBe(PINS.kubernetesProvider);
  });

  it.each(["controlplane", "pulumi", "kubernetes-provider"])(
    "ask module %s for a Go that is not newer",
    async (module) => {
      const wanted = /^go (\S+)$/m.exec(await goMod(module))?.[1] ?? "";
      expect(atLeast(PINS.go, wanted)).toBe(true);
    },
  );
});

describe("comparing versions", () => {
  it.each([
    ["1.26.8", "1.26.0", true],
    ["1.26.0", "1.26.0", true],
    ["1.25.9", "1.26.0", false],
    ["v3.259.0", "3.229.0", true],
    ["3.99.0", "3.229.0", false],
    ["2.0", "1.9.9", true],
    ["1.26.0-rc1", "1.26.0", true],
  ])("%s is at least %s: %s", (version, wanted, expected) => {
    expect(atLeast(version, wanted)).toBe(expected);
  });
});
