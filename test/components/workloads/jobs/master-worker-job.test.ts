import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import {
  MasterWorkerJob,
  type MasterWorkerJobArgs,
  masterWorkerJobManifests,
  validateMasterWorkerJob,
} from "../../../../components";
import { afterTrainingManifest, serverPod } from "../../../../components/workloads/jobs/after-training-manifest";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const image = "ghcr.io/acme/fleet:1.4.0";
const models = { name: "models", mountPath: "/models", persistentVolumeClaim: "models" };
const fleet: MasterWorkerJobArgs = { image, master: { args: ["master"] }, workers: { args: ["worker"], replicas: 3 } };

interface PodSpec {
  containers: { image: string; args?: string[]; env: { name: string; value?: string; valueFrom?: object }[] }[];
}

function podsOf(args: MasterWorkerJobArgs) {
  const { master, workers } = masterWorkerJobManifests("fleet", args);
  const [ofMaster, ofWorker] = [master, workers].map(({ spec }) => (spec.template as { spec: PodSpec }).spec);
  return { master: ofMaster!.containers[0]!, worker: ofWorker!.containers[0]! };
}

describe("master and workers", () => {
  it("are told apart by their roles' own words, and share the rest", () => {
    const { master, worker } = podsOf({
      ...fleet,
      env: { DEPTH: "3" },
      workers: { ...fleet.workers, env: { RATE: "0.1" } },
    });
    expect([master.args, worker.args]).toEqual([["master"], ["worker"]]);
    expect(master.env).toContainEqual({ name: "DEPTH", value: "3" });
    expect(worker.env).toContainEqual({ name: "DEPTH", value: "3" });
    expect(worker.env).toContainEqual({ name: "RATE", value: "0.1" });
  });

  it("reach a Redis of their own by addresses whose password stands before them", () => {
    const url = "redis://:$(BROKER_PASSWORD)@fleet-broker:6379/0";
    expect(podsOf(fleet).worker.env.slice(0, 4)).toEqual([
      { name: "BROKER_PASSWORD", valueFrom: { secretKeyRef: { name: "fleet-broker", key: "password" } } },
      { name: "BROKER_URL", value: url },
      { name: "CELERY_BROKER_URL", value: url },
      { name: "REDIS_URL", value: url },
    ]);
  });

  it("reach a broker that is there by its address in a Secret", () => {
    const broker = { existingUrl: { name: "rabbit", key: "url" } };
    expect(podsOf({ ...fleet, broker }).master.env.slice(0, 2)).toEqual([
      { name: "BROKER_URL", valueFrom: { secretKeyRef: { name: "rabbit", key: "url" } } },
      { name: "CELERY_BROKER_URL", value: "$(BROKER_URL)" },
    ]);
  });

  it("must all end well, so that the work of a worker that dies late is done by another", () => {
    const { workers } = masterWorkerJobManifests("fleet", fleet);
    expect(workers.spec).toMatchObject({ parallelism: 3, completions: 3 });
    expect(workers.spec).not.toHaveProperty("completionMode");
  });
});

describe("the fingerprint of a training", () => {
  const idOf = (args: MasterWorkerJobArgs) => masterWorkerJobManifests("fleet", args).trainingId;

  it("is in both jobs, so that a change of one makes both run anew", () => {
    const changed = { ...fleet, workers: { ...fleet.workers, env: { EPOCHS: "20" } } };
    const [before, after] = [podsOf(fleet), podsOf(changed)];
    expect(before.master.env).toContainEqual({ name: "TRAINING_ID", value: idOf(fleet) });
    expect(after.master.env).toContainEqual({ name: "TRAINING_ID", value: idOf(changed) });
    expect(idOf(changed)).not.toBe(idOf(fleet));
  });

  it.each<[string, Partial<MasterWorkerJobArgs>]>([
    ["another image", { image: "ghcr.io/acme/fleet:1.5.0" }],
    ["other data", { lineage: { data: "s3://lake/rides/2" } }],
    ["another number of workers", { workers: { ...fleet.workers, replicas: 4 } }],
    ["another master", { master: { args: ["master", "--all"] } }],
  ])("is another one with %s", (_change, args) => {
    expect(idOf({ ...fleet, ...args })).not.toBe(idOf(fleet));
  });

  it.each<[string, Partial<MasterWorkerJobArgs>]>([
    ["what serves", { afterTraining: {} }],
    ["what changes on the jobs that are there", { backoffLimit: 1, activeDeadlineSeconds: 60 }],
    ["when workers start", { workersStart: "with-master" }],
  ])("is the same with a change of %s", (_change, args) => {
    expect(idOf({ ...fleet, ...args })).toBe(idOf(fleet));
  });
});

describe("what serves afterwards", () => {
  it("has image, variables and volumes of the training, but not its program, and may not change what it serves", () => {
    const args: MasterWorkerJobArgs = {
      ...fleet,
      command: ["python"],
      args: ["-m", "fleet"],
      env: { CODE: "7" },
      volumes: [models, { name: "tmp", mountPath: "/tmp/x", scratch: {} }],
      annotations: { "mlstack.dev/simulate": "succeed" },
      runAsUser: 1000,
    };
    expect(serverPod(args, { command: ["uvicorn"] })).toEqual({
      image,
      command: ["uvicorn"],
      env: { CODE: "7" },
      secretEnv: {},
      annotations: {},
      volumes: [{ ...models, readOnly: true }, args.volumes![1]],
      runAsUser: 1000,
    });
  });

  it("is rolled out anew by each training, whose fingerprint it knows", () => {
    const args = { ...fleet, afterTraining: {} };
    const { spec } = afterTrainingManifest("fleet", args, args.afterTraining, "abc");
    expect(spec).toMatchObject({
      template: { spec: { containers: [{ env: [{ name: "TRAINING_ID", value: "abc" }] }] } },
    });
  });

  it.each([
    [{}, 2, { maxSurge: 1, maxUnavailable: 0 }],
    [{ gpus: 1 }, 1, { maxSurge: 0, maxUnavailable: 1 }],
    [{ gpus: 1, replicas: 3 }, 3, { maxSurge: 0, maxUnavailable: 1 }],
  ])("with %j has %i pods and rolls out by %j", (server, replicas, rollingUpdate) => {
    const { spec } = afterTrainingManifest("fleet", fleet, server, "abc");
    expect(spec).toMatchObject({ replicas, strategy: { rollingUpdate } });
  });
});

describe("validateMasterWorkerJob", () => {
  const reasonsOf = (args: Partial<MasterWorkerJobArgs>, name = "fleet") =>
    validateMasterWorkerJob(name, { ...fleet, ...args }).map(({ reason }) => reason);

  it("tells once what is wrong with words that all roles share", () => {
    expect(reasonsOf({ image: "", afterTraining: {} })).toEqual([
      'image is ""; allowed: an image with a tag or digest. Name the image to run.',
    ]);
  });

  it("tells by its role what is wrong with a role's own words", () => {
    expect(reasonsOf({ image: "", workers: { image: " " } })).toEqual([
      'image is ""; allowed: an image with a tag or digest. Name the image to run.',
      'workers.image is " "; allowed: an image with a tag or digest. Name the image to run.',
    ]);
  });

  it("finds variables of a role that a Secret of the workload would hide", () => {
    expect(reasonsOf({ secretEnv: { TOKEN: { name: "a", key: "b" } }, master: { env: { TOKEN: "" } } })).toEqual([
      'master.secretEnv["TOKEN"] is "TOKEN"; allowed: a variable that env does not set too. Remove it from one of the two.',
    ]);
  });

  it.each<[string, Partial<MasterWorkerJobArgs>, string[]]>([
    [
      "two masters",
      { master: { replicas: 2 } },
      ["master.replicas is 2; allowed: 1. Leave it out: one master fills the queue."],
    ],
    [
      "no workers",
      { workers: undefined as never },
      ["workers is missing; allowed: a role. Say what it runs, at least as {}."],
    ],
    [
      "a Redis beside a broker that is there",
      { broker: { existingUrl: { name: "rabbit", key: "url" }, memory: "1Gi" } },
      [
        'broker.existingUrl is "rabbit"; allowed: nothing beside memory. ' +
          "Keep one of them: arguments of Redis are of no use with a broker that is there already.",
      ],
    ],
    [
      "a variable that the workload sets",
      { workers: { env: { TRAINING_ID: "7" } } },
      ['workers.env["TRAINING_ID"] is "TRAINING_ID"; allowed: any variable but this. Remove it: the workload sets it.'],
    ],
    [
      "a name without room for the label of the broker's pods",
      { objectName: "f".repeat(46) },
      [`objectName is "${"f".repeat(46)}"; allowed: at most 45 characters with a broker of its own. Shorten it.`],
    ],
  ])("refuses %s", (_case, args, reasons) => {
    expect(reasonsOf(args)).toEqual(reasons);
  });

  it("lets a name be longer with a broker that is there", () => {
    const broker = { existingUrl: { name: "rabbit", key: "url" } };
    expect(reasonsOf({ objectName: "f".repeat(56), broker })).toEqual([]);
    expect(reasonsOf({ objectName: "f".repeat(57), broker })).toEqual([
      `objectName is "${"f".repeat(57)}"; allowed: at most 56 characters with a master. Shorten it.`,
    ]);
  });
});

describe("MasterWorkerJob", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await startMocks();
  });

  const dependencies = async () =>
    Object.fromEntries((await program.resources()).map(({ name, dependsOn }) => [name, dependsOn.join(" ")]));

  it("creates the broker, then the master, then the workers, and only then what serves", async () => {
    new MasterWorkerJob("fleet", { ...fleet, afterTraining: {} });
    expect(childList(await program.resources()).sort()).toEqual([
      "kubernetes:apps/v1:Deployment fleet-deployment < fleet",
      "kubernetes:apps/v1:StatefulSet fleet-broker < fleet",
      "kubernetes:batch/v1:Job fleet-master < fleet",
      "kubernetes:batch/v1:Job fleet-worker < fleet",
      "kubernetes:core/v1:Secret fleet-broker-secret < fleet",
      "kubernetes:core/v1:Service fleet-broker-service < fleet",
      "kubernetes:core/v1:Service fleet-service < fleet",
      "mlstack:index:MasterWorkerJob fleet",
    ]);
    expect(await dependencies()).toMatchObject({
      "fleet-broker": "fleet-broker-secret",
      "fleet-broker-service": "fleet-broker",
      "fleet-master": "fleet-broker fleet-broker-service",
      "fleet-worker": "fleet-broker fleet-broker-service fleet-master",
      "fleet-deployment": "fleet-master fleet-worker",
      "fleet-service": "fleet-deployment",
    });
  });

  it("starts workers with a master that waits for their results", async () => {
    new MasterWorkerJob("fleet", {
      ...fleet,
      workersStart: "with-master",
      broker: { existingUrl: { name: "a", key: "b" } },
    });
    expect(await dependencies()).toEqual({ fleet: "", "fleet-master": "", "fleet-worker": "" });
  });

  it("waits for both jobs, and runs those that failed anew", async () => {
    new MasterWorkerJob("fleet", { ...fleet, activeDeadlineSeconds: 600 });
    for (const name of ["fleet-master", "fleet-worker"]) {
      const { createTimeout, inputs, deleteBeforeReplace } = await program.resource(name);
      expect({ createTimeout, deleteBeforeReplace }).toEqual({ createTimeout: "900s", deleteBeforeReplace: true });
      expect(inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/replaceUnready": "true" } });
    }
  });

  it("makes up a password that is a secret, and has no letters that addresses escape", async () => {
    new MasterWorkerJob("fleet", fleet);
    const { inputs, secretInputs } = await program.resource("fleet-broker-secret");
    const { password } = inputs["data"] as { password: string };
    expect(secretInputs).toEqual(["data"]);
    expect(Buffer.from(password, "base64").toString()).toMatch(/^[0-9a-f]{48}$/);
  });

  it("tells where it serves, and what its training is called", async () => {
    const job = new MasterWorkerJob("fleet", { ...fleet, namespace: "ml", afterTraining: { servicePort: 8000 } });
    expect(await valueOf(job.url)).toBe("http://fleet.ml.svc:8000");
    expect(await valueOf(job.trainingId)).toBe(
      masterWorkerJobManifests("fleet", { ...fleet, namespace: "ml" }).trainingId,
    );
    expect(await valueOf(job.objectName)).toBe("fleet");
    expect(await valueOf(job.namespace)).toBe("ml");
    expect(await valueOf(job.completed)).toBe(true);
  });

  it("has no address where nothing serves", async () => {
    expect(await valueOf(new MasterWorkerJob("fleet", fleet).url)).toBe("");
  });

  it("takes an image that is not known yet, and knows the fingerprint when it is", async () => {
    const job = new MasterWorkerJob("fleet", { ...fleet, image: pulumi.output(Promise.resolve(image)) });
    expect(await valueOf(job.trainingId)).toBe(masterWorkerJobManifests("fleet", fleet).trainingId);

    program = await startMocks({ preview: true });
    const source = new k8s.core.v1.ConfigMap("source", {});
    expect(await isKnown(new MasterWorkerJob("fleet", { ...fleet, image: source.id }).trainingId)).toBe(false);
  });

  it("collects every problem and registers nothing", async () => {
    const { message } = problemsOf(() => new MasterWorkerJob("fleet", { ...fleet, image: "", backoffLimit: -1 }));
    expect(message).toBe('MasterWorkerJob "fleet": 2 invalid inputs');
    expect(await program.resources()).toEqual([]);
  });
});
