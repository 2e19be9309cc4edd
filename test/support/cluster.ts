import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiType, type KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import type { Configuration } from "@kubernetes/client-node";
import { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import type { PodPrograms } from "../../rehearsal/operators/program-file";
import type { RealNodes } from "../../rehearsal/real-node/real-nodes";
import { toolPath } from "./toolchain";

/** An embedded control plane of a test file's own, in a folder outside the checkout. */
export class TestCluster {
  private constructor(
    readonly folder: string,
    readonly controlPlane: ControlPlane,
  ) {}

  /** Prepares a control plane without starting it, on which programs may run in place of containers, or on real nodes. */
  static async create(programs?: PodPrograms, real?: RealNodes): Promise<TestCluster> {
    const folder = await mkdtemp(join(tmpdir(), "mlstack-cluster-"));
    const layout = clusterLayout(folder);
    return new TestCluster(folder, new ControlPlane(await toolPath("controlplane"), layout, programs, real));
  }

  /** Prepares and starts one. */
  static async start(programs?: PodPrograms, real?: RealNodes): Promise<TestCluster> {
    const cluster = await TestCluster.create(programs, real);
    await cluster.controlPlane.start();
    return cluster;
  }

  /** A typed client of one API group. */
  api<T extends ApiType>(type: new (config: Configuration) => T): T {
    return this.config.makeApiClient(type);
  }

  /** Creates an object of any kind. */
  async create(object: object): Promise<void> {
    await KubernetesObjectApi.makeApiClient(this.config).create(object);
  }

  /** Ends the processes and removes the folder. */
  async remove(): Promise<void> {
    await this.controlPlane.remove();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** How it is reached, as its administrator. */
  get config(): KubeConfig {
    return readKubeconfig(this.controlPlane.layout.kubeconfig);
  }
}

/** Milliseconds until it is asked again: first, and at most, as many who ask all the time keep an API server from its work. */
const PAUSE = { first: 100, most: 500 };

/** Asks again until the answer is defined. @throws Error after the given time, with the description. */
export async function eventually<T>(
  description: string,
  ask: () => Promise<T | undefined | false>,
  timeoutMilliseconds = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMilliseconds;
  for (let pause = PAUSE.first; ; pause = Math.min(pause * 1.2, PAUSE.most)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMilliseconds / 1000} s: ${description}`);
    await sleep(pause);
  }
}
