import { ApiException } from "@kubernetes/client-node";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gpuJobManifest, trainJobManifest } from "../../components";
import { POOL_LABEL } from "../../components/model/labels";
import { liveProcesses } from "../../rehearsal/cluster/process-table";
import type { Fault } from "../../rehearsal/scenarios/fault";
import { Problem } from "../../rehearsal/problem";
import { eventually } from "../support/cluster";
import { RehearsedFaults } from "../support/rehearsed-faults";
import { RehearsedStack } from "../support/rehearsed-stack";

/** Runs with one fault each, by default one of each kind; `FAULT_RUNS=200` for many. */
const RUNS = Number(process.env["FAULT_RUNS"] ?? 7);

/** What the runs are made from: another one with `SEED`. */
const SEED = Number(process.env["SEED"] ?? 20_261_127);

const namespace = "research";
const pool = "a10g";

/**
 * Nodes of the pool, with four GPUs each: too few for all jobs that are there at once, and enough that some are left while
 * machines that were lost are replaced.
 */
const NODES = 10;

/** How long the Jobs of a run take, and its gang, in seconds. */
const SECONDS = [4, 6, 8];
const GANG_SECONDS = 6;

const killed = (...processes: (Fault & { kind: "processKilled" })["process"][]) =>
  fc.constantFrom(...processes).map((process): Fault => ({ at: 0, kind: "processKilled", process }));
const controllers = fc.constantFrom("kueue", "jobSet", "trainer");

/** What may go wrong while jobs wait and run, kind by kind, and nothing of it may cost a job. */
const KINDS: fc.Arbitrary<Fault>[] = [
  fc.constant({ at: 0, kind: "nodeLost", pool }),
  killed("etcd", "kube-apiserver"),
  controllers.map((part) => ({ at: 0, kind: "operatorKilled", part })),
  fc.constant({ at: 0, kind: "clockPassed", by: 600 }),
  controllers.map((part) => ({ at: 0, kind: "webhookUnreachable", part, for: 2 })),
  fc.constant({ at: 0, kind: "spotInterruption", pool, notice: 2 }),
  killed("kube-controller-manager", "kube-scheduler", "kwok", "supervisor"),
];

/** What is said of a fault for which something must be there that was killed before. */
const NOT_YET = /does not run$|^no controller of |has no (webhooks|node )/;

/** A fault, and how many milliseconds after the jobs came it happens; all kinds in turn. */
const runs = fc
  .sample(fc.tuple(...KINDS.map((fault) => fc.record({ fault, after: fc.integer({ min: 0, max: 4000 }) }))), {
    numRuns: Math.ceil(RUNS / KINDS.length),
    seed: SEED,
  })
  .flat()
  .slice(0, RUNS);

describe(`faults while jobs wait and run (seed ${SEED})`, () => {
  let stack: RehearsedStack;
  let faults: RehearsedFaults;
  beforeAll(async () => {
    stack = await RehearsedStack.up({
      parts: ["jobSet", "trainer", "kueue", "queues", "tenants"],
      set: [
        [["mlstack:gpuPools"], [{ name: pool, instanceType: "g5.12xlarge", minNodes: NODES, maxNodes: NODES }]],
        [["mlstack:platform", "parts", "queues"], { queues: [{ name: "research", quotas: [{ pool }] }] }],
        [["mlstack:platform", "parts", "tenants", "research", "limits"], { gpus: 4 * NODES }],
      ],
    });
    faults = await RehearsedFaults.on(stack);
  });
  afterAll(() => stack.remove());

  /** As clients do that try again: webhooks do not answer while their controller starts anew. */
  const submit = (object: object) =>
    eventually(
      "the API server takes it",
      () =>
        stack.create(object).then(
          () => true,
          (error: unknown) => error instanceof ApiException && error.code === 409,
        ),
      90_000,
    );

  const inject = (fault: Fault) =>
    eventually(
      "the fault can be made",
      () =>
        faults.inject(fault).catch((error: unknown) => {
          // What was killed before starts again first; that it starts is not taken for granted.
          if (error instanceof Problem && NOT_YET.test(error.message)) return undefined;
          throw error;
        }),
      120_000,
    );

  /** Faults happen one after the other, as each needs a cluster that answers; jobs of runs before are still there. */
  let lastTurn: Promise<unknown> = Promise.resolve();
  const inTurn = (act: () => Promise<unknown>) => (lastTurn = lastTurn.catch(() => undefined).then(act));

  const jobsOf = async (run: number) => {
    const labelSelector = `run=run-${run}`;
    const { items } = await stack.batch.listNamespacedJob({ namespace, labelSelector });
    return items.map(({ metadata, status }) => ({
      name: metadata?.name,
      isComplete: status?.conditions?.some(({ type, status: value }) => type === "Complete" && value === "True"),
    }));
  };

  const trainJobOf = async (run: number) => {
    const object = (await stack.custom.getNamespacedCustomObject({
      group: "trainer.kubeflow.org",
      version: "v1alpha1",
      namespace,
      plural: "trainjobs",
      name: `gang-${run}`,
    })) as { status?: { conditions?: { type: string; status: string }[] } };
    return object.status?.conditions?.some(({ type, status }) => type === "Complete" && status === "True");
  };

  /** Whether all jobs of a run have ended well; false as well where nobody answers. */
  const isComplete = async (run: number) => {
    const jobs = await jobsOf(run).catch(() => []);
    const isTrained = await trainJobOf(run).catch(() => false);
    return jobs.length >= SECONDS.length && jobs.every((job) => job.isComplete) && isTrained === true;
  };

  /** Three Jobs and a gang of two nodes, which take longer than any fault waits. */
  const submitJobs = async (run: number) => {
    const image = "registry.example.com/train:1";
    const labels = { run: `run-${run}` };
    const common = { namespace, queue: "default", pool, image, gpus: 2, runAsUser: 1000, labels };
    const lasting = (seconds: number) => ({
      activeDeadlineSeconds: 7200,
      annotations: { "mlstack.dev/simulate": `succeed after=${seconds}s` },
    });
    for (const [index, seconds] of SECONDS.entries()) {
      await submit(gpuJobManifest(`job-${run}-${index}`, { ...common, ...lasting(seconds) }));
    }
    await submit(trainJobManifest(`gang-${run}`, { ...common, nodes: 2, ...lasting(GANG_SECONDS) }));
  };

  /** Runs whose fault came when all of their own jobs had ended. */
  const missed: number[] = [];

  const named = runs.map(({ fault, after }, run) => [run, fault, after] as const);
  test.concurrent.each(named)(
    "run %i loses no job: %j after %i ms",
    { timeout: 1_200_000 },
    async (run, fault, after) => {
      await inTurn(async () => {
        await submitJobs(run);
        await sleep(after);
        if (await isComplete(run)) missed.push(run);
        await inject(fault);
      });
      await eventually("every job is complete", () => isComplete(run), 500_000);
    },
  );

  test("had work in each of its runs when the fault came", () => {
    expect(missed).toEqual([]);
  });

  test("goes on in other zones when one is down, and starts nothing there", { timeout: 500_000 }, async () => {
    const labelSelector = `${POOL_LABEL}=${pool}`;
    const zones = async () => {
      const { items } = await stack.core.listNode({ labelSelector });
      return items.map(({ metadata }) => metadata?.labels?.["topology.kubernetes.io/zone"] ?? "");
    };
    const [zone = ""] = await zones();
    await submitJobs(RUNS);
    await inject({ at: 0, kind: "zoneDown", zone });
    expect(await isComplete(RUNS)).toBe(false);
    await eventually("every job is complete", () => isComplete(RUNS), 200_000);
    // Karpenter counts nodes that are gone for half a minute, and starts none in their place before that.
    await eventually("the pool is whole again", async () => (await zones()).length === NODES, 180_000);
    expect(await zones()).not.toContain(zone);
  });

  test("leaves nothing after them: no object that cannot go, no process, no port", async () => {
    const { folder } = stack;
    const ports = (await faults.controlPlane.status()).flatMap(({ port }) => port ?? []);
    expect(ports.length).toBeGreaterThan(5);
    await stack.down();
    expect((await liveProcesses()).filter(({ command }) => command.includes(folder))).toEqual([]);
    expect((await Promise.all(ports.map(isOpen))).filter(Boolean)).toEqual([]);
  });
});

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).once("error", () => {
      resolve(false);
    });
  });
}
