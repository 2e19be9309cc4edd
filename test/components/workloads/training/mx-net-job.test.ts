import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MxNetJobArgs, mxNetJobManifest, validateMxNetJob } from "../../../../components/workloads/training";

const image = "ghcr.io/acme/train:1.4.0";

interface ReplicatedJob {
  name: string;
  replicas: number;
  dependsOn?: { name: string; status: string }[];
  template: {
    spec: {
      parallelism: number;
      completions: number;
      completionMode: string;
      backoffLimit: number;
      activeDeadlineSeconds: number;
      podFailurePolicy: object;
      template: {
        spec: {
          restartPolicy: string;
          containers: { env: { name: string; value: string }[]; resources: { limits: Record<string, string> } }[];
        };
      };
    };
  };
}

interface JobSet {
  metadata: { name: string };
  spec: {
    replicatedJobs: ReplicatedJob[];
    network?: { subdomain?: string };
    successPolicy: object;
    failurePolicy: { maxRestarts: number; rules: { onJobFailureReasons: string[]; action: string }[] };
  };
}

const jobSet = (args: Partial<MxNetJobArgs> = {}, name = "resnet") =>
  mxNetJobManifest(name, { image, workers: {}, ...args }) as unknown as JobSet;
const reasonsOf = (args: Partial<MxNetJobArgs>, name = "resnet") =>
  validateMxNetJob(name, { image, workers: {}, ...args }).map(({ reason }) => reason);

/**
 * The host names of a JobSet's pods, by replicated job.
 *
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/pkg/util/placement/placement.go "GenPodName"
 */
function hostsOf({ metadata, spec }: JobSet): Map<string, string[]> {
  const subdomain = spec.network?.subdomain ?? metadata.name;
  return new Map(
    spec.replicatedJobs.map(({ name, replicas, template }) => [
      name,
      Array.from({ length: replicas }, (_job, job) =>
        Array.from(
          { length: template.spec.completions },
          (_pod, pod) => `${metadata.name}-${name}-${job}-${pod}.${subdomain}`,
        ),
      ).flat(),
    ]),
  );
}

function variablesOf({ template }: ReplicatedJob): Record<string, string> {
  return Object.fromEntries(template.spec.template.spec.containers[0]!.env.map(({ name, value }) => [name, value]));
}

const sizes = fc.record({
  name: fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/),
  servers: fc.integer({ min: 1, max: 9 }),
  workers: fc.integer({ min: 1, max: 9 }),
});

describe("the processes of MXNet", () => {
  it("find the scheduler under the name that its pod has, and as many others as there are", () => {
    fc.assert(
      fc.property(sizes, ({ name, servers, workers }) => {
        const object = jobSet({ servers: { replicas: servers }, workers: { replicas: workers } }, name);
        const hosts = hostsOf(object);
        for (const job of object.spec.replicatedJobs) {
          expect(variablesOf(job)).toMatchObject({
            DMLC_PS_ROOT_URI: hosts.get("scheduler")![0],
            DMLC_NUM_SERVER: String(hosts.get("server")!.length),
            DMLC_NUM_WORKER: String(hosts.get("worker")!.length),
          });
        }
      }),
    );
  });

  it("know their role, and that the scheduler listens on every address", () => {
    const { replicatedJobs } = jobSet().spec;
    expect(replicatedJobs.map(variablesOf).map(({ DMLC_ROLE: role }) => role)).toEqual([
      "scheduler",
      "server",
      "worker",
    ]);
    expect(replicatedJobs.map(variablesOf).map(({ DMLC_USE_KUBERNETES: told }) => told)).toEqual(["1", "1", "1"]);
  });

  it.each([
    [{}, "9091"],
    [{ schedulerPort: 9000 }, "9000"],
  ])("speak to the port of the scheduler: %j", (args, port) => {
    expect(
      jobSet(args)
        .spec.replicatedJobs.map(variablesOf)
        .map((each) => each["DMLC_PS_ROOT_PORT"]),
    ).toEqual([port, port, port]);
  });

  it("start one role after the other, the scheduler first", () => {
    expect(jobSet().spec.replicatedJobs.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
      ["scheduler", undefined],
      ["server", [{ name: "scheduler", status: "Ready" }]],
      ["worker", [{ name: "server", status: "Ready" }]],
    ]);
  });

  it("have GPUs where they compute", () => {
    const gpus = ({ template }: ReplicatedJob) =>
      template.spec.template.spec.containers[0]!.resources.limits["nvidia.com/gpu"];
    expect(jobSet().spec.replicatedJobs.map(gpus)).toEqual([undefined, undefined, "1"]);
  });
});

describe("the run of an MxNetJob", () => {
  it("has succeeded with its workers", () => {
    expect(jobSet().spec.successPolicy).toEqual({ operator: "All", targetReplicatedJobs: ["worker"] });
  });

  it("starts anew as a whole after any failure, as a lone pod cannot join the others", () => {
    const { replicatedJobs, failurePolicy } = jobSet().spec;
    expect(replicatedJobs.map(({ template }) => template.spec.backoffLimit)).toEqual([0, 0, 0]);
    expect(replicatedJobs.map(({ template }) => template.spec.template.spec.restartPolicy)).toEqual([
      "Never",
      "Never",
      "Never",
    ]);
    expect(failurePolicy.maxRestarts).toBe(3);
    expect(jobSet({ maxRestarts: 0 }).spec.failurePolicy.maxRestarts).toBe(0);
  });

  it("counts no restart after a disruption, and has none after its deadline", () => {
    const { replicatedJobs, failurePolicy } = jobSet({ activeDeadlineSeconds: 60 }).spec;
    expect(replicatedJobs[0]!.template.spec.podFailurePolicy).toEqual({
      rules: [{ action: "FailJob", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
    });
    expect(replicatedJobs.map(({ template }) => template.spec.activeDeadlineSeconds)).toEqual([60, 60, 60]);
    expect(failurePolicy.rules.map(({ onJobFailureReasons, action }) => [onJobFailureReasons[0], action])).toEqual([
      ["PodFailurePolicy", "RestartJobSetAndIgnoreMaxRestarts"],
      ["DeadlineExceeded", "FailJobSet"],
    ]);
  });
});

describe("an MxNetJob is refused", () => {
  it.each<[string, Partial<MxNetJobArgs>, string]>([
    [
      "with several schedulers",
      { scheduler: { replicas: 2 } },
      "scheduler.replicas is 2; allowed: 1. MXNet knows one scheduler.",
    ],
    [
      "with a variable that the job sets",
      { env: { DMLC_NUM_WORKER: "9" } },
      'env["DMLC_NUM_WORKER"] is "DMLC_NUM_WORKER"; allowed: what the job does not set. Remove the variable.',
    ],
  ])("%s", (_what, args, reason) => {
    expect(reasonsOf(args)).toEqual([reason]);
  });

  it("with a name that makes those of its pods longer than a host name", () => {
    expect(reasonsOf({}, "x".repeat(43))).toEqual([]);
    expect(reasonsOf({ workers: { replicas: 1001 } }, "x".repeat(43))).toEqual([]);
    expect(reasonsOf({}, "x".repeat(44))).toEqual([
      `objectName is "${"x".repeat(44)}"; allowed: at most 43 characters as "-scheduler-0-0-xxxxx" is added to it. Shorten it.`,
    ]);
  });
});
