import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { BUSYBOX } from "../../rehearsal/real-node/required-images";
import { mlstack } from "../support/mlstack";
import { RealPods, scriptPod } from "../support/real-pods";
import { processesOf } from "../support/traces";

/** A stack with one simulated node and nothing on it. */
const STACK = `
config:
  mlstack:cluster:
    kind: local
  mlstack:systemPool:
    instanceType: m7i.large
    nodes: 1
`;

describe("mlstack with real nodes", () => {
  let folder: string;
  let config: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-real-"));
    config = join(folder, "stack.yaml");
    await writeFile(config, STACK);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("up has as many as it is asked for, image build gives them images, and down takes all away", async () => {
    const state = join(folder, "state");
    const up = await mlstack(state, "up", "--config", config, "--real-nodes", "2", "--skip-preview");
    expect(up.output).toContain("2 nodes, each to say that it has 16 CPUs and 4 GPUs");
    expect(up.output).toContain("real-0, real-1 run their pods: GPUs and the other nodes are simulated");
    expect(up.code).toBe(0);
    const kubeconfig = readKubeconfig(clusterLayout(state).kubeconfig);
    const names = (await kubeconfig.makeApiClient(CoreV1Api).listNode()).items.map(({ metadata }) => metadata?.name);
    expect(names).toEqual(["real-0", "real-1", "system-0"]);
    const built = await mlstack(state, "image", "build", "examples/refit/generate");
    expect(built.output).toContain("real-0: imported 1\nreal-1: imported 1\n");
    const image = "registry.example.com/mlstack/refit-generate:0.1.0";
    const program = scriptPod("", {
      name: "generate",
      securityContext: { runAsUser: 185 },
      container: {
        image,
        command: ["sh", "-c", "python /app/generate.py --as-of 2026-10-01 --output /tmp/raw && ls /tmp/raw"],
      },
    });
    const { printed, exitCode } = await new RealPods(kubeconfig).run(program);
    expect([printed.split("\n").slice(-4), exitCode]).toEqual([
      ["cancellations.csv", "customers.csv", "usage.csv", ""],
      0,
    ]);
    expect((await mlstack(state, "status")).output).toMatch(/^real-nodes +ready/m);
    const down = await mlstack(state, "down", "--config", config);
    expect([down.code, await processesOf(state)]).toEqual([0, []]);
  });

  test("rehearse has a scenario's pods run where it says so, and tells how they ended", async () => {
    const scenario = join(folder, "scenario.yaml");
    const job = (name: string, script: string) => ({
      name,
      object: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name },
        spec: {
          backoffLimit: 0,
          template: {
            spec: {
              restartPolicy: "Never",
              containers: [{ name: "main", image: BUSYBOX, command: ["sh", "-c", script] }],
            },
          },
        },
      },
    });
    await writeFile(
      scenario,
      JSON.stringify({ "real-node": true, workloads: [job("good", "exit 0"), job("bad", "exit 3")] }),
    );
    const { code, output } = await mlstack(join(folder, "rehearsal"), "rehearse", scenario, "--config", config);
    expect(output).toContain("Pods that were sent to a real node ran");
    expect(output).toMatch(/^Job default\/good .* succeeded/m);
    expect(output).toMatch(/^Job default\/bad .* FAILED/m);
    expect(code).toBe(1);
  });
});
