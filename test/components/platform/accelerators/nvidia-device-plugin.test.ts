import * as k8s from "@pulumi/kubernetes";
import { beforeEach, describe, expect, it } from "vitest";
import {
  DeviceListStrategy,
  MigStrategy,
  NvidiaDevicePlugin,
  type NvidiaDevicePluginArgs,
  nvidiaDevicePluginManifest,
  TaintEffect,
  validateNvidiaDevicePlugin,
} from "../../../../components";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const references = { namespace: "nvidia-device-plugin", serviceAccount: "nvidia-device-plugin" };
const shared = { timeSlicing: { replicas: 4 } };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("NvidiaDevicePlugin", () => {
  it("creates a namespace, a service account and a DaemonSet by default", async () => {
    new NvidiaDevicePlugin("gpu");
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:NvidiaDevicePlugin gpu",
      "kubernetes:core/v1:Namespace gpu-namespace < gpu",
      "kubernetes:core/v1:ServiceAccount gpu-service-account < gpu",
      "kubernetes:apps/v1:DaemonSet gpu-daemon-set < gpu",
    ]);
  });

  it("adds a config map where GPUs are shared", async () => {
    new NvidiaDevicePlugin("gpu", shared);
    const config = await program.resource("gpu-config");
    expect(config).toMatchObject({ type: "kubernetes:core/v1:ConfigMap", parent: "gpu" });
    expect(Object.keys(config.inputs["data"] as object)).toEqual(["default"]);
  });

  it("reads the nodes' labels where there are configurations to choose from", async () => {
    new NvidiaDevicePlugin("gpu", { namedConfigs: { shared } });
    expect(childList(await program.resources()).sort()).toEqual([
      "kubernetes:apps/v1:DaemonSet gpu-daemon-set < gpu",
      "kubernetes:core/v1:ConfigMap gpu-config < gpu",
      "kubernetes:core/v1:Namespace gpu-namespace < gpu",
      "kubernetes:core/v1:ServiceAccount gpu-service-account < gpu",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole gpu-node-reader < gpu",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding gpu-node-reader-binding < gpu",
      "mlstack:index:NvidiaDevicePlugin gpu",
    ]);
  });

  it("creates no config map for an empty list of configurations", async () => {
    new NvidiaDevicePlugin("gpu", { namedConfigs: {} });
    expect(await program.resources()).toHaveLength(4);
  });

  it("labels its namespace privileged at a pinned version, as it mounts directories of the host", async () => {
    new NvidiaDevicePlugin("gpu", { namespace: "gpu-system" });
    const namespace = await program.resource("gpu-namespace");
    expect(namespace.inputs["metadata"]).toEqual({
      name: "gpu-system",
      labels: {
        "pod-security.kubernetes.io/enforce": "privileged",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
      },
    });
  });

  it("tells its namespace, and when it is ready", async () => {
    const plugin = new NvidiaDevicePlugin("gpu");
    expect(await valueOf(plugin.namespace)).toBe("nvidia-device-plugin");
    expect(await valueOf(plugin.ready)).toBe(true);
  });

  it("is not ready yet in a preview", async () => {
    await startMocks({ preview: true });
    const plugin = new NvidiaDevicePlugin("gpu");
    expect(await isKnown(plugin.ready)).toBe(false);
    expect(await valueOf(plugin.namespace)).toBe("nvidia-device-plugin");
  });

  it("uses the provider that it is given for every child", async () => {
    const provider = new k8s.Provider("lab", {});
    new NvidiaDevicePlugin("gpu", { namedConfigs: { shared } }, { providers: [provider] });
    const children = (await program.resources()).filter(({ parent }) => parent === "gpu");
    expect(children.map((child) => child.provider)).toEqual(Array(6).fill("lab"));
  });

  it("can be installed on two clusters of one stack", async () => {
    new NvidiaDevicePlugin("east");
    new NvidiaDevicePlugin("west");
    const names = (await program.resources()).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("registers nothing when there is a problem", async () => {
    const { message } = problemsOf(() => new NvidiaDevicePlugin("gpu", { namespace: "default" }));
    expect(message).toBe('NvidiaDevicePlugin "gpu": 1 invalid input');
    expect(await program.resources()).toEqual([]);
  });
});

describe("nvidiaDevicePluginManifest", () => {
  it.each<[string, NvidiaDevicePluginArgs, object]>([
    ["device-plugin.yaml", {}, {}],
    ["device-plugin-time-slicing.yaml", shared, { configMap: "gpu-config" }],
    ["device-plugin-named-configs.yaml", { namedConfigs: { shared } }, { configMap: "gpu-config" }],
    ["device-plugin-mig.yaml", { migStrategy: MigStrategy.mixed }, {}],
    ["device-plugin-volume-mounts.yaml", { deviceListStrategy: DeviceListStrategy.volumeMounts }, {}],
    [
      "device-plugin-all-arguments.yaml",
      {
        image: "registry.example.com/k8s-device-plugin:v0.20.0",
        failOnInitError: false,
        tolerations: [{ key: "team", value: "vision", effect: TaintEffect.noExecute }],
        priorityClassName: "gpu-critical",
        runtimeClassName: "nvidia",
        driverRoot: "/run/nvidia/driver",
        sysAdmin: true,
        resources: { cpu: "100m", memory: "512Mi" },
      },
      {},
    ],
  ])("%s", (file, args, more) => {
    expectGolden(file, toYaml(nvidiaDevicePluginManifest(args, { ...references, ...more })));
  });
});

describe("NvidiaDevicePlugin: the configuration file", () => {
  it.each<[string, NvidiaDevicePluginArgs, Record<string, string>]>([
    [
      "renames shared GPUs and refuses two shares of one by default",
      { migStrategy: MigStrategy.single, timeSlicing: { replicas: 4 } },
      {
        default: [
          "version: v1",
          "flags:",
          "  migStrategy: single",
          "sharing:",
          "  timeSlicing:",
          "    renameByDefault: true",
          "    failRequestsGreaterThanOne: true",
          "    resources:",
          "      - name: nvidia.com/gpu",
          "        replicas: 4",
          "",
        ].join("\n"),
      },
    ],
    [
      "has a default beside the named ones",
      { namedConfigs: { split: { migStrategy: MigStrategy.mixed } } },
      {
        default: "version: v1\nflags:\n  migStrategy: none\n",
        split: "version: v1\nflags:\n  migStrategy: mixed\n",
      },
    ],
  ])("%s", async (_behaviour, args, data) => {
    new NvidiaDevicePlugin("gpu", args);
    const config = await program.resource("gpu-config");
    expect(config.inputs["data"]).toEqual(data);
  });
});

describe("NvidiaDevicePlugin: checks", () => {
  it.each<[string, NvidiaDevicePluginArgs]>([
    ["nothing at all", {}],
    ["every strategy", { deviceListStrategy: DeviceListStrategy.envvar, migStrategy: MigStrategy.single }],
    ["sharing by node", { namedConfigs: { "time-slicing-2": { timeSlicing: { replicas: 2 } } } }],
    ["a driver elsewhere", { driverRoot: "/run/nvidia/driver" }],
  ])("accepts %s", (_given, args) => {
    expect(validateNvidiaDevicePlugin("gpu", args)).toEqual([]);
  });

  const ownNamespace = (name: string) =>
    `namespace is "${name}"; allowed: a namespace that is not Kubernetes' own. ` +
    "The namespace becomes privileged and is deleted with the plugin; give it one of its own.";

  it.each<[string, NvidiaDevicePluginArgs, string]>([
    ["the namespace default", { namespace: "default" }, ownNamespace("default")],
    ["the namespace kube-system", { namespace: "kube-system" }, ownNamespace("kube-system")],
    [
      "a misspelt namespace",
      { namespace: "GPU" },
      'namespace is "GPU"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        "Set namespace to such a name.",
    ],
    [
      "an unknown device list strategy",
      { deviceListStrategy: "cdi" as DeviceListStrategy },
      'deviceListStrategy is "cdi"; allowed: cdi-cri, volume-mounts, envvar. ' +
        "Set deviceListStrategy to one of these.",
    ],
    [
      "an unknown MIG strategy",
      { migStrategy: "all" as MigStrategy },
      'migStrategy is "all"; allowed: none, single, mixed. Set migStrategy to one of these.',
    ],
    [
      "sharing with nobody",
      { timeSlicing: { replicas: 1 } },
      "timeSlicing.replicas is 1; allowed: a whole number from 2. Set timeSlicing.replicas within that range.",
    ],
    [
      "sharing with nobody in a named configuration",
      { namedConfigs: { shared: { timeSlicing: { replicas: 1.5 } } } },
      'namedConfigs["shared"].timeSlicing.replicas is 1.5; allowed: a whole number from 2. ' +
        'Set namedConfigs["shared"].timeSlicing.replicas within that range.',
    ],
    [
      "a named configuration that is the default",
      { namedConfigs: { default: {} } },
      'namedConfigs["default"] is "default"; allowed: any name but default. ' +
        "Use migStrategy and timeSlicing for the default.",
    ],
    [
      "a configuration name that is no label value",
      { namedConfigs: { "a b": {} } },
      'namedConfigs["a b"] is "a b"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        'Set namedConfigs["a b"] to such a name.',
    ],
    [
      "a misspelt toleration",
      { tolerations: [{ key: "" }] },
      'tolerations[0].key is ""; allowed: a label key such as example.com/team. Rename the key.',
    ],
    [
      "a relative driver root",
      { driverRoot: "run/nvidia" },
      'driverRoot is "run/nvidia"; allowed: an absolute path. Start it with a slash.',
    ],
    [
      "a CPU request that is no quantity",
      { resources: { cpu: "fast" } },
      'resources.cpu is "fast"; allowed: a Kubernetes quantity above zero. Write it like "50m".',
    ],
    [
      "no memory",
      { resources: { memory: "0" } },
      'resources.memory is "0"; allowed: a Kubernetes quantity above zero. Write it like "256Mi".',
    ],
  ])("refuses %s", (_given, args, reason) => {
    expect(validateNvidiaDevicePlugin("gpu", args).map((problem) => problem.reason)).toEqual([reason]);
  });
});
