import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CustomObjectsApi } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import type { Environment } from "../../../cli/environment";
import { clusterConfigOf } from "../../../cli/teardown/cluster-config";
import { showOrder, tearDown, tearDownEmbedded, tellKeptTypes } from "../../../cli/teardown/teardown";
import { TestCluster } from "../../support/cluster";
import { scratchFolder, setForTest } from "../../support/scratch";
import { StateBuilder } from "./example-state";
import { createTypes, holdTypes, platformType } from "./platform-cluster";

const WORKFLOW = platformType("Workflow");
const QUEUE = platformType("ClusterQueue");

/** With a real API server, and an engine that only writes down what it is told. */
describe("tearing a platform down that is not in AWS", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  let state: StateBuilder;
  /** What the engine was told, and how many Workflows there were then. */
  let done: string[];
  let printed: string;
  let code: number;
  beforeAll(async () => {
    cluster = await TestCluster.start();
    await createTypes(cluster, [WORKFLOW, QUEUE]);
  });
  beforeEach(() => {
    [done, printed, code] = [[], "", 0];
    state = new StateBuilder();
    holdTypes(state, [WORKFLOW, QUEUE]);
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, "write").mockImplementation((chunk) => {
        printed += String(chunk);
        return true;
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  afterAll(() => cluster.remove());

  const kubeconfig = () => cluster.controlPlane.layout.kubeconfig;
  const workflow = (finalizers: string[] = []) =>
    cluster.create({
      apiVersion: "argoproj.io/v1",
      kind: "Workflow",
      metadata: { name: "train", namespace: "default", finalizers },
    });
  async function workflows(): Promise<number> {
    const all = { group: "argoproj.io", version: "v1", plural: "workflows" };
    return ((await cluster.api(CustomObjectsApi).listClusterCustomObject(all)) as { items: object[] }).items.length;
  }

  async function environment(config: object = { kubeconfig: kubeconfig() }, embedded = false): Promise<Environment> {
    const path = join(await scratchFolder(), "lab.yaml");
    await writeFile(path, stringify({ config: { "mlstack:cluster": { kind: "existing", ...config } } }));
    const pulumi = {
      with: () => pulumi,
      quietly: () => Promise.resolve(state.exported()),
      run: async (args: string[]) => {
        done.push(`${args.join(" ")} workflows=${await workflows()}`);
        return code;
      },
    };
    return {
      stack: { name: "lab", path, isDefault: false, embedded },
      stackArguments: ["--stack", "lab"],
      controlPlane: cluster.controlPlane,
      pulumi,
    } as unknown as Environment;
  }

  const kept = [
    "Kept on the cluster on purpose (retainOnDelete), as with a resource type go all resources of it, whoever made them:",
    "  without resources: workflows.argoproj.io, clusterqueues.kueue.x-k8s.io",
    "To delete those that nobody else uses, and all resources of them:",
    "  kubectl delete crd workflows.argoproj.io clusterqueues.kueue.x-k8s.io",
    "",
  ].join("\n");

  it("drains it of what users have on it, destroys it, and tells which types stay", async () => {
    await workflow();
    expect(await tearDown(await environment(), { yes: true })).toBe(0);
    expect(done).toEqual(["destroy --yes --skip-preview --stack lab workflows=0"]);
    expect(printed).toContain("workloads that make others   Workflow   default     1          train\n");
    expect(printed).toContain("Workloads that make others: 1 gone");
    expect(printed).toMatch(/Cluster queues: none/);
    expect(printed.endsWith(`\n${kept}`), printed).toBe(true);
  });

  it("asks before it drains: there is no terminal to ask at", async () => {
    await workflow();
    await expect(tearDown(await environment(), {})).rejects.toThrow(
      "there is no terminal to ask whether lab is to be destroyed",
    );
    expect([done, await workflows()]).toEqual([[], 1]);
  });

  it("only shows in a dry run what would be drained", async () => {
    expect(await showOrder(await environment(), {})).toBe(0);
    expect([done, await workflows()]).toEqual([[], 1]);
    expect(printed).toContain("workloads that make others   Workflow   default     1          train\n");
    expect(printed).toMatch(/Destroying lab deletes 0 resources and keeps 2, .*\nNothing was changed\.\n$/s);
  });

  it("shows the order in a dry run where the cluster does not answer, and drains nothing", async () => {
    const config = { kubeconfig: await kubeconfigOf("https://127.0.0.1:1") };
    expect(await showOrder(await environment(config), {})).toBe(0);
    expect(printed).toContain(
      "What the cluster would be drained of is not known: the cluster https://127.0.0.1:1 does not answer (bad port)\n",
    );
    await expect(tearDown(await environment(config), { yes: true })).rejects.toThrow(
      "the cluster https://127.0.0.1:1 does not answer (bad port)",
    );
    expect(done).toEqual([]);
  });

  it("leaves it to Pulumi, which asks by itself, with --skip-drain", async () => {
    expect(await tearDown(await environment(), { skipDrain: true })).toBe(0);
    expect(done).toEqual(["destroy --stack lab workflows=1"]);
    expect(printed).toContain(
      "  workflows.argoproj.io: 1 resource\n  without resources: clusterqueues.kueue.x-k8s.io\n",
    );
  });

  it("keeps the exit code of a destroy that fails, and tells of no types", async () => {
    code = 7;
    expect(await tearDown(await environment(), { yes: true })).toBe(7);
    expect(printed).toContain("The stack lab is not destroyed; the reason is above.");
    expect(printed).not.toContain("Kept on");
  });

  it("deletes nothing where something is protected", async () => {
    await workflow();
    state.custom("kubernetes:core/v1:Namespace", "ml", undefined, { protect: true });
    const message = "nothing was destroyed, as destroying lab would stop half way";
    await expect(tearDown(await environment(), { yes: true })).rejects.toThrow(message);
    await expect(tearDownEmbedded(await environment({}, true), state.resources, {})).rejects.toThrow(message);
    expect([done, await workflows()]).toEqual([[], 1]);
  });

  it("takes finalizers off on the embedded cluster, where no controller runs, and says so", async () => {
    await cluster.create({
      apiVersion: "kueue.x-k8s.io/v1",
      kind: "ClusterQueue",
      metadata: { name: "gpus", finalizers: ["kueue.x-k8s.io/resource-in-use"] },
    });
    expect(await tearDownEmbedded(await environment({}, true), state.resources, {})).toBe(0);
    expect(done).toEqual(["destroy --yes --stack lab workflows=0"]);
    expect(printed).toContain(
      "Cluster queues: 1 gone, 1 of them only once their finalizers were taken off, as no controller runs on a simulated cluster",
    );
  });

  it("is only a destroy on the embedded cluster with --skip-drain, and where there is no platform", async () => {
    expect(await tearDownEmbedded(await environment({}, true), state.resources, { skipDrain: true })).toBe(0);
    expect(await tearDownEmbedded(await environment({}, true), [], {})).toBe(0);
    expect(done).toHaveLength(2);
    expect(printed).toBe("");
  });

  it("tells which types stay where the cluster can not be asked", async () => {
    await tellKeptTypes(await environment({ kubeconfig: "/no/such/kubeconfig" }), state.resources);
    expect(printed).toContain(
      "  with resources that the cluster was not asked for: workflows.argoproj.io, clusterqueues.kueue.x-k8s.io\n",
    );
    expect(printed).toContain("  kubectl delete crd workflows.argoproj.io clusterqueues.kueue.x-k8s.io\n");
  });

  /** Path of a kubeconfig with two contexts, `first` being the current one. */
  async function kubeconfigOf(server: string): Promise<string> {
    const path = join(await scratchFolder(), "kubeconfig");
    const clusters = [
      { name: "c", cluster: { server, "insecure-skip-tls-verify": true } },
      { name: "d", cluster: { server: "https://second.example.com" } },
    ];
    const contexts = [
      { name: "first", context: { cluster: "c", user: "u" } },
      { name: "second", context: { cluster: "d", user: "u" } },
    ];
    const users = [{ name: "u", user: {} }];
    await writeFile(path, stringify({ clusters, contexts, users, "current-context": "first" }));
    return path;
  }

  describe("finds the cluster", () => {
    const serverOf = async (config: object, embedded = false) => {
      const found = await clusterConfigOf(await environment(config, embedded), []);
      return found.getCurrentCluster()?.server;
    };

    it("by the configuration's kubeconfig and context", async () => {
      const path = await kubeconfigOf("https://first.example.com");
      expect(await serverOf({ kubeconfig: path })).toBe("https://first.example.com");
      expect(await serverOf({ kubeconfig: path, context: "second" })).toBe("https://second.example.com");
    });

    it("by the shell's kubeconfig, and the embedded one by its own", async () => {
      setForTest("KUBECONFIG", await kubeconfigOf("https://first.example.com"));
      expect(await serverOf({ context: "second" })).toBe("https://second.example.com");
      const own = /server: (\S+)/.exec(await readFile(kubeconfig(), "utf8"))![1];
      expect(await serverOf({}, true)).toBe(own);
    });

    it("or says what is missing", async () => {
      const path = await kubeconfigOf("https://first.example.com");
      await expect(serverOf({ kubeconfig: path, context: "third" })).rejects.toMatchObject({
        message: `the kubeconfig ${path} leads to no cluster: there is no context third`,
        remedy: "Mend `mlstack:cluster.context`, or go on without the cluster: --skip-drain",
      });
      await expect(serverOf({ kubeconfig: "/no/such/kubeconfig" })).rejects.toMatchObject({
        message:
          "the kubeconfig /no/such/kubeconfig can not be read: ENOENT: no such file or directory, open '/no/such/kubeconfig'",
        remedy: "Mend the path in `mlstack:cluster.kubeconfig`, or go on without the cluster: --skip-drain",
      });
    });
  });
});
