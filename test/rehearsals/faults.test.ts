import { ApiException } from "@kubernetes/client-node";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gpuJobManifest, trainJobManifest } from "../../components";
import { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { liveProcesses } from "../../rehearsal/cluster/process-table";
import { faultInjectors } from "../../rehearsal/faults";
import { Aftermath } from "../../rehearsal/faults/aftermath";
import { ensureClock } from "../../rehearsal/faults/clock-tool";
import type { Fault, FaultInjector } from "../../rehearsal/scenarios/fault";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { Problem } from "../../rehearsal/problem";
import { eventually } from "../support/cluster";
import { RehearsedStack } from "../support/rehearsed-stack";
import { toolPath } from "../support/toolchain";

/** Runs with one fault each; `FAULT_RUNS=200` for many. */
const RUNS = Number(process.env["FAULT_RUNS"] ?? 5);

/** What the runs are made from: another one with `SEED`. */
const SEED = Number(process.env["SEED"] ?? 20_261_127);

const namespace = "research";
const pool = "a10g";

/**
 * Nodes of the pool, with four GPUs each: too few for all jobs that are there at once, and enough that some are left while
 * machines that were lost are replaced.
 */
const NODES = 10;

/** What may go wrong while jobs wait and run, and nothing of it may cost a job. */
const faults: fc.Arbitrary<Fault> = fc.oneof(
  fc.constant<Fault>({ at: 0, kind: "nodeLost", pool }),
  fc.constant<Fault>({ at: 0, kind: "spotInterruption", pool, notice: 2 }),
  fc
    .constantFrom("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "supervisor")
    .map((process): Fault => ({ at: 0, kind: "processKilled", process: process as "etcd" })),
  fc.constantFrom("kueue", "jobSet", "trainer").map((part): Fault => ({ at: 0, kind: "operatorKilled", part })),
  fc
    .constantFrom("kueue", "jobSet", "trainer")
    .map((part): Fault => ({ at: 0, kind: "webhookUnreachable", part, for: 2 })),
  fc.constant<Fault>({ at: 0, kind: "clockPassed", by: 600 }),
);

/** What is said of a fault for which something must be there that was killed before. */
const NOT_YET = /does not run$|^no controller of |has no (webhooks|node )/;

/** A fault, and how many milliseconds after the jobs came it happens. */
const runs = fc.sample(fc.record({ fault: faults, after: fc.integer({ min: 0, max: 4000 }) }), {
  numRuns: RUNS,
  seed: SEED,
});

describe(`faults while jobs wait and run (seed ${SEED})`, () => {
  let stack: RehearsedStack;
  let controlPlane: ControlPlane;
  let injectors: ReturnType<typeof faultInjectors>;
  beforeAll(async () => {
    stack = await RehearsedStack.up({
      parts: ["jobSet", "trainer", "kueue", "queues", "tenants"],
      set: [
        [["mlstack:gpuPools"], [{ name: pool, instanceType: "g5.12xlarge", minNodes: NODES, maxNodes: NODES }]],
        [["mlstack:platform", "parts", "queues"], { queues: [{ name: "research", quotas: [{ pool }] }] }],
        [["mlstack:platform", "parts", "tenants", "research", "limits"], { gpus: 4 * NODES }],
      ],
    });
    controlPlane = new ControlPlane(await toolPath("controlplane"), clusterLayout(stack.state));
    injectors = faultInjectors({ config: stack.config, controlPlane, clock: ensureClock, aftermath: new Aftermath(1) });
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

  /** Faults happen one after the other, as each needs a cluster that answers; jobs of other runs are in their midst. */
  let lastFault: Promise<unknown> = Promise.resolve();
  const inject = (fault: Fault) => {
    const act = () =>
      eventually(
        "the fault can be made",
        () =>
          (injectors[fault.kind] as FaultInjector).inject(fault).catch((error: unknown) => {
            // What was killed before starts again first; that it starts is not taken for granted.
            if (error instanceof Problem && NOT_YET.test(error.message)) return undefined;
            throw error;
          }),
        120_000,
      );
    return (lastFault = lastFault.catch(() => undefined).then(act));
  };

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

  const named = runs.map(({ fault, after }, run) => [run, fault, after] as const);
  test.concurrent.each(named)(
    "run %i loses no job: %j after %i ms",
    { timeout: 600_000 },
    async (run, fault, after) => {
      const common = {
        namespace,
        queue: "default",
        pool,
        image: "registry.example.com/train:1",
        gpus: 2,
        runAsUser: 1000,
      };
      const deadline = { activeDeadlineSeconds: 7200, labels: { run: `run-${run}` } };
      const simulated = (seconds: number) => ({ annotations: { "mlstack.dev/simulate": `succeed after=${seconds}s` } });
      for (const [index, seconds] of [2, 3, 4].entries()) {
        await submit(gpuJobManifest(`job-${run}-${index}`, { ...common, ...deadline, ...simulated(seconds) }));
      }
      await submit(trainJobManifest(`gang-${run}`, { ...common, nodes: 2, ...deadline, ...simulated(3) }));
      await sleep(after);
      await inject(fault);
      await eventually(
        "every job is complete",
        async () => {
          const jobs = await jobsOf(run).catch(() => []);
          const isTrained = await trainJobOf(run).catch(() => false);
          return jobs.length >= 3 && jobs.every(({ isComplete }) => isComplete) && isTrained;
        },
        500_000,
      );
    },
  );

  test("leaves nothing after them: no object that cannot go, no process, no port", async () => {
    const { folder } = stack;
    const ports = (await controlPlane.status()).flatMap(({ port }) => port ?? []);
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
