import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { check, isBlocking } from "../../cli/check/checking";
import { readInput } from "../../cli/check/input";
import type { TreeObject } from "../../components/model";
import { checkoutRoot } from "../../rehearsal/checkout";

const folder = join(checkoutRoot(), "test", "golden");

/** What teams write of objects that they mean to be so: a device plugin from a mirror, a database without mutual TLS. */
const MIRROR = "registry.example.com/k8s-device-plugin";
const CONFIGURATIONS: Record<string, TreeObject> = {
  "device-plugin-all-arguments.yaml": {
    "POD-03": {
      agents: [{ image: MIRROR, paths: ["/var/lib/kubelet/device-plugins", "/run/nvidia/driver", "/var/run/cdi"] }],
    },
    "POD-06": { images: [MIRROR] },
    "GPU-05": { agentImages: [MIRROR] },
    "GPU-06": { agentImages: [MIRROR] },
  },
  // Its argument podSecurity says baseline.
  "tenant-all-arguments.yaml": { "RBAC-02": { tenants: [] } },
  "example-istio.yaml": { "NET-03": { policies: ["ml/legacy-database"] } },
};

describe("the packs have nothing mandatory against what our own components create", () => {
  it.each(readdirSync(folder).filter((file) => file.endsWith(".yaml")))("%s", async (file) => {
    const { documents } = await readInput([join(folder, file)], () => Promise.resolve(""));
    const { findings } = check(documents, { rules: CONFIGURATIONS[file] ?? {} }, "2026-11-26");

    const told = findings
      .filter(isBlocking)
      .map(({ finding }) => `${finding.rule} ${finding.object}: ${finding.path} is ${finding.observed}`);
    expect(told).toEqual([]);
  });
});
