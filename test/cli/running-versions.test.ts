import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { versionsInState, versionsOfFile, versionsOfStack } from "../../cli/running-versions";
import type { StateResource } from "../../cli/teardown/state";
import { scratchFolder, setForTest } from "../support/scratch";

const rendered = (name: string, versions: unknown): StateResource => {
  const type = "mlstack:internal:RenderedObjects";
  return { urn: `urn:pulumi:prod::mlstack::${type}::${name}`, type, inputs: { versions } };
};

const cluster: StateResource = {
  urn: "urn:pulumi:prod::mlstack::aws:eks/cluster:Cluster::cluster",
  type: "aws:eks/cluster:Cluster",
  custom: true,
  inputs: { version: "1.34" },
};

const addOn = (addonName: string, inputs: object, outputs: object): StateResource => {
  const type = "aws:eks/addon:Addon";
  const urn = `urn:pulumi:prod::mlstack::${type}::${addonName}`;
  return { urn, type, custom: true, inputs: { addonName, ...inputs }, outputs: { addonName, ...outputs } };
};

describe("the versions that a state tells of", () => {
  it("are those of its charts and manifests, by part, and of the cluster that the stack made", () => {
    const resources = [
      cluster,
      rendered("platform-kueue-objects", { kueue: "0.18.1" }),
      rendered("platform-istio", { base: "1.29.6", istiod: "1.29.6" }),
      rendered("platform-argo-workflows-objects", { "argo-workflows": "4.0.2" }),
      rendered("platform-kserve-types", { "kserve-crd": "0.19.0" }),
      rendered("platform-kserve-objects", { "kserve-resources": "0.19.0" }),
    ];
    expect(versionsInState(resources)).toEqual({
      kubernetes: "1.34",
      parts: { kueue: "0.18.1", istioBase: "1.29.6", istiod: "1.29.6", argoWorkflows: "4.0.2", kserve: "0.19.0" },
      addOns: {},
    });
  });

  it("are those of EKS's add-ons, whether somebody or EKS chose them", () => {
    const resources = [
      cluster,
      addOn("vpc-cni", { addonVersion: "v1.20.0-eksbuild.1" }, { addonVersion: "v1.20.0-eksbuild.1" }),
      addOn("coredns", {}, { addonVersion: "v1.12.3-eksbuild.1" }),
      addOn("kube-proxy", {}, {}),
      { ...addOn("another", {}, { addonVersion: "v1.0.0-eksbuild.1" }), external: true },
    ];
    expect(versionsInState(resources).addOns).toEqual({
      "vpc-cni": "v1.20.0-eksbuild.1",
      coredns: "v1.12.3-eksbuild.1",
      "kube-proxy": "a version that is not known",
    });
  });

  it("are none of a cluster that the stack only uses, of what no part has a pin for, and of what tells none", () => {
    const resources = [
      { ...cluster, external: true },
      rendered("local-autoscaling", { "karpenter-kwok": "1.14.1" }),
      rendered("platform-kueue-objects", undefined),
      { ...rendered("another", { kueue: "0.18.1" }), type: "mlstack:index:Another" },
    ];
    expect(versionsInState(resources)).toEqual({ kubernetes: undefined, parts: {} });
  });
});

describe("what runs", () => {
  const file = async (text: string) => {
    const path = join(await scratchFolder(), "versions.json");
    await writeFile(path, text);
    return path;
  };

  it("is read from what the command has printed", async () => {
    const parts = [{ part: "kueue", pinned: "0.18.1", newest: "0.19.2", blockedBy: "" }];
    const path = await file(JSON.stringify({ kubernetes: "1.34", knownOn: "2026-01-01", parts, findings: [] }));
    expect(await versionsOfFile(path)).toEqual({ kubernetes: "1.34", parts: { kueue: "0.18.1" } });
  });

  it.each(["not JSON", "{}", '{ "parts": [{ "part": "kueue" }] }'])("is not read from %s", async (text) => {
    const path = await file(text);
    await expect(versionsOfFile(path)).rejects.toMatchObject({
      name: "Problem",
      message: `${path} is not what \`mlstack versions --json\` prints`,
      remedy: "Name a file that `mlstack versions --json` printed.",
    });
  });

  it("is not read from a file that is not there", async () => {
    await expect(versionsOfFile("/none.json")).rejects.toMatchObject({ message: "/none.json cannot be read" });
  });

  it("is not told by a stack that was never brought up", async () => {
    setForTest("MLSTACK_STATE", await scratchFolder());
    await expect(versionsOfStack({ stack: "local" })).rejects.toMatchObject({
      message: "the stack local has nothing that runs",
      remedy: "Bring it up first, or name what runs elsewhere with --from FILE.",
    });
  });
});
