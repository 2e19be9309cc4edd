import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { ConfigurationError, readEnvironment } from "../../stacks/config";
import { handedOver, localConfig, planted, type Written } from "./configurations";

const nameSyntax = "at most 63 lower-case letters, digits and inner hyphens";
const labelSyntax = "empty, or at most 63 letters, digits, and inner hyphens, dots and underscores";
const keys =
  "cluster, systemPool, gpuPools, addOns, devicePlugin, storage, platform, scenarios, scenarioImages, " +
  "scenarioStorageClass, scenarioArtifactStore, commit, tags, protect";
const clusterKeys = "kind, controllers, realNodes, moduleCharts, kubeconfig, context, awsAccountId, eks";
const poolKeys = [
  "name, backEnd, purpose, instanceType, instanceTypes, gpus, minNodes, maxNodes, maxGpus, maxUsdPerHour",
  "usdPerNodeHour, schedules, capacityType, capacityReservationId, efa, placementGroup, localStorage, taints, labels",
  "availabilityZones, amiFamily, amiType, amiVersion, rootVolumeGib",
].join(", ");
const ownNodes = "nothing where the cluster's kind is existing, as such a cluster brings its own nodes";

/** One change to the local configuration, and the one sentence that it leads to. */
const singleMistakes: [path: (string | number)[], value: unknown, text: string][] = [
  [["regoin"], "eu", `mlstack:regoin is not a known key; allowed: ${keys}. Remove it.`],
  [["gpuPool"], [], `mlstack:gpuPool is not a known key; allowed: ${keys}. Did you mean "gpuPools"?`],
  [["cluster"], undefined, `mlstack:cluster is missing; allowed: a mapping with the keys ${clusterKeys}. Add it.`],
  [
    ["cluster"],
    "local",
    `mlstack:cluster is "local"; allowed: a mapping with the keys ${clusterKeys}. Write it as a mapping.`,
  ],
  [["cluster", "kind"], undefined, "mlstack:cluster.kind is missing; allowed: local, existing, eks. Add it."],
  [
    ["cluster", "controllers"],
    "real",
    'mlstack:cluster.controllers is "real"; allowed: simulated, processes. Set it to one of these.',
  ],
  [["cluster", "kind"], "gke", 'mlstack:cluster.kind is "gke"; allowed: local, existing, eks. Set it to one of these.'],
  [
    ["cluster", "eks"],
    { region: "us-east-1" },
    "mlstack:cluster.eks is a mapping; allowed: nothing where the cluster's kind is local. Remove it.",
  ],
  [
    ["storage"],
    {},
    "mlstack:storage is a mapping; allowed: nothing where the cluster's kind is local, as it is made in AWS. Remove it.",
  ],
  [
    ["addOns"],
    {},
    "mlstack:addOns is a mapping; allowed: nothing where the cluster's kind is local, as only EKS has add-ons. Remove it.",
  ],
  [
    ["tags"],
    {},
    "mlstack:tags is a mapping; allowed: nothing where the cluster's kind is local, as only what is in AWS has tags. Remove it.",
  ],
  [
    ["protect"],
    true,
    "mlstack:protect is true; allowed: nothing where the cluster's kind is local, as there is nothing to protect. Remove it.",
  ],
  [
    ["cluster", "kubeconfig"],
    "",
    'mlstack:cluster.kubeconfig is ""; allowed: text that is not empty. Write it out, or remove the key.',
  ],
  [
    ["cluster", "context"],
    "dev",
    'mlstack:cluster.context is "dev"; allowed: nothing where the cluster\'s kind is local. Remove it.',
  ],
  [
    ["systemPool", "instanceType"],
    "m7i.xlrage",
    'mlstack:systemPool.instanceType is "m7i.xlrage"; allowed: a general instance type of the catalogue. Did you mean "m7i.xlarge"?',
  ],
  [
    ["systemPool", "nodes"],
    0,
    "mlstack:systemPool.nodes is 0; allowed: a whole number from 1 to 5000. Set nodes within that range.",
  ],
  [
    ["systemPool", "nodes"],
    5001,
    "mlstack:systemPool.nodes is 5001; allowed: a whole number from 1 to 5000. Set nodes within that range.",
  ],
  [["gpuPools"], null, "mlstack:gpuPools is empty; allowed: a list. Write it as a list."],
  [
    ["gpuPools", 1],
    "a10g",
    `mlstack:gpuPools[1] is "a10g"; allowed: a mapping with the keys ${poolKeys}. Write it as a mapping.`,
  ],
  [
    ["gpuPools", 1, "name"],
    "A10G",
    `mlstack:gpuPools[1].name is "A10G"; allowed: ${nameSyntax}. Set name to such a name.`,
  ],
  [
    ["gpuPools", 1, "name"],
    "t4",
    'mlstack:gpuPools[1].name is "t4"; allowed: a name that no other pool has, and mlstack:gpuPools[0] has this one. Rename the pool.',
  ],
  [
    ["gpuPools", 1, "name"],
    "system",
    'mlstack:gpuPools[1].name is "system"; allowed: a name that no other pool has, and mlstack:systemPool has this one. Rename the pool.',
  ],
  [
    ["gpuPools", 1, "instanceType"],
    "g5.xlrage",
    'mlstack:gpuPools[1].instanceType is "g5.xlrage"; allowed: a GPU instance type of the catalogue. Did you mean "g5.xlarge"?',
  ],
  [
    ["gpuPools", 1, "instanceType"],
    undefined,
    "mlstack:gpuPools[1].instanceType is missing; allowed: exactly one of instanceType, instanceTypes and gpus. Name the instance type, or say what its GPUs must be like.",
  ],
  [
    ["gpuPools", 1, "backEnd"],
    "karpenter",
    'mlstack:gpuPools[1].backEnd is "karpenter"; allowed: simulated where the cluster\'s kind is local. Remove it.',
  ],
  [
    ["gpuPools", 0, "minNodes"],
    5,
    "mlstack:gpuPools[0].minNodes is 5; allowed: at most maxNodes, 4. Lower minNodes or raise maxNodes.",
  ],
  [
    ["gpuPools", 0, "minNodes"],
    -1,
    "mlstack:gpuPools[0].minNodes is -1; allowed: a whole number from 0 to 5000. Set minNodes within that range.",
  ],
  [
    ["gpuPools", 0, "maxNodes"],
    2.5,
    "mlstack:gpuPools[0].maxNodes is 2.5; allowed: a whole number from 1 to 5000. Set maxNodes within that range.",
  ],
  [
    ["gpuPools", 0, "maxNodes"],
    "4",
    'mlstack:gpuPools[0].maxNodes is "4"; allowed: a whole number. Write it without quotes.',
  ],
  [
    ["gpuPools", 1, "maxNodes"],
    undefined,
    "mlstack:gpuPools[1].maxNodes is missing; allowed: at least one of maxNodes, maxGpus and maxUsdPerHour. Say how far the pool may grow, as that is the ceiling of its cost.",
  ],
  [
    ["gpuPools", 0, "efa"],
    "yes",
    'mlstack:gpuPools[0].efa is "yes"; allowed: true or false. Write it as true or false.',
  ],
  [
    ["gpuPools", 0, "maxUsdPerHour"],
    "5",
    'mlstack:gpuPools[0].maxUsdPerHour is "5"; allowed: a number. Write it without quotes.',
  ],
  [
    ["gpuPools", 0, "maxnodes"],
    4,
    `mlstack:gpuPools[0].maxnodes is not a known key; allowed: ${poolKeys}. Did you mean "maxNodes"?`,
  ],
  [
    ["gpuPools", 0, "capacityType"],
    "on-demnad",
    'mlstack:gpuPools[0].capacityType is "on-demnad"; allowed: on-demand, spot, reserved, capacity-block. Did you mean "on-demand"?',
  ],
  [
    ["gpuPools", 0, "labels", "team"],
    true,
    "mlstack:gpuPools[0].labels.team is true; allowed: text. Write it in quotes.",
  ],
  [
    ["gpuPools", 0, "labels", "example.com/team"],
    "-",
    `mlstack:gpuPools[0].labels["example.com/team"] is "-"; allowed: ${labelSyntax}. Shorten or respell the value.`,
  ],
  [
    ["gpuPools", 0, "taints", 0],
    { key: "team", effect: "noschedule" },
    'mlstack:gpuPools[0].taints[0].effect is "noschedule"; allowed: NoSchedule, PreferNoSchedule, NoExecute. Did you mean "NoSchedule"?',
  ],
  [
    ["gpuPools", 0, "taints", 0],
    { key: "a team", effect: "NoSchedule" },
    'mlstack:gpuPools[0].taints[0].key is "a team"; allowed: a label key such as example.com/team. Rename the key.',
  ],
  [
    ["gpuPools", 0, "taints", 0],
    { effect: "NoSchedule" },
    "mlstack:gpuPools[0].taints[0].key is missing; allowed: text. Add it.",
  ],
  [
    ["devicePlugin", "migStrategy"],
    "all",
    'mlstack:devicePlugin.migStrategy is "all"; allowed: none, single, mixed. Set it to one of these.',
  ],
  [
    ["devicePlugin", "timeSlicing"],
    { replicas: 4 },
    "mlstack:devicePlugin.timeSlicing is a mapping; allowed: nothing beside mlstack:scenarios, which ask for whole GPUs. Remove it or the scenarios.",
  ],
  [["scenarios"], "mnist", 'mlstack:scenarios is "mnist"; allowed: a list. Write it as a list.'],
  [
    ["scenarios", 0],
    "mnits",
    'mlstack:scenarios[0] is "mnits"; allowed: mnist, two-gpu-pod, parameter-server, refit, heart-disease, scooter-demand. Did you mean "mnist"?',
  ],
  [["scenarios", 2], "mnist", 'mlstack:scenarios[2] is "mnist"; allowed: each scenario once. Remove one.'],
  [
    ["gpuPools", 1, "instanceType"],
    "g5.xlarge",
    'mlstack:scenarios[1] is "two-gpu-pod"; allowed: a scenario that a pool of mlstack:gpuPools can run. Add a pool of amd64 nodes with 2 GPUs each and minNodes 1 or more.',
  ],
  [
    ["gpuPools", 1, "minNodes"],
    0,
    'mlstack:scenarios[1] is "two-gpu-pod"; allowed: a scenario that a pool of mlstack:gpuPools can run. Add a pool of amd64 nodes with 2 GPUs each and minNodes 1 or more.',
  ],
];

test.each(singleMistakes)("rejects a mistake at %j: %j", (path, value, text) => {
  expect(rejection(planted({ config: localConfig, path, value })).message).toBe(
    `Pulumi.local.yaml has 1 problem; nothing was changed.\n  ${text}\nEvery key is described in docs/configuration.md.`,
  );
});

/** Where nothing is pulled from, as no container runs. */
const scenarioImages = "registry.example.com/mlstack";

/** What is of no meaning to clusters that are not on EKS. */
const onEksOnly = { addOns: {}, storage: { artifacts: undefined, volumes: [], datasets: [] }, protect: true };

describe("a local cluster", () => {
  test("is configured as it is written", () => {
    expect(read(localConfig)).toEqual({
      cluster: { kind: "local" },
      systemPool: { instanceType: "m7i.2xlarge", minNodes: 3 },
      gpuPools: [
        { name: "t4", args: { instanceType: "g4dn.xlarge", minNodes: 2, maxNodes: 4 } },
        { name: "a10g", args: { instanceType: "g5.12xlarge", minNodes: 1, maxNodes: 2 } },
      ],
      devicePlugin: {},
      scenarios: ["mnist", "two-gpu-pod"],
      scenarioImages,
      containersRun: false,
      ...onEksOnly,
    });
  });

  test("runs containers where it has real nodes", () => {
    const cluster = { kind: "local", controllers: "processes", realNodes: { count: 1 } };
    expect(read({ cluster }).containersRun).toBe(true);
  });

  test("needs no more than its kind", () => {
    expect(read({ cluster: { kind: "local" } })).toEqual({
      cluster: { kind: "local" },
      systemPool: {},
      gpuPools: [],
      devicePlugin: {},
      scenarios: [],
      scenarioImages,
      containersRun: false,
      ...onEksOnly,
    });
  });
});

describe("an existing cluster", () => {
  const existing = { kind: "existing", context: "ml-dev" };

  test("brings its own nodes and device plugin", () => {
    expect(read({ cluster: existing })).toEqual({
      cluster: existing,
      systemPool: undefined,
      gpuPools: [],
      devicePlugin: undefined,
      scenarios: [],
      scenarioImages,
      containersRun: true,
      ...onEksOnly,
    });
  });

  test("gets a device plugin where one is asked for, and scenarios without pools", () => {
    const environment = read({ cluster: existing, devicePlugin: {}, scenarios: ["two-gpu-pod"] });
    expect(environment).toMatchObject({ devicePlugin: {}, scenarios: ["two-gpu-pod"] });
  });

  test("is refused without a context, and with pools", () => {
    const { problems } = rejection({ ...localConfig, cluster: { kind: "existing" } });
    expect(problems.map(({ text }) => text)).toEqual([
      "mlstack:cluster.context is missing; allowed: the name of a context in the kubeconfig. " +
        "Add it, so that a switched current context can never send the stack to another cluster.",
      `mlstack:gpuPools is a list; allowed: ${ownNodes}. Remove it.`,
      `mlstack:systemPool is a mapping; allowed: ${ownNodes}. Remove it.`,
    ]);
  });
});

test("reports every mistake at once, in the order of the paths", () => {
  const { message } = rejection({
    cluster: { kind: "lokal" },
    systemPool: { nodes: "two" },
    gpuPools: [
      { name: "t4", instanceType: "g4dn.xlrage", minNodes: 3, maxNodes: 2 },
      { name: "t4", instanceType: "g5.xlarge", maxNodes: 1, spot: true },
    ],
    scenarios: ["mnist", "mnist"],
  });
  expect(message).toBe(
    [
      "Pulumi.local.yaml has 7 problems; nothing was changed.",
      '  mlstack:cluster.kind is "lokal"; allowed: local, existing, eks. Did you mean "local"?',
      '  mlstack:gpuPools[0].instanceType is "g4dn.xlrage"; allowed: a GPU instance type of the catalogue. Did you mean "g4dn.xlarge"?',
      "  mlstack:gpuPools[0].minNodes is 3; allowed: at most maxNodes, 2. Lower minNodes or raise maxNodes.",
      '  mlstack:gpuPools[1].name is "t4"; allowed: a name that no other pool has, and mlstack:gpuPools[0] has this one. Rename the pool.',
      `  mlstack:gpuPools[1].spot is not a known key; allowed: ${poolKeys}. Remove it.`,
      '  mlstack:scenarios[1] is "mnist"; allowed: each scenario once. Remove one.',
      '  mlstack:systemPool.nodes is "two"; allowed: a whole number. Write it as a whole number.',
      "Every key is described in docs/configuration.md.",
    ].join("\n"),
  );
});

test("does not blame maxNodes, where it is missing, for what is wrong with minNodes", () => {
  for (const minNodes of [5001, 2.5, -1]) {
    const { problems } = rejection({ ...localConfig, gpuPools: [{ name: "t4", instanceType: "g5.xlarge", minNodes }] });
    expect(problems.map(({ text }) => text)).toEqual([
      "mlstack:gpuPools[0].maxNodes is missing; allowed: at least one of maxNodes, maxGpus and maxUsdPerHour. " +
        "Say how far the pool may grow, as that is the ceiling of its cost.",
      `mlstack:gpuPools[0].minNodes is ${minNodes}; allowed: a whole number from 0 to 5000. Set minNodes within that range.`,
    ]);
  }
});

test("does not blame a scenario for pools that cannot be read", () => {
  const paths = (config: Written) => rejection(config).problems.map(({ path }) => path);
  expect(paths({ ...localConfig, gpuPools: "t4" })).toEqual(["mlstack:gpuPools"]);
  expect(paths({ ...localConfig, gpuPools: [4] })).toEqual(["mlstack:gpuPools[0]"]);
  expect(paths({ ...localConfig, gpuPools: [{ name: "t4", instanceType: "g5.12xlarge", minNodes: 1 }] })).toEqual([
    "mlstack:gpuPools[0].maxNodes",
  ]);
  expect(paths({ gpuPools: [], scenarios: ["mnist"] })).toEqual(["mlstack:cluster"]);
});

test("leaves configuration of other namespaces alone", () => {
  const values = { ...handedOver(localConfig), "kubernetes:context": "dev", "mlstackish:gpuPools": "x" };
  expect(() => readEnvironment(values, { stack: "local" })).not.toThrow();
});

test("never shows a secret value", () => {
  const gpuPools = [
    { name: "HUNTER2", instanceType: "hunter2.xlarge", maxNodes: "hunter2", labels: { a: "-hunter2" } },
  ];
  const values = handedOver({ cluster: { kind: "local" }, gpuPools, scenarios: ["hunter2"] });
  const secretKeys = ["mlstack:gpuPools", "mlstack:scenarios"];
  const { message } = caught(() => readEnvironment(values, { stack: "local", secretKeys }));
  expect(message.toLowerCase()).not.toContain("hunter2");
  expect(message).toContain(
    "\n  mlstack:gpuPools[0].name is not accepted. Its value is secret and not shown; " +
      "compare it with the table of keys.",
  );
});

test("is reported by the engine without a stack trace", () => {
  expect(pulumi.RunError.isInstance(rejection({}))).toBe(true);
});

function read(config: Written) {
  return readEnvironment(handedOver(config), { stack: "local" });
}

function rejection(config: Written): ConfigurationError {
  return caught(() => read(config));
}

function caught(action: () => unknown): ConfigurationError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error("The configuration was accepted.");
}
