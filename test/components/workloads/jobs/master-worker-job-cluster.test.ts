import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { AppsV1Api, BatchV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkoutRoot } from "../../../../rehearsal/checkout";
import { readKubeconfig } from "../../../../rehearsal/cluster/kubeconfig";
import type { Outcome } from "../../../support/mlstack";
import { PulumiProject } from "../../../support/pulumi-project";
import { toolPath } from "../../../support/toolchain";

/** Trains with the image of a version, where workers end as they are told, and serves with the same image. */
const PROGRAM = `
const k8s = require("@pulumi/kubernetes");
const { MasterWorkerJob, SystemNodePool } = require(${JSON.stringify(join(checkoutRoot(), "bin", "components"))});
const { KUBECONFIG: kubeconfig, VERSION: version, WORKERS: workers } = process.env;
const provider = new k8s.Provider("cluster", { kubeconfig });
const system = new SystemNodePool("system", {}, { providers: [provider] });
const simulated = (end) => ({ "mlstack.dev/simulate": end });
new MasterWorkerJob("fleet", {
  image: "ghcr.io/acme/fleet:" + version,
  master: { annotations: simulated("succeed after=1s") },
  workers: { replicas: 3, annotations: simulated(workers) },
  backoffLimit: 0,
  afterTraining: {},
}, { providers: [provider], dependsOn: [system] });
`;

describe("a MasterWorkerJob on a cluster", { timeout: 240_000 }, () => {
  const folder = join(checkoutRoot(), "node_modules", ".cache", "mlstack-test", `fleet-${process.pid}`);
  let project: PulumiProject;

  beforeAll(async () => {
    project = await PulumiProject.create();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "Pulumi.yaml"), "name: fleet\nruntime: nodejs\n");
    await writeFile(join(folder, "package.json"), '{ "name": "fleet", "version": "0.0.0", "main": "index.js" }\n');
    await writeFile(join(folder, "index.js"), PROGRAM);
    await pulumi(["stack", "init", "fleet", "--secrets-provider", "passphrase"]);
  }, 120_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await project.remove();
  });

  async function pulumi(args: string[], variables: Record<string, string> = {}): Promise<Outcome> {
    const binary = await toolPath("pulumi");
    const { kubeconfig: KUBECONFIG } = project.environment.controlPlane.layout;
    const PATH = [dirname(process.execPath), dirname(binary), process.env["PATH"] ?? ""].join(delimiter);
    const env = { ...process.env, ...project.environment.pulumi.variables, KUBECONFIG, PATH, ...variables };
    const child = spawn(binary, [...args, "--cwd", folder, "--non-interactive"], { env });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  }

  const train = (version: string, workers: string) =>
    pulumi(["up", "--yes", "--skip-preview"], { VERSION: version, WORKERS: workers });

  /** Version that serves and its ready pods, and how many pods of each job have succeeded and failed. */
  async function state() {
    const config = readKubeconfig(project.environment.controlPlane.layout.kubeconfig);
    const at = { name: "fleet", namespace: "default" };
    const { spec, status } = await config.makeApiClient(AppsV1Api).readNamespacedDeployment(at);
    const jobs = await Promise.all(
      ["fleet-master", "fleet-worker"].map(async (name) => {
        const job = await config.makeApiClient(BatchV1Api).readNamespacedJob({ ...at, name });
        return [job.metadata!.uid, job.status?.succeeded ?? 0, job.status?.failed ?? 0] as const;
      }),
    );
    const [container] = spec!.template.spec!.containers;
    return { serves: container!.image!.split(":").at(-1), ready: status?.readyReplicas, jobs };
  }

  it("serves what was trained, goes on to serve it where a training fails, and serves the next that succeeds", async () => {
    const first = await train("1", "succeed after=1s");
    expect(first.code, first.output).toBe(0);
    const trained = await state();
    expect(trained).toMatchObject({
      serves: "1",
      ready: 2,
      jobs: [
        [trained.jobs[0]![0], 1, 0],
        [trained.jobs[1]![0], 3, 0],
      ],
    });

    const failed = await train("2", "fail after=1s exit=1");
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("fleet-worker");
    expect(await state()).toMatchObject({ serves: "1", ready: 2 });

    // A master whose workers are others now fills the queue anew.
    const mended = await train("2", "succeed after=2s");
    expect(mended.code, mended.output).toBe(0);
    const again = await state();
    expect(again).toMatchObject({ serves: "2", ready: 2 });
    expect(again.jobs.map(([, succeeded, failures]) => [succeeded, failures])).toEqual([
      [1, 0],
      [3, 0],
    ]);
    expect(again.jobs.map(([uid]) => uid)).not.toContain(trained.jobs[0]![0]);
  });
});
