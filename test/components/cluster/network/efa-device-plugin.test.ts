import * as k8s from "@pulumi/kubernetes";
import { beforeEach, describe, expect, it } from "vitest";
import {
  EfaDevicePlugin,
  type EfaDevicePluginArgs,
  efaDevicePluginManifest,
  validateEfaDevicePlugin,
} from "../../../../components/cluster/network";
import { TaintEffect } from "../../../../components/model";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("EfaDevicePlugin", () => {
  it("creates a namespace and a DaemonSet", async () => {
    new EfaDevicePlugin("efa");
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:EfaDevicePlugin efa",
      "kubernetes:core/v1:Namespace efa-namespace < efa",
      "kubernetes:apps/v1:DaemonSet efa-daemon-set < efa",
    ]);
  });

  it("labels its namespace privileged at a pinned version, as its container is", async () => {
    new EfaDevicePlugin("efa", { namespace: "fabric" });
    const [, namespace] = await program.resources();
    expect(namespace?.inputs["metadata"]).toEqual({
      name: "fabric",
      labels: {
        "pod-security.kubernetes.io/enforce": "privileged",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
      },
    });
  });

  it("tells its namespace, and when it is ready", async () => {
    const plugin = new EfaDevicePlugin("efa");
    expect(await valueOf(plugin.namespace)).toBe("efa-device-plugin");
    expect(await valueOf(plugin.ready)).toBe(true);
  });

  it("is not ready yet in a preview", async () => {
    await startMocks({ preview: true });
    expect(await isKnown(new EfaDevicePlugin("efa").ready)).toBe(false);
  });

  it("uses the provider that it is given for every child", async () => {
    const provider = new k8s.Provider("lab", {});
    new EfaDevicePlugin("efa", {}, { providers: [provider] });
    const children = (await program.resources()).filter(({ parent }) => parent === "efa");
    expect(children.map((child) => child.provider)).toEqual(["lab", "lab"]);
  });

  it("registers nothing when there is a problem", async () => {
    const { message } = problemsOf(() => new EfaDevicePlugin("efa", { namespace: "kube-system" }));
    expect(message).toBe('EfaDevicePlugin "efa": 1 invalid input');
    expect(await program.resources()).toEqual([]);
  });
});

describe("efaDevicePluginManifest", () => {
  it.each<[string, EfaDevicePluginArgs]>([
    ["efa-device-plugin.yaml", {}],
    [
      "efa-device-plugin-all-arguments.yaml",
      {
        image: "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v0.5.19",
        tolerations: [{ key: "team", value: "vision", effect: TaintEffect.noExecute }],
        priorityClassName: "fabric-critical",
        resources: { cpu: "50m", memory: "128Mi" },
      },
    ],
  ])("%s", (file, args) => {
    expectGolden(file, toYaml(efaDevicePluginManifest(args, "efa-device-plugin")));
  });
});

describe("EfaDevicePlugin: checks", () => {
  const ownNamespace = (name: string) =>
    `namespace is "${name}"; allowed: a namespace that is not Kubernetes' own. ` +
    "The namespace becomes privileged and is deleted with the plugin; give it one of its own.";

  it.each<[string, EfaDevicePluginArgs, string]>([
    ["the namespace default", { namespace: "default" }, ownNamespace("default")],
    ["the namespace kube-system", { namespace: "kube-system" }, ownNamespace("kube-system")],
    [
      "a misspelt namespace",
      { namespace: "EFA" },
      'namespace is "EFA"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        "Set namespace to such a name.",
    ],
    [
      "a misspelt toleration",
      { tolerations: [{ key: "" }] },
      'tolerations[0].key is ""; allowed: a label key such as example.com/team. Rename the key.',
    ],
    [
      "a CPU request that is no quantity",
      { resources: { cpu: "fast" } },
      'resources.cpu is "fast"; allowed: a Kubernetes quantity above zero. Write it like "10m".',
    ],
    [
      "no memory",
      { resources: { memory: "0" } },
      'resources.memory is "0"; allowed: a Kubernetes quantity above zero. Write it like "64Mi".',
    ],
  ])("refuses %s", (_given, args, reason) => {
    expect(validateEfaDevicePlugin("efa", args).map((problem) => problem.reason)).toEqual([reason]);
  });
});
