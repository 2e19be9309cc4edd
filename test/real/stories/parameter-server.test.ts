import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TensorFlowJobArgs, TrainingRestartPolicy } from "../../../components/workloads";
import { tensorFlowJobManifest } from "../../../components/workloads/training";
import { BUSYBOX } from "../../../rehearsal/real-node/required-images";
import { EXAMPLE_IMAGES } from "../../support/example-images";
import { eventually } from "../../support/cluster";
import { killProgram } from "../../support/real-containers";
import { StoryPods } from "../../support/story-pods";
import { JOB_NAME, PodStates, TensorFlowJobOnCluster } from "../../support/training-jobs";
import { realStack } from "./stack";

const image = EXAMPLE_IMAGES.parameterServer;
const small = { gpus: 0, cpu: "250m", memory: "256Mi" };
const CHECKPOINTS = "/checkpoints";
const TARGET = 0.012;

/** A namespace whose jobs wait in a queue, and whose pods run. */
const namespace = "parameter-servers";
const claim = "checkpoints";

/** Roles of the trainings here: six pods of 250m. */
const PODS = ["chief-0", "evaluator-0", "ps-0", "ps-1", "worker-0", "worker-1"];

/** What a checkpoint is judged by: the newest one's loss on measurements that trained nobody, and how far it is from the truth. */
const judge = `
import json, sys
from pathlib import Path
import numpy as np
from checkpoints import Checkpoints
from problem import FEATURES, SEED, measure
newest = Checkpoints(Path(sys.argv[1])).newest()
truth = np.random.default_rng(SEED).normal(size=FEATURES)
print(json.dumps(None if newest is None else {
  "updates": newest.updates, "isLast": newest.is_last, "loss": measure("validation", 4096).loss(newest.parameters),
  "farthest": float(np.abs(newest.parameters - truth).max()),
}))`;

interface Judged {
  updates: number;
  isLast: boolean;
  loss: number;
  farthest: number;
}

describe("a training with parameter servers", () => {
  const stack = realStack();
  const pods = new StoryPods(stack.config, namespace);
  const readers = { ml: new StoryPods(stack.config, "ml"), [namespace]: pods };

  const judged = async (inNamespace: keyof typeof readers, claimName: string, folder: string) => {
    const name = `judge-${folder.replaceAll("/", "") || "story"}`;
    const command = ["python", "-c", judge, `${CHECKPOINTS}${folder}`];
    const printed = await readers[inNamespace].visit({ name, image, command, claims: { [CHECKPOINTS]: claimName } });
    return JSON.parse(printed) as Judged | null;
  };

  /** A training of this file's own, slower by its learning rate, whose workers may be told otherwise. */
  const train = async (name: string, { workers = {}, ...more }: Partial<TensorFlowJobArgs> = {}) => {
    const args: TensorFlowJobArgs = {
      namespace,
      image,
      args: [`--checkpoints=${CHECKPOINTS}/${name}`, `--target-loss=${TARGET}`, "--learning-rate=0.0005"],
      volumes: [{ name: "checkpoints", mountPath: CHECKPOINTS, persistentVolumeClaim: claim }],
      runAsUser: 10001,
      parameterServers: { replicas: 2, ...small },
      chief: small,
      evaluator: small,
      activeDeadlineSeconds: 600,
      ...more,
      workers: { replicas: 2, ...small, ...workers },
    };
    await stack.create(tensorFlowJobManifest(name, args));
    return new TensorFlowJobOnCluster(stack, namespace, name);
  };

  beforeAll(async () => {
    const labels = {
      "mlstack.dev/node": "real",
      "mlstack.dev/queued": "true",
      "pod-security.kubernetes.io/enforce": "restricted",
    };
    await stack.core.createNamespace({ body: { metadata: { name: namespace, labels } } });
    await stack.core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: {
        metadata: { name: claim },
        spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
      },
    });
    // A queue with room for one such training.
    const apiVersion = "kueue.x-k8s.io/v1beta2";
    await stack.create({ apiVersion, kind: "ResourceFlavor", metadata: { name: namespace } });
    await stack.create({
      apiVersion,
      kind: "ClusterQueue",
      metadata: { name: namespace },
      spec: {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        resourceGroups: [
          {
            coveredResources: ["cpu", "memory"],
            flavors: [
              {
                name: namespace,
                resources: [
                  { name: "cpu", nominalQuota: "1500m" },
                  { name: "memory", nominalQuota: "16Gi" },
                ],
              },
            ],
          },
        ],
      },
    });
    for (const name of ["default", "free"]) {
      await stack.create({
        apiVersion,
        kind: "LocalQueue",
        metadata: { name, namespace },
        spec: { clusterQueue: namespace },
      });
    }
  });

  afterAll(async () => {
    await stack.core.deleteNamespace({ name: namespace });
    for (const plural of ["clusterqueues", "resourceflavors"]) {
      await stack.custom.deleteClusterCustomObject({
        group: "kueue.x-k8s.io",
        version: "v1beta2",
        plural,
        name: namespace,
      });
    }
  });

  test("of the stack finds its members by TF_CONFIG, reaches its loss, and leaves the parameters on the volume", async () => {
    const job = new TensorFlowJobOnCluster(stack, "ml", "parameter-server");
    expect(await job.ended()).toBe("Succeeded");
    const told = await readers.ml.printed("parameter-server-chief-0");
    const [, updates, loss] = [...told.matchAll(/updates=(\d+) loss=([\d.]+)/g)].at(-1)!;
    const checkpoint = await judged("ml", "parameter-server-checkpoints", "");
    expect(checkpoint).toMatchObject({ updates: Number(updates), isLast: true });
    expect(checkpoint!.loss).toBeCloseTo(Number(loss), 5);
    expect(checkpoint!.loss).toBeLessThanOrEqual(TARGET);
    // Noise of a tenth in each of the measurements lets nobody know them better.
    expect(checkpoint!.farthest).toBeLessThan(0.1);
    const [, steps] = /chief 0 pushed (\d+) steps/.exec(told)!;
    // Others pushed too, or it would have pushed all of them.
    expect(Number(steps)).toBeLessThan(Number(updates));
  });

  test("waits with no pod at all until the whole gang fits its queue, and then runs with all of them", async () => {
    const holder = { name: "holder", namespace, labels: { "kueue.x-k8s.io/queue-name": "default" } };
    await stack.batch.createNamespacedJob({
      namespace,
      body: {
        metadata: holder,
        spec: {
          template: {
            spec: {
              restartPolicy: "Never",
              terminationGracePeriodSeconds: 1,
              securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
              containers: [
                {
                  name: "main",
                  image: BUSYBOX,
                  command: ["sleep", "600"],
                  resources: { requests: { cpu: "250m", memory: "16Mi" }, limits: { memory: "16Mi" } },
                  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                },
              ],
            },
          },
        },
      },
    });
    await eventually("the holder of the quota runs", async () => {
      return (await stack.batch.readNamespacedJob({ name: "holder", namespace })).status?.ready === 1;
    });
    const states = await PodStates.start(stack.config, namespace, `${JOB_NAME}=gang`);
    const job = await train("gang");
    await eventually("it waits", async () => (await job.conditions())["Suspended"] !== undefined);
    // Five of its six pods would fit.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect([await job.isSuspended(), states.names()]).toEqual([true, []]);

    await stack.batch.deleteNamespacedJob({ name: "holder", namespace, propagationPolicy: "Foreground" });
    expect(await job.ended()).toBe("Succeeded");
    await states.stop();
    expect(states.names()).toEqual(PODS.map((pod) => `gang-${pod}`));
    expect(states.mostRunning()).toBe(PODS.length);
    expect((await judged(namespace, claim, "/gang"))!.loss).toBeLessThanOrEqual(TARGET);
    await job.remove();
  });

  test("goes on with a new worker in the place of one that is killed, and still reaches its loss", async () => {
    const states = await PodStates.start(stack.config, namespace, `${JOB_NAME}=killed`);
    const job = await train("killed", {
      workers: { restartPolicy: TrainingRestartPolicy.exitCode },
      // Slow enough that the new one comes in time.
      args: [
        `--checkpoints=${CHECKPOINTS}/killed`,
        `--target-loss=${TARGET}`,
        ...["--learning-rate=0.00008", "--max-updates=200000"],
      ],
    });
    await eventually(
      "it trains",
      async () => /updates=[1-9]/.test(await pods.printed("killed-chief-0").catch(() => "")),
      60_000,
    );
    const first = (await pods.read("killed-worker-1"))!;
    await killProgram(stack, first);
    await eventually(
      "a new one has joined the same training",
      async () => {
        const pod = await pods.read("killed-worker-1");
        if (pod === undefined || pod.metadata!.uid === first.metadata!.uid) return false;
        return (await pods.printed("killed-worker-1").catch(() => "")).includes("worker 1 pushed its first step");
      },
      90_000,
    );
    expect(await job.ended(180_000)).toBe("Succeeded");
    await states.stop();
    expect(states.exitCodes("killed-worker-1")[0]).toBe(137);
    expect((await judged(namespace, claim, "/killed"))!.loss).toBeLessThanOrEqual(TARGET);
    await job.remove();
  });

  test("fails with a worker whose program ends with 1, and ends the pods that still run", async () => {
    const states = await PodStates.start(stack.config, namespace, `${JOB_NAME}=broken`);
    const job = await train("broken", {
      workers: { restartPolicy: TrainingRestartPolicy.exitCode, command: ["sh", "-c", "echo no data; exit 1"] },
    });
    expect(await job.ended()).toBe("Failed");
    await eventually(
      "those that ran are gone",
      async () => {
        const left = await pods.labelled(`${JOB_NAME}=broken`);
        return left.every(({ status }) => status?.phase === "Failed");
      },
      90_000,
    );
    await states.stop();
    expect(states.exitCodes("broken-worker-0")).toEqual([1]);
    expect(await judged(namespace, claim, "/broken")).toBeNull();
    await job.remove();
  });
});
