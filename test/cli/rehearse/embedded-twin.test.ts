import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { embeddedTwin } from "../../../cli/rehearse/embedded-twin";
import { ABSENT_PARTS } from "../../../cli/rehearse/twin-changes";
import { networkOf } from "../../../components/cluster/eks/vpc-args";
import { gpuPoolShape, type PlatformPart } from "../../../components";
import type { TreeObject } from "../../../components/model";
import { sourcesOfPart } from "../../../components/platform/ml-platform/part-sources";
import { PLATFORM_PARTS } from "../../../components/platform/ml-platform/platform-parts";
import { CONTROLLERS } from "../../../rehearsal/operators/controllers";
import { type Environment, readEnvironment } from "../../../stacks/config";
import { scenarios } from "../../../stacks/scenarios";
import type { Scenario } from "../../../stacks/scenarios/scenario";

const NAMES = ["dev", "staging", "prod"];

/** The configuration of one of the stacks. */
function written(name: string): TreeObject {
  const path = join(__dirname, "..", "..", "..", "stacks", `Pulumi.${name}.yaml`);
  return (parse(readFileSync(path, "utf8")) as { config: TreeObject }).config;
}

/** What the program makes of a configuration. @throws ConfigurationError where it does not pass the check. */
function environmentOf(config: TreeObject, stack = "test"): Environment {
  const values = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return readEnvironment(Object.fromEntries(values) as Record<string, string>, { stack });
}

describe.each(NAMES)("the twin of %s", (name) => {
  const config = written(name);
  const twin = embeddedTwin(name, config);
  const [before, after] = [environmentOf(config), environmentOf(twin.config)];

  test("passes the configuration check as a stack of the kind local, whose controllers run", () => {
    expect(twin.config["mlstack:cluster"]).toEqual({ kind: "local", controllers: "processes" });
    expect(after.cluster).toEqual({ kind: "local" });
    expect(after.localAutoscaling).toBeDefined();
  });

  test("has pools of the same machines, in the same zones, with the same ceilings, prices and taints", () => {
    const { region, vpc = {} } = before.cluster.eks!;
    const zones = networkOf(region, vpc).availabilityZones;
    const subnets = zones.map((availabilityZone) => ({ availabilityZone, subnetId: "subnet" }));
    const eks = { region, autoMode: false, subnets } as never;
    const onEks = before.gpuPools.map((pool) => gpuPoolShape(pool.name, { ...pool.args, eks }));
    expect(after.gpuPools.map((pool) => gpuPoolShape(pool.name, pool.args))).toEqual(onEks);
    expect(after.gpuPools.map(({ args }) => args.schedules)).toEqual(before.gpuPools.map(({ args }) => args.schedules));
    expect(twin.region).toBe(region);
  });

  test("has the whole system pool from the beginning", () => {
    expect(after.systemPool!.minNodes).toBe(before.systemPool!.maxNodes);
    expect(after.systemPool!.instanceType).toBe(before.systemPool!.instanceType);
  });

  test("has every part of the platform that Go modules carry, queues and tenants as they are", () => {
    const parts = Object.keys(before.platform!.parts).filter((part) => !ABSENT_PARTS.includes(part));
    expect(Object.keys(after.platform!.parts)).toEqual(parts);
    expect(after.platform!.parts.queues).toEqual(before.platform!.parts.queues);
    expect(after.platform!.parts.tenants).toEqual(before.platform!.parts.tenants);
  });

  test("has the same scenarios", () => {
    expect(after.scenarios).toEqual(before.scenarios);
  });

  test("names nothing of AWS but zones and a store", () => {
    expect(JSON.stringify(twin.config)).not.toMatch(/arn:|cr-0|\b\d{12}\b|eks/);
  });
});

test("tells what is not as in production, each with the paths that it is about", () => {
  expect(embeddedTwin("prod", written("prod")).remarks).toEqual([
    "the embedded cluster takes the place of the one on EKS: no network, access rights, add-ons or machines are made, and Karpenter with its KWOK provider starts the nodes of GPU pools; machines of the system pool are in no zone (mlstack:cluster, mlstack:gpuPools[0].backEnd, mlstack:gpuPools[1].backEnd, mlstack:gpuPools[2].backEnd, mlstack:gpuPools[3].backEnd, mlstack:gpuPools[4].backEnd)",
    "tags and protection are for what is made in AWS (mlstack:tags, mlstack:protect)",
    "the system pool has all machines that it may grow to from the beginning, as nothing here starts machines without GPUs (mlstack:systemPool)",
    "machines of a reservation or capacity block can be had at any time, as many as the pool may grow to, and cost nothing while they are not there, though AWS bills them (mlstack:gpuPools[0].capacityReservationId, mlstack:gpuPools[1].capacityReservationId)",
    "parts of the platform are left out whose charts or manifests no Go module carries (mlstack:platform.parts.certManager, mlstack:platform.parts.monitoring, mlstack:platform.parts.metricsServer, mlstack:platform.parts.dcgmExporter, mlstack:platform.parts.modelRegistry)",
    "nothing is stored in buckets; steps of workflows are told of one, as they fail without (mlstack:platform.parts.argoWorkflows, mlstack:storage.artifacts)",
    "claims of shared volumes and datasets have simulated volumes, which pods in any zone may mount, and nobody asks who reads them (mlstack:storage.volumes, mlstack:storage.datasets)",
  ]);
});

test("brings the namespaces and claims of the storage", () => {
  const [storageClass, ...objects] = embeddedTwin("prod", written("prod")).objects;
  expect(storageClass).toMatchObject({ kind: "StorageClass", metadata: { name: "gp3" } });
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata?.namespace ?? ""}/${metadata?.name}`)).toEqual([
    "Namespace /training",
    "PersistentVolumeClaim training/checkpoints",
    "PersistentVolumeClaim training/workspaces",
    "PersistentVolumeClaim training/images",
    "PersistentVolumeClaim training/corpus",
  ]);
  // A pod that runs as root makes the first folder of a Lustre volume.
  expect(objects[0]!.metadata!.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "baseline" });
  expect(objects[1]).toMatchObject({
    spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "4800Gi" } } },
  });
});

/** A small stack on EKS, with more of its configuration beside it. */
function small(more: TreeObject = {}, eks: TreeObject = {}): TreeObject {
  return {
    "mlstack:cluster": { kind: "eks", eks: { region: "eu-west-1", ...eks } },
    "mlstack:gpuPools": [{ name: "t4", instanceType: "g4dn.xlarge", maxNodes: 2 }],
    ...more,
  };
}

const [embeddedRemark] = embeddedTwin("small", small()).remarks;

/** Parts of a configuration, what becomes of them, and what is told of it. */
const changes: { of: string; given: TreeObject; becomes: TreeObject; told: string[] }[] = [
  {
    of: "a pool in a capacity block",
    given: {
      "mlstack:gpuPools": [
        {
          name: "block",
          backEnd: "managed",
          instanceType: "p5.48xlarge",
          capacityType: "capacity-block",
          capacityReservationId: "cr-0123456789abcdef0",
          availabilityZones: ["eu-west-1b"],
          efa: true,
          maxGpus: 32,
        },
      ],
    },
    becomes: {
      "mlstack:gpuPools": [
        {
          name: "block",
          instanceType: "p5.48xlarge",
          capacityType: "capacity-block",
          availabilityZones: ["eu-west-1b"],
          efa: true,
          maxGpus: 32,
        },
      ],
    },
    told: [
      "machines of a reservation or capacity block can be had at any time, as many as the pool may grow to, and cost nothing while they are not there, though AWS bills them (mlstack:gpuPools[0].capacityReservationId)",
    ],
  },
  {
    of: "a pool in a placement group",
    given: {
      "mlstack:gpuPools": [
        {
          name: "close",
          instanceType: "g5.xlarge",
          placementGroup: true,
          availabilityZones: ["eu-west-1a"],
          maxNodes: 1,
        },
      ],
    },
    becomes: {
      "mlstack:gpuPools": [
        { name: "close", instanceType: "g5.xlarge", availabilityZones: ["eu-west-1a"], maxNodes: 1 },
      ],
    },
    told: ["machines stand close to each other in nothing but their zone (mlstack:gpuPools[0].placementGroup)"],
  },
  {
    of: "a pool that says what its GPUs must be like",
    given: { "mlstack:gpuPools": [{ name: "any", gpus: { gpuMemoryGib: 20 }, maxNodes: 1 }] },
    becomes: {
      "mlstack:gpuPools": [
        {
          name: "any",
          gpus: { gpuMemoryGib: 20 },
          maxNodes: 1,
          availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
          amiFamily: "al2023",
        },
      ],
    },
    told: [],
  },
  {
    of: "parts with versions of their own",
    given: {
      "mlstack:platform": {
        chartMirror: "/charts",
        parts: { kueue: { version: "0.18.0", replicas: 1 }, tenants: { version: {} } },
      },
    },
    becomes: { "mlstack:platform": { parts: { kueue: { replicas: 1 }, tenants: { version: {} } } } },
    told: [
      "charts and manifests come out of Go modules (mlstack:platform.chartMirror)",
      "parts of the platform have the versions whose programs are built here (mlstack:platform.parts.kueue.version)",
    ],
  },
  {
    of: "a store of the platform that is left out",
    given: { "mlstack:platform": { parts: { seaweedFs: {}, argoWorkflows: {} } } },
    becomes: {
      "mlstack:platform": {
        parts: { argoWorkflows: { artifactStore: { kind: "s3", bucket: "artifacts", region: "eu-west-1" } } },
      },
    },
    told: [
      "parts of the platform are left out whose charts or manifests no Go module carries (mlstack:platform.parts.seaweedFs)",
      "nothing is stored in buckets; steps of workflows are told of one, as they fail without (mlstack:platform.parts.argoWorkflows)",
    ],
  },
  {
    of: "what stands on a mesh",
    given: {
      "mlstack:platform": {
        parts: {
          istio: {},
          consoleAccess: { anything: true },
          katib: { console: { gateway: "istio-system/console", serviceAccount: "gateway" } },
          kserve: { deploymentMode: "Knative", ingress: { domain: "models.acme.org", gateway: "istio-system/models" } },
          tenants: { "team-a": { istioInjection: true, katibMetrics: true } },
        },
      },
    },
    becomes: {
      "mlstack:platform": {
        parts: {
          katib: {},
          kserve: { ingress: { domain: "models.acme.org" } },
          tenants: { "team-a": { katibMetrics: true } },
        },
      },
    },
    told: [
      'Istio is left out, and what stands on it (mlstack:platform.parts.istio, mlstack:platform.parts.consoleAccess, mlstack:platform.parts.katib.console, mlstack:platform.parts.kserve.ingress.gateway, mlstack:platform.parts.tenants["team-a"].istioInjection)',
      "KServe serves by Deployments, as there is no Knative (mlstack:platform.parts.kserve.deploymentMode)",
    ],
  },
  {
    of: "StorageClasses, a database, updates",
    given: {
      "mlstack:scenarioStorageClass": "efs-shared",
      "mlstack:platform": {
        parts: {
          katib: { database: { storageClassName: "gp3" }, sharedStorageClassName: "efs-shared" },
          verticalPodAutoscaling: { updates: true },
        },
      },
    },
    becomes: { "mlstack:platform": { parts: { katib: {}, verticalPodAutoscaling: {} } } },
    told: [
      "the recommender of the Vertical Pod Autoscaler runs alone, and changes no pod (mlstack:platform.parts.verticalPodAutoscaling.updates)",
      "Katib keeps metrics of trials in memory (mlstack:platform.parts.katib.database)",
      "volumes are of the one StorageClass that there is, standard (mlstack:scenarioStorageClass, mlstack:platform.parts.katib.sharedStorageClassName)",
    ],
  },
  {
    of: "keys of providers",
    given: { "aws:region": "eu-west-1", "aws:profile": { secure: "v1:abc" } },
    becomes: {},
    told: ["settings of providers are not read (aws:region, aws:profile)"],
  },
  {
    of: "secrets of what is left out",
    given: { "mlstack:tags": { owner: { secure: "v1:abc" } }, "mlstack:addOns": { secure: "v1:abc" } },
    becomes: {},
    told: ["tags and protection are for what is made in AWS (mlstack:tags)"],
  },
];

test.each(changes)("of $of becomes what can be had of it, which is told", ({ given, becomes, told }) => {
  const { config, remarks } = embeddedTwin("small", small(given));
  for (const key of Object.keys(given)) expect(config[key]).toEqual(becomes[key]);
  const others = remarks.filter((remark) => !remark.startsWith(embeddedRemark!.split(" (")[0]!));
  expect(others).toEqual(told);
});

test("pools of a cluster in Auto Mode choose among machines with its operating system, and there is a system pool", () => {
  const { config } = embeddedTwin(
    "auto",
    small(
      {
        "mlstack:systemPool": { nodes: 0 },
        "mlstack:gpuPools": [{ name: "any", gpus: { gpuMemoryGib: 20 }, maxNodes: 1 }],
      },
      { autoMode: true },
    ),
  );
  const environment = environmentOf(config);
  expect(environment.gpuPools[0]!.args.amiFamily).toBe("bottlerocket");
  expect(environment.systemPool!.minNodes).toBeUndefined();
});

test("pools that name no zones are in those of the cluster", () => {
  const zonesOf = (eks: TreeObject) => {
    const [pool] = embeddedTwin("small", small({}, eks)).config["mlstack:gpuPools"] as TreeObject[];
    return pool!["availabilityZones"];
  };
  expect(zonesOf({})).toEqual(networkOf("eu-west-1", {}).availabilityZones);
  expect(zonesOf({ vpc: { availabilityZones: ["eu-west-1b", "eu-west-1c"] } })).toEqual(["eu-west-1b", "eu-west-1c"]);
  const subnets = ["eu-west-1c", "eu-west-1a", "eu-west-1c"].map((availabilityZone) => ({ availabilityZone }));
  expect(zonesOf({ existingVpc: { subnets } })).toEqual(["eu-west-1c", "eu-west-1a"]);
  expect(zonesOf({ region: "mars-1" })).toBeUndefined();
});

test("what has the wrong shape stays, for the configuration check to tell", () => {
  const broken = small({ "mlstack:gpuPools": "none", "mlstack:platform": [], "mlstack:systemPool": null });
  const { config } = embeddedTwin("broken", broken);
  expect(config).toMatchObject({ "mlstack:gpuPools": "none", "mlstack:platform": [], "mlstack:systemPool": null });
  expect(() => environmentOf(config)).toThrow('mlstack:gpuPools is "none"; allowed: a list. Write it as a list.');
  expect(() => embeddedTwin("broken", { "mlstack:cluster": { kind: "eks", eks: [] } })).not.toThrow();
});

test("refuses secrets in what decides about a rehearsal, without showing them", () => {
  const secret = { secure: "v1:Zm9v" };
  const config = small({
    "mlstack:gpuPools": [{ name: "t4", instanceType: secret, maxNodes: 1 }],
    "mlstack:platform": { parts: { kueue: { config: { key: secret } } } },
  });
  expect(() => embeddedTwin("small", config)).toThrow(
    "the stack small keeps secret what decides about its rehearsal: mlstack:gpuPools[0].instanceType and mlstack:platform.parts.kueue.config.key",
  );
});

test.each<[string, TreeObject, string]>([
  ["the system pool as a whole", { "mlstack:systemPool": { secure: "v1:Zm9v" } }, "mlstack:systemPool"],
  ["a pool as a whole", { "mlstack:gpuPools": [{ secure: "v1:Zm9v" }] }, "mlstack:gpuPools[0]"],
  ["the storage as a whole", { "mlstack:storage": { secure: "v1:Zm9v" } }, "mlstack:storage"],
  [
    "the namespace of a volume",
    {
      "mlstack:storage": {
        volumes: [{ name: "data", namespace: { secure: "v1:Zm9v" }, kmsKey: { secure: "v1:YQ==" } }],
      },
    },
    "mlstack:storage.volumes[0].namespace",
  ],
  [
    "the region",
    { "mlstack:cluster": { kind: "eks", eks: { region: { secure: "v1:Zm9v" } } } },
    "mlstack:cluster.eks.region",
  ],
])("refuses %s as a secret", (_, given, path) => {
  expect(() => embeddedTwin("small", small(given))).toThrow(
    new RegExp(`rehearsal: ${path.replace(/[.[\]]/g, "\\$&")}$`),
  );
});

test("reads values that are text of JSON, as the program does", () => {
  const pools = small()["mlstack:gpuPools"];
  const given = small({
    "mlstack:gpuPools": JSON.stringify(pools),
    "mlstack:platform": '{"parts": {"metricsServer": {}}}',
  });
  const { config } = embeddedTwin("small", given);
  expect(config).toMatchObject({ "mlstack:gpuPools": pools, "mlstack:platform": { parts: {} } });
});

test("does not mend a system pool that has more nodes than it may have", () => {
  const { config } = embeddedTwin("small", small({ "mlstack:systemPool": { nodes: 5, maxNodes: 2 } }));
  expect(config["mlstack:systemPool"]).toMatchObject({ nodes: 5, maxNodes: 2 });
});

test("has a system pool in the zones of the cluster, also where the stack names none", () => {
  expect(embeddedTwin("small", small()).config["mlstack:systemPool"]).toEqual({
    availabilityZones: networkOf("eu-west-1", {}).availabilityZones,
  });
});

test("refuses a stack whose nodes nobody knows", () => {
  const config = { "mlstack:cluster": { kind: "existing", context: "lab" } };
  expect(() => embeddedTwin("lab", config)).toThrow(
    "the stack lab is on a cluster that brings its own nodes, so nothing tells which machines a rehearsal would have",
  );
});

describe("the parts that are left out", () => {
  test("are those whose sources no Go module carries", () => {
    const rendered = PLATFORM_PARTS.filter((part) => sourcesOfPart(part).length > 0);
    expect(rendered.filter((part) => !ABSENT_PARTS.includes(part))).toEqual([
      ...new Set(PLATFORM_PARTS.filter((part) => CONTROLLERS.some((controller) => controller.part === part))),
    ]);
  });

  test("are none that a scenario needs, so that all of these stay", () => {
    const needed = Object.values<Scenario>(scenarios).flatMap(({ parts = [] }): PlatformPart[] => parts);
    expect(needed.filter((part) => ABSENT_PARTS.includes(part))).toEqual([]);
  });
});
