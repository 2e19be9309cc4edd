import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { ConfigurationError, readEnvironment } from "../../stacks/config";
import { handedOver, localConfig, planted, type Written } from "./configurations";
import { eksConfig } from "./eks-configurations";

/** A platform in which most of what these tests change is written. */
const parts = {
  jobSet: {},
  trainer: {},
  kueue: {},
  queues: { queues: [{ name: "research", quotas: [{ pool: "t4", gpus: 4 }, { pool: "a10g" }] }] },
  katib: {},
  tenants: {
    research: {
      limits: { gpus: 8 },
      queues: [{ clusterQueue: "research" }],
      serviceAccounts: [{ name: "trainer" }],
    },
  },
};
const onLocal = { ...localConfig, platform: { parts } };
const onEks = {
  ...eksConfig,
  platform: { parts: { ...parts, queues: { queues: [{ name: "research", quotas: [{ pool: "batch" }] }] } } },
};

/** Mistakes in the platform of a local stack, and the one problem that each makes. */
const singleMistakes: [path: (string | number)[], value: unknown, text: string][] = [
  [
    ["part"],
    {},
    'mlstack:platform.part is not a known key; allowed: chartMirror, fullTypes, certManager, prometheus, parts. Did you mean "parts"?',
  ],
  [
    ["parts", "kueu"],
    {},
    'mlstack:platform.parts.kueu is not a known key; allowed: certManager, metricsServer, monitoring, verticalPodAutoscaling, keda, devicePlugin, gpuOperator, dcgmExporter, istio, consoleAccess, seaweedFs, versityGateway, minio, jobSet, leaderWorkerSet, sparkOperator, argoWorkflows, trainer, trainingOperator, mpiOperator, kueue, queues, katib, kserve, pipelines, notebooks, tensorBoards, profiles, dashboard, modelRegistry, tenants. Did you mean "kueue"?',
  ],
  [
    // Every object inherits it.
    ["parts", "hasOwnProperty"],
    false,
    "mlstack:platform.parts.hasOwnProperty is not a known key; allowed: certManager, metricsServer, monitoring, verticalPodAutoscaling, keda, devicePlugin, gpuOperator, dcgmExporter, istio, consoleAccess, seaweedFs, versityGateway, minio, jobSet, leaderWorkerSet, sparkOperator, argoWorkflows, trainer, trainingOperator, mpiOperator, kueue, queues, katib, kserve, pipelines, notebooks, tensorBoards, profiles, dashboard, modelRegistry, tenants. Remove it.",
  ],
  [
    ["parts", "kueue"],
    null,
    "mlstack:platform.parts.kueue is empty; allowed: a mapping with the keys frameworks, additionalFrameworks, manageJobsWithoutQueueName, managedNamespaces, excludedNamespaces, podsReadyTimeoutMinutes, recoveryTimeoutMinutes, requeueLimit, fairSharing, excludedResources, transformations, keepFinishedHours, featureGates, config, values, namespace, version, replicas, resources. Write it as a mapping.",
  ],
  [
    ["parts", "kueue", "replica"],
    2,
    'mlstack:platform.parts.kueue.replica is not a known key; allowed: frameworks, additionalFrameworks, manageJobsWithoutQueueName, managedNamespaces, excludedNamespaces, podsReadyTimeoutMinutes, recoveryTimeoutMinutes, requeueLimit, fairSharing, excludedResources, transformations, keepFinishedHours, featureGates, config, values, namespace, version, replicas, resources. Did you mean "replicas"?',
  ],
  [
    ["parts", "kueue", "replicas"],
    "2",
    'mlstack:platform.parts.kueue.replicas is "2"; allowed: a number. Write it without quotes.',
  ],
  [
    ["parts", "kueue", "replicas"],
    0,
    "mlstack:platform.parts.kueue.replicas is 0; allowed: a whole number from 1. Set replicas within that range.",
  ],
  [
    ["parts", "kueue", "resources"],
    { cpu: 1 },
    "mlstack:platform.parts.kueue.resources.cpu is 1; allowed: text. Write it in quotes.",
  ],
  [
    ["parts", "kueue", "values"],
    "x",
    'mlstack:platform.parts.kueue.values is "x"; allowed: a mapping. Write it as a mapping.',
  ],
  [
    ["parts", "kserve"],
    { deploymentMode: "Knativ" },
    'mlstack:platform.parts.kserve.deploymentMode is "Knativ"; allowed: Standard, Knative. Did you mean "Knative"?',
  ],
  [
    ["parts", "tenants"],
    ["research"],
    "mlstack:platform.parts.tenants is a list; allowed: a mapping. Write it as a mapping.",
  ],
  [
    ["parts", "tenants", "research", "serviceAccounts", 0, "nam"],
    "x",
    'mlstack:platform.parts.tenants.research.serviceAccounts[0].nam is not a known key; allowed: name, roleArn, runsWorkflows, mountsToken, imagePullSecrets. Did you mean "name"?',
  ],
  [
    ["parts", "tenants", "research", "serviceAccounts", 0, "name"],
    undefined,
    "mlstack:platform.parts.tenants.research.serviceAccounts[0].name is missing; allowed: text. Add it.",
  ],
  [
    ["parts", "tenants", "research", "network"],
    { to: [{ ports: ["443"], namespace: "data" }] },
    'mlstack:platform.parts.tenants.research.network.to[0].ports[0] is "443"; allowed: a number. Write it without quotes.',
  ],
  [
    ["parts", "tenants", "research", "limits", "gpus"],
    13,
    "mlstack:platform.parts.tenants.research.limits.gpus is 13 for tenant research; allowed: at most 12, which its queues can give with all that they may borrow (research 12). Lower the tenant's quota, or raise the quota of its queues.",
  ],
  [
    ["parts", "tenants", "research", "queues", 0, "clusterQueue"],
    "reserch",
    'mlstack:platform.parts.tenants.research.queues[0].clusterQueue is "reserch", where tenant research waits; allowed: research. Name a queue that there is.',
  ],
  [
    ["parts", "tenants", "research", "namespace"],
    "ml",
    'mlstack:platform.parts.tenants.research.namespace is "ml"; allowed: a namespace that neither scenarios nor storage make. Give the tenant a namespace of its own.',
  ],
  [
    ["parts", "tenants", "kubeflow"],
    {},
    "mlstack:platform.parts.tenants.kubeflow.namespace is \"kubeflow\"; allowed: a namespace that is not Kubernetes' or the platform's own. Give the tenant a namespace of its own: it is made and deleted with the tenant.",
  ],
  [
    ["parts", "queues", "queues", 0, "quotas", 0, "pool"],
    "t5",
    'mlstack:platform.parts.queues.queues[0].quotas[0].pool is "t5"; allowed: system, t4, a10g. Name a pool that there is.',
  ],
  [
    ["parts", "queues", "queues", 0, "quotas", 0, "gpus"],
    5,
    "mlstack:platform.parts.queues.queues is 5 GPUs of pool t4 in all (research 5); allowed: at most 4, as pool t4 has at most 4 nodes of 1. Lower the quotas of pool t4, or raise its maxNodes.",
  ],
  [
    ["parts", "jobSet"],
    undefined,
    "mlstack:platform.parts.jobSet is absent beside trainer 2.3.0; allowed: >=0.10.0. Add jobSet.",
  ],
  [
    ["parts", "certManager"],
    {},
    "mlstack:platform.parts.certManager is a mapping; allowed: a part whose charts and manifests Go modules carry, on a cluster of kind local. Remove it, or name a chartMirror that has it: no Go module carries cert-manager v1.21.1.",
  ],
  [
    ["parts", "trainer", "version"],
    "2.2",
    'mlstack:platform.parts.trainer.version is "2.2"; allowed: an exact version such as 1.14.1. Name one release.',
  ],
  [
    ["parts", "trainer", "version"],
    "2.1.0",
    "mlstack:platform.parts.trainer.version is 2.1.0 beside kueue 0.19.2; allowed: >=2.2.0. Change one of the two versions; Kueue admits TrainJobs by a field that older Trainers do not have.",
  ],
  [
    ["parts", "platform"],
    {},
    "mlstack:platform.parts.platform is not a known key; allowed: certManager, metricsServer, monitoring, verticalPodAutoscaling, keda, devicePlugin, gpuOperator, dcgmExporter, istio, consoleAccess, seaweedFs, versityGateway, minio, jobSet, leaderWorkerSet, sparkOperator, argoWorkflows, trainer, trainingOperator, mpiOperator, kueue, queues, katib, kserve, pipelines, notebooks, tensorBoards, profiles, dashboard, modelRegistry, tenants. Remove it.",
  ],
  [
    ["parts", "kueue", "platform"],
    {},
    "mlstack:platform.parts.kueue.platform is not a known key; allowed: frameworks, additionalFrameworks, manageJobsWithoutQueueName, managedNamespaces, excludedNamespaces, podsReadyTimeoutMinutes, recoveryTimeoutMinutes, requeueLimit, fairSharing, excludedResources, transformations, keepFinishedHours, featureGates, config, values, namespace, version, replicas, resources. Remove it.",
  ],
  [
    ["chartMirror"],
    "",
    'mlstack:platform.chartMirror is ""; allowed: text that is not empty. Write it out, or remove the key.',
  ],
  [["fullTypes"], "yes", 'mlstack:platform.fullTypes is "yes"; allowed: true or false. Write it as true or false.'],
];

test.each(singleMistakes)("rejects a mistake at platform %j: %j", (path, value, text) => {
  const config = planted({ config: onLocal, path: ["platform", ...path], value });
  expect(textsOf(config)).toEqual([text]);
});

test("cert-manager is refused where controllers run, as a stand-in has its types and nobody would answer its webhooks", () => {
  const config = planted({ config: onLocal, path: ["cluster", "controllers"], value: "processes" });
  expect(textsOf(planted({ config, path: ["platform", "parts", "certManager"], value: {} }))).toContain(
    "mlstack:platform.parts.certManager is a mapping; allowed: nothing beside mlstack:cluster.controllers: processes, as a " +
      "stand-in issues certificates there. Remove it, or set mlstack:cluster.controllers to simulated.",
  );
});

describe("what parts are told of the cluster", () => {
  test("is that of a local one that nodes are simulated", () => {
    expect(factsOf(onLocal)).toEqual({ kubernetesVersion: "1.36", simulated: true, systemPool: "system" });
  });

  test("is that controllers run all the same, where these are processes", () => {
    const facts = factsOf({ ...onLocal, cluster: { kind: "local", controllers: "processes" } });
    expect(facts).toMatchObject({ simulated: true, runsControllers: true });
    const simulated = factsOf({ ...onLocal, cluster: { kind: "local", controllers: "simulated" } });
    expect(simulated).not.toHaveProperty("runsControllers");
  });

  test("is the version of one on EKS, and what the configuration says beside", () => {
    const platform = { ...onEks.platform, chartMirror: "charts", fullTypes: true };
    expect(factsOf({ ...onEks, platform })).toEqual({
      kubernetesVersion: "1.35",
      systemPool: "system",
      chartMirror: "charts",
      fullTypes: true,
    });
  });

  test("is what an existing one has already", () => {
    const platform = { certManager: true, prometheus: true, parts: { kserve: {} } };
    const { certManager, prometheus, systemPool } = factsOf({ cluster: existing, platform })!;
    expect({ certManager, prometheus, systemPool }).toEqual({ certManager: true, prometheus: true });
  });
});

describe("an existing cluster", () => {
  test("has no pools that queues could share out", () => {
    expect(textsOf({ cluster: existing, platform: { parts: { kueue: {}, queues: {} } } })).toEqual([
      "mlstack:platform.parts.queues is a mapping; allowed: queues beside pools, which they share out. Leave queues out " +
        "where the cluster brings its own nodes, and make them by hand.",
    ]);
  });
});

describe("a platform on EKS", () => {
  test("keeps artifacts in the bucket of the storage, and in no other store", () => {
    const config = planted({ config: onEks, path: ["platform", "parts", "seaweedFs"], value: {} });
    expect(textsOf(config)).toEqual([
      "mlstack:platform.parts.seaweedFs is a mapping; allowed: one store, and mlstack:storage.artifacts is one. Keep one " +
        "of them.",
    ]);
  });

  test("has tenants beside the namespaces of the storage", () => {
    const config = planted({ config: onEks, path: ["platform", "parts", "tenants", "training"], value: {} });
    expect(textsOf(config)).toEqual([
      'mlstack:platform.parts.tenants.training.namespace is "training"; allowed: a namespace that neither scenarios nor ' +
        "storage make. Give the tenant a namespace of its own.",
    ]);
  });

  test("shares out no more than the ceilings of its pools", () => {
    const path = ["platform", "parts", "queues", "queues", 0, "quotas", 0, "gpus"];
    const [text] = textsOf(planted({ config: onEks, path, value: 1000 }));
    expect(text).toMatch(
      /^mlstack:platform\.parts\.queues\.queues is 1000 GPUs of pool batch in all \(research 1000\); allowed: at most \d+,/,
    );
  });

  test("is not judged by pools that cannot be read", () => {
    const path = ["platform", "parts", "queues", "queues", 0, "quotas", 0, "gpus"];
    const config = planted({ config: onEks, path, value: 1000 });
    expect(pathsOf({ ...config, gpuPools: "batch", scenarios: [] })).toEqual(["mlstack:gpuPools"]);
  });

  test("is not said to be too new for a version of Kubernetes that nobody knows", () => {
    const config = planted({ config: onEks, path: ["cluster", "eks", "kubernetesVersion"], value: "1.20" });
    expect(pathsOf(config)).toEqual(["mlstack:cluster.eks.kubernetesVersion"]);
  });
});

describe("device plugins", () => {
  test("are not two on the same nodes", () => {
    const config = { ...eksConfig, platform: { parts: { devicePlugin: {} } } };
    expect(textsOf(config)).toEqual([
      "mlstack:platform.parts.devicePlugin is a mapping; allowed: one device plugin, and mlstack:devicePlugin is one. " +
        "Remove it.",
    ]);
    expect(textsOf({ ...eksConfig, platform: { parts: { gpuOperator: {} } } })).toEqual([
      "mlstack:platform.parts.gpuOperator.operands.devicePlugin is true; allowed: one device plugin, and " +
        "mlstack:devicePlugin is one. Set it to false.",
    ]);
  });

  test("may come with the platform where the cluster brings its nodes", () => {
    expect(textsOf({ cluster: existing, platform: { parts: { devicePlugin: {} } } })).toEqual([]);
    expect(textsOf({ cluster: existing, platform: { parts: { gpuOperator: {} } } })).toEqual([]);
  });

  test("of the stack's own leave the rest of an operator alone", () => {
    const gpuOperator = { operands: { devicePlugin: false } };
    expect(textsOf({ ...eksConfig, platform: { parts: { gpuOperator } } })).toEqual([]);
  });
});

test("mistakes in several parts are told at once, in the order of their paths", () => {
  const platform = {
    parts: { ...parts, katib: { replicas: "1" }, kueue: { replicas: 0 }, spark: {}, pipelines: { ownArgo: "yes" } },
  };
  expect(pathsOf({ ...localConfig, platform })).toEqual([
    "mlstack:platform.parts.argoWorkflows",
    "mlstack:platform.parts.katib.replicas",
    "mlstack:platform.parts.kueue.replicas",
    "mlstack:platform.parts.pipelines",
    "mlstack:platform.parts.pipelines.artifactStore",
    "mlstack:platform.parts.pipelines.ownArgo",
    "mlstack:platform.parts.spark",
  ]);
});

test("a part of which something required is missing is not judged further", () => {
  const oidc = { issuer: "https://login.example.com", clientId: 5 };
  const platform = { parts: { istio: {}, certManager: {}, consoleAccess: { oidc, tlsSecret: "tls" } } };
  const at = (key: string) => `mlstack:platform.parts.consoleAccess.${key}`;
  expect(pathsOf({ ...eksConfig, platform })).toEqual(
    ["allowedGroups", "consoles", "emailDomains", "oidc.clientId"].map(at),
  );
});

test("never shows a secret of the platform", () => {
  const oidc = { issuer: "hunter2", clientId: "hunter2", clientSecret: "hunter2", scopes: "hunter2" };
  const platform = {
    chartMirror: ["hunter2"],
    parts: { kueue: { version: "hunter2" }, consoleAccess: { oidc }, tenants: { HUNTER2: {} } },
  };
  const values = handedOver({ ...eksConfig, platform });
  const error = caught(() => readEnvironment(values, { stack: "dev", secretKeys: ["mlstack:platform"] }));
  expect(error.problems.length).toBeGreaterThan(4);
  const shown = error.problems.filter(({ path }) => path.startsWith("mlstack:platform."));
  for (const { text } of shown) expect(text).toMatch(/ is not accepted\. Its value is secret and not shown;/);
  // What is secret is the value of a key, and not what it is called.
  expect(error.message).not.toContain("hunter2");
});

test("is accepted in every environment that comes with the program", () => {
  for (const name of ["local", "dev", "staging", "prod"]) {
    const { config } = parse(readFileSync(join(__dirname, `../../stacks/Pulumi.${name}.yaml`), "utf8")) as StackFile;
    const own = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice("mlstack:".length), value]));
    expect(textsOf(own), name).toEqual([]);
    expect(own, name).toHaveProperty("platform.parts");
  }
});

interface StackFile {
  config: Written;
}

const existing = { kind: "existing", context: "ml-dev" };

function factsOf(config: Written) {
  return readEnvironment(handedOver(config), { stack: "local" }).platform?.facts;
}

function textsOf(config: Written): string[] {
  return problemsOf(config).map(({ text }) => text);
}

function pathsOf(config: Written): string[] {
  return problemsOf(config).map(({ path }) => path);
}

function problemsOf(config: Written) {
  try {
    readEnvironment(handedOver(config), { stack: "local" });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
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
