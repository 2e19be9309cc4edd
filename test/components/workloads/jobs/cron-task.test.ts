import { beforeEach, describe, expect, it } from "vitest";
import { CronTask, type CronTaskArgs, cronTaskManifest, gpuPoolShape, validateCronTask } from "../../../../components";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const image = "ghcr.io/acme/refit:1.4.0";
const daily: CronTaskArgs = { schedule: "40 2 * * *", job: { image } };

describe("a CronTask", () => {
  it("never runs twice at the same time, and says in which zone it is twenty to three", () => {
    expect(cronTaskManifest("refit", daily).spec).toMatchObject({
      concurrencyPolicy: "Forbid",
      timeZone: "UTC",
      startingDeadlineSeconds: 3600,
      suspend: false,
    });
  });

  it("waits in a queue run by run, and not as a schedule", () => {
    const { metadata, spec } = cronTaskManifest("refit", { ...daily, job: { image, queue: "nightly" } });
    expect(metadata.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
    expect(spec.jobTemplate).toMatchObject({ metadata: { labels: { "kueue.x-k8s.io/queue-name": "nightly" } } });
  });

  it("tolerates the taints of the pools that have its GPUs", () => {
    const pools = [
      gpuPoolShape("train", {
        instanceType: "g5.xlarge",
        maxNodes: 1,
        taints: [{ key: "team", effect: "NoSchedule" }],
      }),
    ];
    const { spec } = cronTaskManifest("refit", { ...daily, pools, job: { image, gpus: 1 } });
    expect(spec.jobTemplate).toMatchObject({
      spec: { template: { spec: { tolerations: [{ key: "nvidia.com/gpu" }, { key: "team", operator: "Exists" }] } } },
    });
  });
});

describe("validateCronTask refuses", () => {
  it.each<[string, Partial<CronTaskArgs>, string[]]>([
    [
      "a name without room for the minute of each run",
      { objectName: "c".repeat(53) },
      [`objectName is "${"c".repeat(53)}"; allowed: at most 52 characters for a schedule. Shorten it.`],
    ],
    [
      "a name without room for the pods' numbers either",
      { objectName: "c".repeat(51), job: { image, completions: 10 } },
      [`objectName is "${"c".repeat(51)}"; allowed: at most 50 characters for a schedule with 10 pods. Shorten it.`],
    ],
    [
      "a job that a BatchJob would refuse, by its path",
      { job: { image, parallelism: 0, queue: "my queue", backoffLimit: -1 } },
      [
        "job.parallelism is 0; allowed: a whole number from 1. Set job.parallelism within that range.",
        "job.backoffLimit is -1; allowed: a whole number from 0. Set job.backoffLimit within that range.",
        'job.queue is "my queue"; allowed: at most 63 lower-case letters, digits and inner hyphens. Set queue to such a name.',
      ],
    ],
    [
      "deadlines at which Kubernetes may not have looked yet",
      { startingDeadlineSeconds: 5 },
      ["startingDeadlineSeconds is 5; allowed: a whole number from 10. Set startingDeadlineSeconds within that range."],
    ],
    [
      "no job",
      { job: undefined as unknown as CronTaskArgs["job"] },
      ["job is missing; allowed: what each run does. Give at least its image."],
    ],
  ])("%s", (_case, args, reasons) => {
    expect(validateCronTask("refit", { ...daily, ...args }).map(({ reason }) => reason)).toEqual(reasons);
  });
});

describe("CronTask", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await startMocks();
  });

  it("creates one CronJob, which an update changes where it is", async () => {
    const task = new CronTask("refit", { ...daily, namespace: "ml" });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:CronTask refit",
      "kubernetes:batch/v1:CronJob refit-schedule < refit",
    ]);
    expect(await program.resource("refit-schedule")).toMatchObject({
      replaceOnChanges: [],
      deleteBeforeReplace: false,
    });
    expect(await valueOf(task.objectName)).toBe("refit");
    expect(await valueOf(task.namespace)).toBe("ml");
  });

  it("collects every problem and registers nothing", async () => {
    const { message } = problemsOf(() => new CronTask("refit", { schedule: "often", job: { image: "" } }));
    expect(message).toBe('CronTask "refit": 2 invalid inputs');
    expect(await program.resources()).toEqual([]);
  });
});
