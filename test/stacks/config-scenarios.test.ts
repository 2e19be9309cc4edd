import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ConfigurationError, readEnvironment } from "../../stacks/config";
import { handedOver, localConfig, planted, type Written } from "./configurations";

// Which versions of Kubernetes are in support depends on the day.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-22") });
});
afterAll(() => {
  vi.useRealTimers();
});

describe("a scenario that takes parts of the platform", () => {
  test("is refused where the platform lacks them", () => {
    const platform = { parts: { versityGateway: {} } };
    expect(texts({ ...localConfig, scenarios: ["refit"], platform })).toEqual([
      'mlstack:scenarios[0] is "refit"; allowed: a scenario whose parts mlstack:platform.parts has. ' +
        "Add argoWorkflows and sparkOperator there.",
    ]);
  });

  test("is accepted where it has them, and needs no pool with GPUs", () => {
    const platform = { parts: { argoWorkflows: {}, sparkOperator: {}, versityGateway: {} } };
    const environment = read({ cluster: { kind: "local" }, scenarios: ["refit"], platform });
    expect(environment.scenarios).toEqual(["refit"]);
  });

  test("is refused on real nodes where nobody says where its images are", () => {
    const existing = { kind: "existing", context: "ml-dev" };
    const parts = { argoWorkflows: {}, sparkOperator: {}, versityGateway: {} };
    const config = { cluster: existing, scenarios: ["refit"], platform: { parts } };
    expect(texts(config)).toEqual([
      "mlstack:scenarioImages is missing; allowed: where the images of refit are. " +
        "Build them as examples/README.md says, and name the registry.",
    ]);
    const scenarioImages = "ghcr.io/acme/mlstack";
    expect(read({ ...config, scenarioImages })).toMatchObject({ scenarioImages });
  });

  test("is refused where the place of its images is misspelt", () => {
    expect(texts({ cluster: { kind: "local" }, scenarioImages: "ghcr.io/acme/" })).toEqual([
      'mlstack:scenarioImages is "ghcr.io/acme/"; allowed: a registry and a path such as ghcr.io/acme/mlstack, without a ' +
        "slash at the end. Write it in this form.",
    ]);
  });
});

test("a scenario may wait for nodes on the embedded cluster where Karpenter starts them", () => {
  const gpuPools = [{ name: "t4", instanceType: "g4dn.xlarge", maxNodes: 1 }];
  const standing = { cluster: { kind: "local" }, gpuPools, scenarios: ["mnist"] };
  const refused =
    'mlstack:scenarios[0] is "mnist"; allowed: a scenario that a pool of mlstack:gpuPools can run. ' +
    "Add a pool of amd64 nodes with a GPU each";
  expect(texts(standing)).toEqual([`${refused} and minNodes 1 or more.`]);
  const growing = { ...standing, cluster: { kind: "local", controllers: "processes" } };
  expect(read(growing).scenarios).toEqual(["mnist"]);
  const simulated = { ...growing, gpuPools: [{ ...gpuPools[0], backEnd: "simulated" }] };
  expect(texts(simulated)).toEqual([`${refused}.`]);
});

describe("a scenario on EKS", () => {
  const config = (scenario: string, others: Written): Written => ({
    cluster: { kind: "eks", eks: { region: "us-east-1" } },
    scenarios: [scenario],
    scenarioImages: "ghcr.io/acme/mlstack",
    scenarioStorageClass: "efs-shared",
    ...others,
  });

  test.each([
    ["parameter-server", { trainingOperator: {} }],
    ["heart-disease", { certManager: {}, argoWorkflows: {}, katib: {}, kserve: {} }],
  ])("is refused where %s has no storage class for its volume", (scenario, parts) => {
    const named = config(scenario, { platform: { parts }, storage: { artifacts: {} } });
    expect(texts(planted({ config: named, path: ["scenarioStorageClass"], value: undefined }))).toEqual([
      `mlstack:scenarioStorageClass is missing; allowed: a StorageClass with volumes that many pods write, for ${scenario}. ` +
        "Make one, for example for EFS, and name it: the default one has volumes for one node.",
    ]);
  });

  test.each([
    ["refit", { argoWorkflows: {}, sparkOperator: {} }],
    ["heart-disease", { certManager: {}, argoWorkflows: {}, katib: {}, kserve: {} }],
  ])("is refused where the steps of %s have no store for their files", (scenario, parts) => {
    expect(texts(config(scenario, { platform: { parts } }))).toEqual([
      `mlstack:scenarios[0] is "${scenario}"; allowed: a scenario whose steps have a store for the files that they hand on. ` +
        "Add mlstack:storage.artifacts, or seaweedFs or versityGateway to mlstack:platform.parts.",
    ]);
    const stored: Written[] = [
      { platform: { parts }, storage: { artifacts: {} } },
      { platform: { parts: { ...parts, seaweedFs: {} } } },
      {
        platform: {
          parts: { ...parts, argoWorkflows: { artifactStore: { kind: "s3", bucket: "acme", region: "us-east-1" } } },
        },
      },
    ];
    for (const others of stored) expect(read(config(scenario, others)).scenarios).toEqual([scenario]);
  });

  test("is refused where it scales by use and nothing measures that", () => {
    const platform = { parts: { certManager: {}, verticalPodAutoscaling: {} } };
    expect(texts(config("scooter-demand", { platform }))).toEqual([
      'mlstack:scenarios[0] is "scooter-demand"; allowed: a scenario whose pods a metrics server measures, as it scales ' +
        "by their use. Add metricsServer to mlstack:platform.parts, or metrics-server to mlstack:addOns.install.",
    ]);
    const measured: Written[] = [
      { platform: { parts: { ...platform.parts, metricsServer: {} } } },
      { platform, addOns: { install: ["coredns", "metrics-server"], storageClass: false } },
    ];
    for (const others of measured) {
      expect(read(config("scooter-demand", others)).scenarios).toEqual(["scooter-demand"]);
    }
  });
});

describe("a scenario that reads and writes the store by its address", () => {
  const parts = { argoWorkflows: {}, sparkOperator: {} };
  const refused = (remedy: string) => [
    'mlstack:scenarios[0] is "refit"; allowed: a scenario whose steps have a store for the files that they hand on. ' +
      `Add ${remedy}, or seaweedFs or versityGateway to mlstack:platform.parts.`,
  ];
  const scenarioArtifactStore = { bucket: "acme-artifacts", region: "eu-central-1" };
  const existing = {
    cluster: { kind: "existing", context: "ml-dev" },
    scenarios: ["refit"],
    scenarioImages: "ghcr.io/acme/mlstack",
  };

  test("is refused on every cluster where nobody says it", () => {
    const local = { cluster: { kind: "local" }, scenarios: ["refit"] };
    expect(texts({ ...local, platform: { parts } })).toEqual(
      refused("mlstack:platform.parts.argoWorkflows.artifactStore"),
    );
    const told = { argoWorkflows: { artifactStore: { kind: "s3", ...scenarioArtifactStore } }, sparkOperator: {} };
    expect(read({ ...local, platform: { parts: told } }).scenarios).toEqual(["refit"]);
    expect(texts(existing)).toEqual(refused("mlstack:scenarioArtifactStore"));
    expect(read({ ...existing, scenarioArtifactStore })).toMatchObject({ scenarioArtifactStore });
  });

  test("is told it only on a cluster that is there already", () => {
    expect(texts({ ...localConfig, scenarioArtifactStore })).toEqual([
      "mlstack:scenarioArtifactStore is a mapping; allowed: nothing where the cluster's kind is local, as environments with " +
        "a platform of their own say its store there. Remove it.",
    ]);
  });

  test("is refused where the store is misspelt", () => {
    const store = { ...scenarioArtifactStore, endpoint: "http://minio:9000", credentialsSecret: "The Keys" };
    expect(texts({ ...existing, scenarioArtifactStore: store })).toEqual([
      'mlstack:scenarioArtifactStore.credentialsSecret is "The Keys"; allowed: the name of a Secret such as ' +
        "artifact-store. Write it as the cluster has it.",
      'mlstack:scenarioArtifactStore.endpoint is "http://minio:9000"; allowed: host and port such as ' +
        "seaweedfs-s3.artifacts.svc:8333. Write it in this form.",
    ]);
  });
});

test("a storage class that no cluster can have is refused", () => {
  expect(texts({ ...localConfig, scenarioStorageClass: "EFS" })).toEqual([
    'mlstack:scenarioStorageClass is "EFS"; allowed: the name of a StorageClass such as efs-shared. ' +
      "Write it as the cluster has it.",
  ]);
});

describe("the commit", () => {
  test.each(["0123abc", "1234567", "12e3456", "8f3a1c5e0b7d42961f0e8a4c3b2d1e0f9a8b7c6d"])(
    "is taken as it is written, also where it looks like a number: %s",
    (commit) => {
      expect(read({ ...localConfig, commit }).commit).toBe(commit);
    },
  );

  test.each(["main", "123abc", "0123ABC", "8f3a1c5e0b7d42961f0e8a4c3b2d1e0f9a8b7c6d0"])("is refused: %s", (commit) => {
    expect(texts({ ...localConfig, commit })).toEqual([
      `mlstack:commit is "${commit}"; allowed: 7 to 40 lower-case hexadecimal digits. ` +
        "Set it by `pulumi config set mlstack:commit $(git rev-parse HEAD)`, or leave it out.",
    ]);
  });
});

function read(config: Written) {
  return readEnvironment(handedOver(config), { stack: "local" });
}

/** What is said of a configuration that is refused. */
function texts(config: Written): string[] {
  try {
    read(config);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ text }) => text);
    throw error;
  }
  throw new Error("The configuration was accepted.");
}
