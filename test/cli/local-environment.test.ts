import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppsV1Api, BatchV1Api, CoreV1Api } from "@kubernetes/client-node";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { checkoutRoot } from "../../rehearsal/checkout";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { eventually } from "../support/cluster";
import { mlstack, type Outcome } from "../support/mlstack";
import { processesMentioning } from "../support/processes";

const GPU = "nvidia.com/gpu";

/** The whole way of a newcomer, with the real engine and provider against the real API server. */
describe("the local environment", { timeout: 180_000 }, () => {
  let scratch: string;
  let state: string;
  let madeAnew: Outcome;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "mlstack-environment-"));
    state = join(scratch, "state");
  });
  afterAll(async () => {
    await mlstack(state, "down", "--force");
    await rm(scratch, { recursive: true, force: true });
  });

  /** Commands that take a configuration get that of the local stack without its platform, unless they name one. */
  const run = async (command: string, ...args: string[]) => {
    const takesConfig = ["up", "preview", "down"].includes(command) && !args.includes("--config");
    return mlstack(state, command, ...args, ...(takesConfig ? ["--config", await withoutPlatform()] : []));
  };
  const api = () => {
    return readKubeconfig(clusterLayout(state).kubeconfig);
  };
  const core = () => api().makeApiClient(CoreV1Api);
  const poolNodes = async () => (await core().listNode()).items.map(({ metadata }) => metadata?.name);

  /** The local stack's configuration without its platform and the scenarios on it, which have a test of their own. */
  async function withoutPlatform(): Promise<string> {
    const document = parseDocument(await readFile(join(checkoutRoot(), "stacks", "Pulumi.local.yaml"), "utf8"));
    document.deleteIn(["config", "mlstack:platform"]);
    document.setIn(["config", "mlstack:scenarios"], ["mnist", "two-gpu-pod"]);
    const file = join(scratch, "without-platform.yaml");
    await writeFile(file, document.toString());
    return file;
  }

  /** A copy of that configuration with one text replaced. */
  async function configuration(from: string, to: string): Promise<string> {
    const text = await readFile(await withoutPlatform(), "utf8");
    expect(text).toContain(from);
    const file = join(scratch, "changed.yaml");
    await writeFile(file, text.replace(from, to));
    return file;
  }

  it("is not brought up with a wrong configuration: every mistake is named, without a stack trace", async () => {
    const config = await configuration("instanceType: g5.12xlarge", "instanceType: g5.12xlrage");
    const { code, output } = await run("up", "--config", config);
    expect(code).not.toBe(0);
    expect(output).toContain(
      'mlstack:gpuPools[1].instanceType is "g5.12xlrage"; allowed: a GPU instance type of the catalogue. Did you mean "g5.12xlarge"?',
    );
    expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(await poolNodes()).toEqual([]);
  });

  it("is stopped by a mandatory policy violation in preview, with nothing created", async () => {
    const strict = join(scratch, "strict.json");
    const taints = [{ key: "example.com/licence", effect: "NoSchedule" }];
    await writeFile(strict, JSON.stringify({ gpu: { rules: { "GPU-02": { level: "mandatory", taints } } } }));
    const { code, output } = await run("up", "--policy-config", `gpu-ml=${strict}`);
    expect(code).not.toBe(0);
    expect(output).toContain("[mandatory]");
    expect(output).toContain("[GPU-02] Job ml/mnist: spec.template.spec.tolerations");
    expect(await poolNodes()).toEqual([]);
  });

  it("survives pulumi being killed while a job is awaited: the next run settles it", async () => {
    const killed = run("up");
    await eventually(
      "the training job runs",
      async () => {
        const { items } = await core().listNamespacedPod({ namespace: "ml", labelSelector: "job-name=mnist" });
        return items.some(({ status }) => status?.phase === "Running");
      },
      120_000,
    );
    const engines = (await processesMentioning(`${state}/pulumi/`)).filter(({ command }) => /pulumi up /.test(command));
    expect(engines).toHaveLength(1);
    process.kill(engines[0]!.pid, "SIGKILL");
    expect((await killed).code).not.toBe(0);

    const { code, output } = await run("up");
    expect(output).toContain("released the lock of a killed update, settled");
    expect(code).toBe(0);
  });

  it("has two GPU pools with taint and GPUs, and the device plugin on every GPU node", async () => {
    const nodes = (await core().listNode()).items;
    const gpus = nodes.flatMap(({ metadata, status }) =>
      status?.allocatable?.[GPU] === undefined ? [] : [[metadata?.name, status.allocatable[GPU]]],
    );
    expect(gpus).toEqual([
      ["a10g-0", "4"],
      ["t4-0", "1"],
      ["t4-1", "1"],
    ]);
    for (const { metadata, spec } of nodes) {
      const tainted = spec?.taints?.some(({ key, effect }) => key === GPU && effect === "NoSchedule") ?? false;
      expect(tainted).toBe(!metadata?.name?.startsWith("system"));
    }
    const plugin = await api()
      .makeApiClient(AppsV1Api)
      .readNamespacedDaemonSet({ name: "nvidia-device-plugin", namespace: "nvidia-device-plugin" });
    expect(plugin.status?.numberReady).toBe(3);
  });

  it("ran the 500-step MNIST training on one GPU of the smaller pool, to its end", async () => {
    const job = await api().makeApiClient(BatchV1Api).readNamespacedJob({ name: "mnist", namespace: "ml" });
    expect(job.status?.conditions?.find(({ type }) => type === "Complete")?.status).toBe("True");
    const container = job.spec?.template.spec?.containers[0];
    expect(container?.resources?.limits?.[GPU]).toBe("1");
    expect([...(container?.command ?? []), ...(container?.args ?? [])].join(" ")).toContain("--steps=500");
    const { items } = await core().listNamespacedPod({ namespace: "ml", labelSelector: "job-name=mnist" });
    expect(items.map(({ spec }) => spec?.nodeName)).toEqual([expect.stringMatching(/^t4-/)]);
  });

  it("runs a pod with two GPUs on a node that has them", async () => {
    const pod = await core().readNamespacedPod({ name: "two-gpu-pod", namespace: "ml" });
    expect(pod.status?.phase).toBe("Running");
    expect(pod.spec?.nodeName).toBe("a10g-0");
  });

  it("sees and mends with --refresh what was deleted by hand and nothing else, at once with --skip-preview", async () => {
    await core().deleteNamespacedPod({ name: "two-gpu-pod", namespace: "ml" });
    await eventually(
      "the pod is gone",
      async () => (await core().listNamespacedPod({ namespace: "ml" })).items.length === 1,
    );
    // The state still has it, so that only a look at the cluster tells.
    const seen = await run("preview", "--refresh", "--expect-no-changes");
    expect(seen.output).toContain("no changes were expected for preview but changes were proposed");
    expect(seen.code).not.toBe(0);
    const { code, output } = await run("up", "--refresh", "--skip-preview");
    expect(output).not.toContain("Previewing update");
    expect(output).toContain("Updating (local)");
    expect(output).toContain("20 unchanged");
    expect(code).toBe(0);
    const pod = await core().readNamespacedPod({ name: "two-gpu-pod", namespace: "ml" });
    expect(pod.status?.phase).toBe("Running");
  });

  it("is made anew after its control plane's data were lost", async () => {
    for (const { pid } of await processesMentioning(`=${clusterLayout(state).folder}/`)) process.kill(pid, "SIGKILL");
    await rm(clusterLayout(state).folder, { recursive: true });
    const { code, output } = await run("up");
    expect(output).toMatch(/forgot \d+ resources of a lost control plane/);
    expect(code).toBe(0);
    expect(await poolNodes()).toEqual(["a10g-0", "system-0", "system-1", "system-2", "t4-0", "t4-1"]);
  });

  it("is made anew after its Pulumi state was lost", async () => {
    await rm(join(state, "pulumi"), { recursive: true });
    madeAnew = await run("up");
    expect(madeAnew.output).toContain("created, on a new control plane as the Pulumi state was lost");
    expect(madeAnew.output).toContain("21 created");
    expect(madeAnew.code).toBe(0);
  });

  it("says what stands and what to do next", () => {
    const { output } = madeAnew;
    expect(output).toContain("No container ran: nodes and GPUs are simulated");
    expect(output).toContain("npm run down");
    expect(output).toMatch(/ml\/mnist +1\/1 +Complete/);
    expect(output).toMatch(/ml\/two-gpu-pod +2 +Running +a10g-0/);
  });

  it("has a preview that agrees", async () => {
    expect((await run("preview", "--refresh", "--expect-no-changes")).code).toBe(0);
  });

  it("shows a killed process in its status and starts it again, with all that was there and no change", async () => {
    const healthy = await run("status");
    expect(healthy.code).toBe(0);
    const pid = Number(/^kube-apiserver +ready +(\d+)/m.exec(healthy.output)?.[1]);
    process.kill(pid, "SIGKILL");
    const unwell = await run("status");
    expect(unwell.code).toBe(1);
    expect(unwell.output).toContain("Not well: kube-apiserver (stopped). `npm run up` starts again what has died");

    const { code, output } = await run("up", "--expect-no-changes");
    expect(output).toContain("started kube-apiserver");
    expect(output).toContain("21 unchanged");
    expect(code).toBe(0);
  });

  it("keeps secrets out of its state: the passphrase is random and only its owner can read it", async () => {
    const { mode } = await import("node:fs/promises").then(({ stat }) => stat(join(state, "pulumi", "passphrase")));
    expect(mode & 0o077).toBe(0);
    const checkpoint = await readFile(
      join(state, "pulumi", "backend", ".pulumi", "stacks", "mlstack", "local.json"),
      "utf8",
    );
    expect(checkpoint).not.toContain("PRIVATE KEY");
  });

  it("changes no file of the checkout", async () => {
    const text = await readFile(join(checkoutRoot(), "stacks", "Pulumi.local.yaml"), "utf8");
    expect(text).not.toContain("encryptionsalt");
  });

  it("goes down without leaving a process or a file", async () => {
    const { code, output } = await run("down");
    expect(output).toContain("21 deleted");
    expect(code).toBe(0);
    expect(await processesMentioning(state)).toEqual([]);
    expect(existsSync(state)).toBe(false);
  });

  it("has nothing to do when it is down", async () => {
    expect(await run("down")).toEqual({ code: 0, output: "Nothing is up in this checkout.\n" });
    const { code, output } = await run("status");
    expect(code).toBe(0);
    expect(output).toBe("The embedded control plane is not running in this checkout. Start it with: npm run up\n");
  });
});
