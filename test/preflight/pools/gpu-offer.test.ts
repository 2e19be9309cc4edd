import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { plannedPools, type PlannedPool } from "../../../preflight/pools";
import { goldenStack, stackOf } from "./written-stack";

/** A node group of machines with 8 A100s of 40 GB, and with labels of its own. */
const poolWith = (labels: TreeObject = {}, instanceType = "p4d.24xlarge", more: TreeObject = {}): PlannedResource => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  name: "train",
  urn: "urn:train",
  properties: {
    amiType: "AL2023_x86_64_NVIDIA",
    instanceTypes: [instanceType],
    labels: { "nvidia.com/gpu.present": "true", ...labels },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
    ...more,
  },
});

const offerOf = (resources: PlannedResource[]): Record<string, number> => {
  const [pool] = plannedPools(resources);
  return Object.fromEntries([...pool!.free].filter(([name]) => name.startsWith("nvidia.com/")));
};

const unknownsOf = (resources: PlannedResource[]): PlannedPool["unknowns"] => plannedPools(resources)[0]!.unknowns;

/** The plugin as an object, with a file of its configuration. */
const pluginWith = (file: string): PlannedResource[] => [
  ...goldenStack("device-plugin-time-slicing"),
  ...stackOf(`
apiVersion: v1
kind: ConfigMap
metadata: { name: gpu-config, namespace: nvidia-device-plugin }
data:
  default: ${JSON.stringify(file)}
`),
];

const release = (chart: string, values: TreeObject): PlannedResource => ({
  type: "kubernetes:helm.sh/v3:Release",
  name: chart,
  urn: `urn:${chart}`,
  properties: { chart, values },
});

const policy = (spec: TreeObject): PlannedResource => ({
  type: "kubernetes:nvidia.com/v1:ClusterPolicy",
  name: "cluster-policy",
  urn: "urn:policy",
  properties: { apiVersion: "nvidia.com/v1", kind: "ClusterPolicy", metadata: { name: "cluster-policy" }, spec },
});

const NAMED: PlannedResource[] = [
  ...goldenStack("device-plugin-named-configs"),
  ...stackOf(`
apiVersion: v1
kind: ConfigMap
metadata: { name: gpu-config, namespace: nvidia-device-plugin }
data:
  default: "version: v1"
  shared: |
    version: v1
    sharing: { timeSlicing: { renameByDefault: true, resources: [{ name: nvidia.com/gpu, replicas: 4 }] } }
`),
];

describe("GPUs without a device plugin in the stack", () => {
  it("are offered whole, by whoever installs one", () => {
    expect(offerOf([poolWith()])).toEqual({ "nvidia.com/gpu": 8 });
  });
});

describe("the device plugin as objects", () => {
  it("offers whole GPUs where nothing is configured", () => {
    expect(offerOf([poolWith(), ...goldenStack("device-plugin")])).toEqual({ "nvidia.com/gpu": 8 });
  });

  it("offers time slices in place of GPUs", () => {
    const file = "sharing: { timeSlicing: { resources: [{ name: nvidia.com/gpu, replicas: 4 }] } }";
    expect(offerOf([poolWith(), ...pluginWith(file)])).toEqual({ "nvidia.com/gpu": 32 });
  });

  it.each([
    ["nvidia.com/gpu.shared", "renameByDefault: true, resources: [{ name: nvidia.com/gpu, replicas: 4 }]"],
    ["nvidia.com/gpu.shared", "renameByDefault: true, resources: [{ name: gpu, replicas: 4 }]"],
    [
      "nvidia.com/quarter",
      "renameByDefault: true, resources: [{ name: nvidia.com/gpu, rename: quarter, replicas: 4 }]",
    ],
  ])("offers time slices as %s where it is told to", (offered, timeSlicing) => {
    const file = `sharing: { timeSlicing: { ${timeSlicing} } }`;
    expect(offerOf([poolWith(), ...pluginWith(file)])).toEqual({ [offered]: 32 });
  });

  it("offers shares by MPS as it does time slices", () => {
    const file = "sharing: { mps: { renameByDefault: true, resources: [{ name: nvidia.com/gpu, replicas: 10 }] } }";
    expect(offerOf([poolWith(), ...pluginWith(file)])).toEqual({ "nvidia.com/gpu.shared": 80 });
  });

  it.each(["{ name: nvidia.com/gpu, replicas: 1 }", "{ name: nvidia.com/gpu }", "{ replicas: 4 }", "4"])(
    "shares nothing by %s",
    (share) => {
      const file = `sharing: { timeSlicing: { renameByDefault: true, resources: [${share}] } }`;
      expect(offerOf([poolWith(), ...pluginWith(file)])).toEqual({ "nvidia.com/gpu": 8 });
    },
  );

  it("lets a node choose its configuration by a label", () => {
    expect(offerOf([poolWith({ "nvidia.com/device-plugin.config": "shared" }), ...NAMED])).toEqual({
      "nvidia.com/gpu.shared": 32,
    });
    expect(offerOf([poolWith(), ...NAMED])).toEqual({ "nvidia.com/gpu": 8 });
  });

  it("says that a configuration is not known which is nowhere in the stack", () => {
    const resources = [poolWith({ "nvidia.com/device-plugin.config": "lost" }), ...NAMED];
    expect(offerOf(resources)).toEqual({});
    expect(unknownsOf(resources)).toEqual([
      { property: "gpuResource", reason: "the configuration of its device plugin is not known" },
    ]);
    expect(offerOf([poolWith(), ...goldenStack("device-plugin-named-configs")])).toEqual({});
  });

  it("finds the configuration that it waits for, as its name is not known before", () => {
    const [daemonSet, configMap] = [goldenStack("device-plugin-time-slicing")[0]!, NAMED.at(-1)!];
    const waiting = { ...daemonSet, dependencies: ["urn:gone", daemonSet.urn, configMap.urn] };
    const properties: TreeObject = { ...configMap.properties, metadata: { name: UNKNOWN } };
    const renamed = { ...configMap, properties };
    expect(offerOf([poolWith(), waiting, renamed])).toEqual({ "nvidia.com/gpu": 8 });
  });

  it.each(["nvidia-device-plugin-gpu-feature-discovery", "nvidia-device-plugin-mps-control-daemon", "fluent-bit"])(
    "is not what is called %s",
    (name) => {
      const [daemonSet, ...others] = pluginWith("sharing: { mps: { resources: [{ name: gpu, replicas: 4 }] } }");
      const metadata: TreeObject = { name, namespace: "nvidia-device-plugin" };
      const other = { ...daemonSet!, properties: { ...daemonSet!.properties, metadata } };
      expect(offerOf([poolWith(), other, ...others])).toEqual({ "nvidia.com/gpu": 8 });
    },
  );

  it("shows slices by their profiles", () => {
    const resources = [poolWith({ "nvidia.com/mig.config": "all-1g.5gb" }), ...goldenStack("device-plugin-mig")];
    expect(offerOf(resources)).toEqual({ "nvidia.com/mig-1g.5gb": 56 });
  });

  it("shows whole GPUs where no label says that they are split", () => {
    expect(offerOf([poolWith(), ...goldenStack("device-plugin-mig")])).toEqual({ "nvidia.com/gpu": 8 });
  });

  it("shows no slices where it is not told to", () => {
    const resources = [poolWith({ "nvidia.com/mig.config": "all-1g.5gb" }), ...goldenStack("device-plugin")];
    expect(offerOf(resources)).toEqual({ "nvidia.com/gpu": 8 });
  });

  it("shares slices as well", () => {
    const file =
      "flags: { migStrategy: mixed }\nsharing: { timeSlicing: { resources: [{ name: nvidia.com/mig-1g.5gb, replicas: 2 }] } }";
    const resources = [poolWith({ "nvidia.com/mig.config": "all-1g.5gb" }), ...pluginWith(file)];
    expect(offerOf(resources)).toEqual({ "nvidia.com/mig-1g.5gb": 112 });
  });
});

describe("layouts of slices", () => {
  const split = (layout: string, instanceType?: string) =>
    offerOf([poolWith({ "nvidia.com/mig.config": layout }, instanceType), ...goldenStack("device-plugin-mig")]);

  it.each<[string, string, Record<string, number>]>([
    ["all-disabled", "p4d.24xlarge", { "nvidia.com/gpu": 8 }],
    ["all-enabled", "p4d.24xlarge", {}],
    ["all-7g.40gb", "p4d.24xlarge", { "nvidia.com/mig-7g.40gb": 8 }],
    ["all-1g.10gb", "p4de.24xlarge", { "nvidia.com/mig-1g.10gb": 56 }],
    ["all-3g.71gb", "p5e.48xlarge", { "nvidia.com/mig-3g.71gb": 16 }],
    [
      "all-balanced",
      "p5.48xlarge",
      { "nvidia.com/mig-1g.10gb": 16, "nvidia.com/mig-2g.20gb": 8, "nvidia.com/mig-3g.40gb": 8 },
    ],
    ["all-1g.24gb", "g7e.12xlarge", { "nvidia.com/mig-1g.24gb": 8 }],
  ])("%s on %s makes %o", (layout, instanceType, offer) => {
    expect(split(layout, instanceType)).toEqual(offer);
  });

  it.each([
    ["all-1g.10gb", "g5.12xlarge"],
    ["all-balanced", "g5.12xlarge"],
    ["all-balanced", "g7e.12xlarge"],
    ["all-9g.90gb", "p4d.24xlarge"],
    ["ours", "p4d.24xlarge"],
  ])("says that it does not know what %s makes of %s", (layout, instanceType) => {
    const resources = [
      poolWith({ "nvidia.com/mig.config": layout }, instanceType),
      ...goldenStack("device-plugin-mig"),
    ];
    expect(offerOf(resources)).toEqual({});
    expect(unknownsOf(resources)).toEqual([
      { property: "gpuResource", reason: `nothing tells into which slices ${layout} splits its GPUs` },
    ]);
  });
});

describe("the GPU operator", () => {
  const layouts = stackOf(`
apiVersion: v1
kind: ConfigMap
metadata: { name: own-layouts, namespace: gpu-operator }
data:
  config.yaml: |
    version: v1
    mig-configs:
      halves:
        - { devices: all, mig-enabled: true, mig-devices: { 3g.20gb: 2 } }
      one-split:
        - { devices: all, mig-enabled: false }
        - { devices: [0, 99], mig-enabled: true, mig-devices: { 1g.5gb+me: 1, 2g.10gb: 3 } }
      switched-off:
        - { devices: all, mig-enabled: false, mig-devices: { 1g.5gb: 7 } }
      filtered:
        - { device-filter: "0x20B010DE", devices: all, mig-enabled: true, mig-devices: { 1g.5gb: 7 } }
        - { devices: [0], mig-enabled: true, mig-devices: { 1g.5gb: 7 } }
      broken:
        - { devices: all, mig-enabled: true, mig-devices: { 1g.5gb: many, 2g.10gb: 1 } }
`);
  const mixed = (more: TreeObject = {}) => policy({ mig: { strategy: "mixed" }, ...more });
  const withOwn = mixed({ migManager: { config: { name: "own-layouts" } } });

  it("shows slices as GPUs where all are alike, and that by default", () => {
    const resources = [poolWith({ "nvidia.com/mig.config": "all-2g.10gb" }), policy({})];
    expect(offerOf(resources)).toEqual({ "nvidia.com/gpu": 24 });
  });

  it("leaves GPUs whole by default", () => {
    expect(offerOf([poolWith(), policy({})])).toEqual({ "nvidia.com/gpu": 8 });
  });

  it("splits the GPUs of all nodes where its default says so", () => {
    const spec = { mig: { strategy: "mixed" }, migManager: { config: { default: "all-1g.5gb" } } };
    expect(offerOf([poolWith(), policy(spec)])).toEqual({ "nvidia.com/mig-1g.5gb": 56 });
    expect(offerOf([poolWith(), policy({ ...spec, migManager: { ...spec.migManager, enabled: false } })])).toEqual({
      "nvidia.com/gpu": 8,
    });
  });

  it("does not know what becomes of slices that differ where it is to show them as GPUs", () => {
    const resources = [poolWith({ "nvidia.com/mig.config": "all-balanced" }), policy({})];
    expect(offerOf(resources)).toEqual({});
  });

  it.each<[string, Record<string, number>]>([
    ["halves", { "nvidia.com/mig-3g.20gb": 16 }],
    ["one-split", { "nvidia.com/gpu": 7, "nvidia.com/mig-1g.5gb.me": 1, "nvidia.com/mig-2g.10gb": 3 }],
    ["switched-off", { "nvidia.com/gpu": 8 }],
    ["filtered", {}],
    ["broken", {}],
    ["lost", {}],
  ])("splits GPUs by %s of somebody's own file", (layout, offer) => {
    expect(offerOf([poolWith({ "nvidia.com/mig.config": layout }), withOwn, ...layouts])).toEqual(offer);
  });

  it.each(["", "default-mig-parted-config"])("has the built-in layouts where its file is called %o", (name) => {
    const spec = {
      mig: { strategy: "mixed" },
      migManager: { config: { name } },
      devicePlugin: { config: { name: "" } },
    };
    const resources = [poolWith({ "nvidia.com/mig.config": "all-1g.5gb" }), policy(spec)];
    expect(offerOf(resources)).toEqual({ "nvidia.com/mig-1g.5gb": 56 });
  });

  it("does not know layouts that are in no file of the stack", () => {
    expect(offerOf([poolWith({ "nvidia.com/mig.config": "halves" }), withOwn])).toEqual({});
  });

  it("shares GPUs by a ConfigMap that it names, in whatever namespace", () => {
    const config = stackOf(`
apiVersion: v1
kind: ConfigMap
metadata: { name: other, namespace: anywhere }
data: { any: "sharing: { timeSlicing: { resources: [{ name: nvidia.com/gpu, replicas: 9 }] } }" }
---
apiVersion: v1
kind: Secret
metadata: { name: slices, namespace: anywhere }
data: { any: "" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: slices, namespace: anywhere }
data: { any: "sharing: { timeSlicing: { resources: [{ name: nvidia.com/gpu, replicas: 2 }] } }" }
`);
    const spec = { devicePlugin: { config: { name: "slices", default: "any" } } };
    expect(offerOf([poolWith(), policy(spec), ...config])).toEqual({ "nvidia.com/gpu": 16 });
    expect(offerOf([poolWith(), policy(spec)])).toEqual({});
  });

  it("is read from the values of its chart as well", () => {
    const file = "sharing: { timeSlicing: { resources: [{ name: nvidia.com/gpu, replicas: 3 }] } }";
    const values = { devicePlugin: { config: { create: true, data: { any: file }, default: "any" } } };
    expect(offerOf([poolWith(), release("nvidia/gpu-operator", values)])).toEqual({ "nvidia.com/gpu": 24 });
  });

  it("offers nothing where its device plugin is switched off", () => {
    const spec = { devicePlugin: { enabled: false }, mig: { strategy: "single" } };
    const resources = [poolWith({ "nvidia.com/mig.config": "all-2g.10gb" }), policy(spec)];
    expect(offerOf(resources)).toEqual({ "nvidia.com/gpu": 8 });
  });
});

describe("the chart of the device plugin", () => {
  const slices = (replicas: number) =>
    `sharing: { timeSlicing: { resources: [{ name: gpu, replicas: ${replicas} }] } }`;

  it.each<[string, TreeObject, Record<string, number>]>([
    ["nothing", {}, { "nvidia.com/gpu": 8 }],
    ["empty names", { config: { map: {}, name: "", default: "" }, migStrategy: null }, { "nvidia.com/gpu": 8 }],
    ["no names", { config: { map: {}, name: null, default: null } }, { "nvidia.com/gpu": 8 }],
    ["one configuration", { config: { map: { any: slices(2) } } }, { "nvidia.com/gpu": 16 }],
    ["a default", { config: { map: { a: slices(2), b: slices(3) }, default: "b" } }, { "nvidia.com/gpu": 24 }],
    [
      "several, one called default",
      { config: { map: { a: slices(2), default: slices(5) } } },
      { "nvidia.com/gpu": 40 },
    ],
    ["several and no default", { config: { map: { a: slices(2), b: slices(3) } } }, {}],
    ["what is not known yet", { config: { map: UNKNOWN } }, {}],
    ["a configuration that is not known yet", { config: { map: { any: UNKNOWN } } }, {}],
    ["a default that is not known yet", { config: { map: { a: slices(2) }, default: UNKNOWN } }, {}],
    ["a ConfigMap that is not there", { config: { name: "gone" } }, {}],
    ["a strategy that is not known yet", { migStrategy: UNKNOWN }, {}],
  ])("offers GPUs as its values say: %s", (_, values, offer) => {
    expect(offerOf([poolWith(), release("nvidia-device-plugin", values)])).toEqual(offer);
  });

  it("shows slices as its values say, whatever the file does", () => {
    const values = { migStrategy: "mixed", config: { map: { any: "flags: { migStrategy: none }" } } };
    const resources = [poolWith({ "nvidia.com/mig.config": "all-1g.5gb" }), release("nvidia-device-plugin", values)];
    expect(offerOf(resources)).toEqual({ "nvidia.com/mig-1g.5gb": 56 });
  });

  it("is no other chart", () => {
    expect(offerOf([poolWith(), release("dcgm-exporter", { config: { map: { any: slices(2) } } })])).toEqual({
      "nvidia.com/gpu": 8,
    });
  });
});

describe("nodes that are objects", () => {
  it("offer what they say, whatever a plugin would make of it", () => {
    const file = "sharing: { timeSlicing: { resources: [{ name: nvidia.com/gpu, replicas: 4 }] } }";
    expect(offerOf([...goldenStack("example-gpu-node-pool"), ...pluginWith(file)])).toEqual({ "nvidia.com/gpu": 4 });
  });
});

describe("nodes of Bottlerocket", () => {
  const template = (userData: string): PlannedResource => ({
    type: "aws:ec2/launchTemplate:LaunchTemplate",
    name: "t",
    urn: "urn:template",
    properties: { name: "t", userData: Buffer.from(userData).toString("base64") },
  });
  const pool = (amiType: string) => poolWith({}, "p4d.24xlarge", { amiType, launchTemplate: { name: "t" } });

  it("offer whole GPUs where their user data say nothing of sharing", () => {
    const plain = template('[settings.host]\nname = "a"');
    expect(offerOf([plain, pool("BOTTLEROCKET_x86_64_NVIDIA")])).toEqual({ "nvidia.com/gpu": 8 });
  });

  it("offer what nothing here tells where their user data share GPUs", () => {
    const sharing = template('[settings.kubelet-device-plugins.nvidia]\ndevice-sharing-strategy = "time-slicing"');
    expect(offerOf([sharing, pool("BOTTLEROCKET_x86_64_NVIDIA")])).toEqual({});
    expect(unknownsOf([sharing, pool("BOTTLEROCKET_x86_64_NVIDIA")])).toContainEqual({
      property: "gpuResource",
      reason: "its user data says how GPUs are shared, which is not read here",
    });
    expect(offerOf([sharing, pool("AL2023_x86_64_NVIDIA")])).toEqual({ "nvidia.com/gpu": 8 });
  });
});
