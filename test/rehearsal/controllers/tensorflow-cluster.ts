import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CoreV1Api, type V1Pod, type V1Service } from "@kubernetes/client-node";
import { beforeAll, describe, expect, it } from "vitest";
import { checkoutRoot } from "../../../rehearsal/checkout";
import type { TestCluster } from "../../support/cluster";

const exec = promisify(execFile);

/** Reads TF_CONFIG as TensorFlow does. */
const READER = join(checkoutRoot(), "examples", "parameter-server", "cluster_spec.py");

const hasReader = existsSync(READER) && spawnSync("python3", ["--version"]).status === 0;

/** What the Training Operator tells each process of a TensorFlow job. */
interface TensorFlowConfig {
  cluster: Record<string, string[]>;
  task: { type: string; index: number };
}

/** What the reader makes of it. */
interface Resolved {
  task: { type: string; index: number; address: string | null };
  isChief: boolean;
}

/** Tests of how the processes of a TFJob, in a namespace of its own name, are told to find each other. */
export function describeTensorFlowCluster(clusterOf: () => TestCluster, name: string): void {
  describe("tell the processes of a TFJob where the others are", () => {
    let pods: V1Pod[];
    let services: V1Service[];
    beforeAll(async () => {
      const core = clusterOf().api(CoreV1Api);
      pods = (await core.listNamespacedPod({ namespace: name })).items;
      services = (await core.listNamespacedService({ namespace: name })).items;
    });

    const textOf = (pod: V1Pod) =>
      pod.spec!.containers[0]!.env?.find((variable) => variable.name === "TF_CONFIG")?.value ?? "{}";
    const configs = () => pods.map((pod) => ({ pod, config: JSON.parse(textOf(pod)) as TensorFlowConfig }));

    it("with the same hosts for all: of chief, parameter servers and workers, and of the evaluator too", () => {
      const hosts = (job: string, count: number) =>
        Array.from({ length: count }, (_, index) => `${name}-${job}-${index}.${name}.svc:2222`);
      const cluster = {
        chief: hosts("chief", 1),
        ps: hosts("ps", 2),
        worker: hosts("worker", 3),
        evaluator: hosts("evaluator", 1),
      };
      for (const { config } of configs()) expect(config.cluster).toEqual(cluster);
    });

    it("each with a place of its own", () => {
      const places = configs().map(({ config }) => `${config.task.type} ${config.task.index}`);
      expect(places.sort()).toEqual([
        ...["chief 0", "evaluator 0", "ps 0", "ps 1", "worker 0", "worker 1", "worker 2"],
      ]);
    });

    it("by the names of headless Services, each of which leads to the very process that is meant", () => {
      for (const { pod, config } of configs()) {
        const { type, index } = config.task;
        const [address = "", port] = config.cluster[type]![index]!.split(":");
        const service = services.find(({ metadata }) => `${metadata?.name}.${metadata?.namespace}.svc` === address);
        expect(service?.spec?.clusterIP, address).toBe("None");
        expect(service?.spec?.ports?.map((each) => String(each.port))).toContain(port);
        const selector = Object.entries(service?.spec?.selector ?? {});
        const led = pods.filter(({ metadata }) => selector.every(([key, value]) => metadata?.labels?.[key] === value));
        expect(led.map(({ metadata }) => metadata?.name)).toEqual([pod.metadata?.name]);
      }
      expect(services).toHaveLength(pods.length);
    });

    it.skipIf(!hasReader)("as the reader of the parameter server example understands it", async () => {
      const read = await Promise.all(
        pods.map(async (pod) => {
          const env = { ...process.env, TF_CONFIG: textOf(pod) };
          const { stdout } = await exec("python3", [READER], { env });
          return JSON.parse(stdout) as Resolved;
        }),
      );
      for (const { task } of read) expect(task.address).toBe(`${name}-${task.type}-${task.index}.${name}.svc:2222`);
      expect(read.map(({ task }) => task.type).sort()).toEqual([
        ...["chief", "evaluator", "ps", "ps", "worker", "worker", "worker"],
      ]);
      const deciding = read.filter(({ isChief }) => isChief).map(({ task }) => task.type);
      expect(deciding.sort()).toEqual(["chief", "evaluator"]);
    });
  });
}
