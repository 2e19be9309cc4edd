import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ApiType,
  AppsV1Api,
  BatchV1Api,
  type Configuration,
  CoreV1Api,
  CustomObjectsApi,
  KubernetesObjectApi,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gpuPoolShape, simulatedNodeManifest } from "../../components/cluster";
import { checkoutRoot } from "../../rehearsal/checkout";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { Consumer } from "../support/consumer";
import type { Outcome } from "../support/mlstack";
import { type ProgramGround, PulumiProgram } from "../support/pulumi-program";
import { PulumiProject } from "../support/pulumi-project";
import { yamlHostFolder } from "../support/yaml-host";

/** An environment with two pools, queues and a tenant, as its file of configuration says it. */
const ENVIRONMENT = `config:
  mlstack:cluster:
    kind: local
  mlstack:systemPool:
    instanceType: m7i.2xlarge
    nodes: 1
  mlstack:gpuPools:
    - name: t4
      instanceType: g4dn.xlarge
      minNodes: 1
      maxNodes: 4
      taints:
        - key: example.com/team
          value: vision
          effect: NoSchedule
  mlstack:platform:
    parts:
      kueue: {}
      sparkOperator: {}
      queues:
        queues:
          - name: research
            quotas:
              - pool: t4
      tenants:
        vision:
          limits:
            gpus: 4
          queues:
            - clusterQueue: research
`;

/** Namespace and machine of a cluster that was set up without this package. */
const NAMESPACE = { apiVersion: "v1", kind: "Namespace", metadata: { name: "research" } };
function foreignNode(): object {
  const shape = gpuPoolShape("dgx", { instanceType: "p4d.24xlarge", maxNodes: 1 });
  const labels = Object.entries(shape.labels).filter(([name]) => !name.startsWith("mlstack.dev/"));
  return simulatedNodeManifest({ ...shape, labels: Object.fromEntries(labels) }, 0);
}

/** Modules of the package that a program has loaded, as an output of the program. */
const TELLS_LOADED = `
export const loaded = Object.keys(require.cache);
`;

/** What every program in TypeScript has beside its source. */
const NODE_PROJECT = {
  "package.json": '{ "name": "program", "version": "1.0.0", "main": "index.ts" }\n',
  "tsconfig.json": '{ "compilerOptions": { "strict": true, "module": "nodenext", "types": ["node"] } }\n',
};

const EXAMPLES = join(checkoutRoot(), "examples", "consumers");
const example = (...path: string[]) => readFile(join(EXAMPLES, ...path), "utf8");

describe("programs of other repositories, under the real engine", { timeout: 120_000 }, () => {
  let folder: string;
  let project: PulumiProject;
  let consumer: Consumer;
  const programs = new Map<string, PulumiProgram>();
  const ups = new Map<string, Outcome>();
  let refused: Outcome;

  /** Brings up an example as a program beside the package that was installed: its modules are found in the folder above. */
  async function up(
    name: string,
    ground: ProgramGround,
    files: Record<string, string>,
    config: Record<string, string>,
  ) {
    const own = join(consumer.folder, name);
    await mkdir(own, { recursive: true });
    const all = { "Pulumi.yaml": await example(name, "Pulumi.yaml"), ...files };
    for (const [file, text] of Object.entries(all)) await writeFile(join(own, file), text);
    if (name === "yaml") await symlink(checkoutRoot(), join(own, "mlstack"));
    const program = await PulumiProgram.in(own, ground);
    programs.set(name, program);
    for (const [key, value] of Object.entries(config)) await program.pulumi("config", "set", "--secret", key, value);
    ups.set(name, await program.pulumi("up", "--yes", "--skip-preview"));
  }

  async function team(): Promise<void> {
    await project.own("up");
    const ground = { ...project.ground, backend: project.ground.variables["PULUMI_BACKEND_URL"]! };
    const files = { ...NODE_PROJECT, "index.ts": await example("team", "index.ts") };
    await up("team", ground, files, { environment: "organization/mlstack/local" });
  }

  async function workloadsOnly(): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(readKubeconfig(project.ground.kubeconfig));
    for (const object of [NAMESPACE, foreignNode()]) await api.create(object);
    const files = { ...NODE_PROJECT, "index.ts": (await example("workloads-only", "index.ts")) + TELLS_LOADED };
    const kubeconfig = await readFile(project.ground.kubeconfig, "utf8");
    await up("workloads-only", project.ground, files, { kubeconfig });
  }

  async function yaml(): Promise<void> {
    const { kubeconfig } = project.ground;
    await up("yaml", { ...project.ground, plugins: [await yamlHostFolder()] }, {}, { kubeconfig });
    const wrong = (await example("yaml", "Pulumi.yaml"))
      .replace("gpus: 2", "gpus: 0.5")
      .replace("pool: digits", "pool: Digits");
    await programs.get("yaml")!.write("Pulumi.yaml", wrong);
    refused = await programs.get("yaml")!.pulumi("preview");
  }

  async function outputs(name: string): Promise<Record<string, unknown>> {
    const { output } = await programs.get(name)!.pulumi("stack", "output", "--json");
    return JSON.parse(output.slice(output.indexOf("{"))) as Record<string, unknown>;
  }
  const api = <T extends ApiType>(type: new (config: Configuration) => T) =>
    readKubeconfig(project.ground.kubeconfig).makeApiClient(type);

  // The package is compiled, and a cluster started; then much of the time of each program is spent waiting.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-environment-"));
    const config = join(folder, "environment.yaml");
    await writeFile(config, ENVIRONMENT);
    [project, consumer] = await Promise.all([PulumiProject.create(config), Consumer.install()]);
    await Promise.all([team(), workloadsOnly(), yaml()]);
  }, 480_000);
  afterAll(async () => {
    await project.remove();
    await consumer.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it("come up", () => {
    expect([...ups.values()].filter(({ code }) => code !== 0)).toEqual([]);
    expect([...ups.keys()].sort()).toEqual(["team", "workloads-only", "yaml"]);
  });

  describe("a team's, on an environment that it takes by reference", () => {
    it("comes up in the tenant's namespace, with the tenant's queue and account, on the environment's pools", async () => {
      expect(await outputs("team")).toEqual({ tables: "tables", trained: true, service: "predict" });

      const { metadata, spec, status } = await api(BatchV1Api).readNamespacedJob({
        name: "train",
        namespace: "vision",
      });
      expect(status?.succeeded).toBe(1);
      expect(metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "default" });
      expect(spec?.template.spec).toMatchObject({
        serviceAccountName: "trainer",
        tolerations: expect.arrayContaining([expect.objectContaining({ key: "example.com/team" })]) as unknown,
      });
    });

    it("has a Spark application that the environment's types allow, and a service that is served", async () => {
      const application = (await api(CustomObjectsApi).getNamespacedCustomObject({
        ...{ group: "sparkoperator.k8s.io", version: "v1beta2", plural: "sparkapplications" },
        ...{ namespace: "vision", name: "tables" },
      })) as { spec: object };
      expect(application.spec).toMatchObject({ sparkVersion: "4.0.1", executor: { instances: 2 } });
      const { status } = await api(AppsV1Api).readNamespacedDeployment({ name: "predict", namespace: "vision" });
      expect(status?.availableReplicas).toBeGreaterThan(0);
    });

    it("keeps the kubeconfig a secret, in its own state too", async () => {
      const { output } = await programs.get("team")!.pulumi("stack", "export");
      expect(output).toContain("mlstack:index:Cluster");
      expect(output).not.toContain(project.ground.kubeconfig);
    });
  });

  describe("one with a kubeconfig and nothing else", () => {
    it("trains on a cluster that this package did not make", async () => {
      const { trained } = await outputs("workloads-only");
      expect(trained).toBe(true);
      const { items } = await api(CoreV1Api).listNamespacedPod({ namespace: "research" });
      expect(items.map(({ spec }) => spec?.nodeName)).toEqual(["dgx-0"]);
    });

    it("loads the workloads, what they stand on, and one provider", async () => {
      const { loaded } = (await outputs("workloads-only")) as { loaded: string[] };
      expect(distinct(loaded, /mlstack\/(components\/\w+)\//)).toEqual([
        "components/internal",
        "components/model",
        "components/workloads",
      ]);
      expect(distinct(loaded, /node_modules\/(@pulumi\/[\w-]+)\//)).toEqual(["@pulumi/kubernetes", "@pulumi/pulumi"]);
    });
  });

  describe("one in YAML", () => {
    it("makes a pool, and a job that completes on it, by the components in a plugin", async () => {
      expect(await outputs("yaml")).toEqual({ job: "mnist", trained: true });
      const { items } = await api(CoreV1Api).listNamespacedPod({ namespace: "default" });
      expect(items.map(({ spec }) => spec?.nodeName)).toEqual(["digits-0"]);
      expect(items[0]?.spec?.containers[0]?.resources?.limits).toMatchObject({ "nvidia.com/gpu": "2" });
    });

    it("is told of all wrong arguments before anything is made", () => {
      const remedies = [
        "gpus is 0.5; allowed: a whole number from 1. Set gpus within that range.",
        'pool is "Digits"; allowed: at most 63 lower-case letters, digits and inner hyphens. Set pool to such a name.',
      ];
      expect(refused.output).toContain('GpuJob "mnist": 2 invalid inputs');
      for (const remedy of remedies) expect(refused.output).toContain(remedy);
      expect(refused.code).not.toBe(0);
    });

    it("has a schema in which the engine finds no mistake", async () => {
      const schema = join(checkoutRoot(), "packaging", "schema.json");
      expect(await programs.get("yaml")!.pulumi("schema", "check", schema)).toEqual({ code: 0, output: "" });
    });
  });

  it("go again, each with all that it made", async () => {
    const gone = await Promise.all([...programs.values()].map((program) => program.pulumi("destroy", "--yes")));
    expect(gone.map(({ code }) => code)).toEqual([0, 0, 0]);
    const { items } = await api(BatchV1Api).listJobForAllNamespaces();
    expect(items).toEqual([]);
  });
});

/** What a pattern finds in texts, each once, in alphabetical order. */
function distinct(texts: string[], pattern: RegExp): string[] {
  return [...new Set(texts.flatMap((text) => pattern.exec(text)?.[1] ?? []))].sort();
}
