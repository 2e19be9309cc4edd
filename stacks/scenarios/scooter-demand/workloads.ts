import * as pulumi from "@pulumi/pulumi";
import {
  BatchJob,
  CronTask,
  DriftMonitor,
  type JobVolume,
  MasterWorkerJob,
  WebService,
  WorkersStart,
} from "../../../components/workloads";
import { lineageOf, sharedVolume, type StoryGround } from "../story";

const NAME = "scooter-demand";
const DATA = "/data";
const RIDES = `${DATA}/rides`;
const ESTIMATORS = `${DATA}/estimators`;
const PORT = 8000;

/** User of the images. */
const USER = 10001;

/** Districts of the made-up rides, each with an estimator of its own. */
const DISTRICTS = ["center", "harbor", "west"];

/** A small machine does: a training takes seconds. */
const small = { cpu: "500m", memory: "1Gi" };

/** How the pods end on simulated nodes, where no container runs. */
const succeeds = { annotations: { "mlstack.dev/simulate": "succeed after=2s" } };

/**
 * A web application that predicts the demand for scooters. Its estimator is trained before each rollout, every night, and when
 * the city has changed; a master with workers trains one for each district.
 */
export function scooterDemand(ground: StoryGround): pulumi.Output<string>[] {
  const claim = sharedVolume(`${NAME}-data`, "5Gi", ground);
  const volumes = [{ name: "data", mountPath: DATA, persistentVolumeClaim: claim }];
  const rides = madeUpRides(ground, volumes);
  const later = { ...ground, dependsOn: [...ground.dependsOn, rides] };
  const retrained = retraining(later, volumes);
  return [
    service(later, volumes),
    pulumi.interpolate`CronJob ${retrained.namespace}/${retrained.objectName}`,
    drift(later, claim, retrained),
    fleet(later, volumes),
  ];
}

/** Pods that serve load only what the same code has trained. */
function environmentOf({ version }: StoryGround): Record<string, string> {
  return { ESTIMATORS, CODE_VERSION: version };
}

const train = [`--estimators=${ESTIMATORS}`, `--rides=${RIDES}`];

/** Where there are real rides, something else brings them. */
function madeUpRides({ provider, namespace, image, commit, dependsOn }: StoryGround, volumes: JobVolume[]) {
  return new BatchJob(
    `${NAME}-rides`,
    {
      namespace,
      ...lineageOf({ commit }),
      image: image("scooter-demand-train"),
      command: ["python", "-m", "demand.rides"],
      args: [`--folder=${RIDES}`, "--districts", ...DISTRICTS],
      volumes,
      runAsUser: USER,
      ...small,
      ...succeeds,
    },
    { provider, dependsOn },
  );
}

function service(ground: StoryGround, volumes: JobVolume[]) {
  const { provider, namespace, image, commit, dependsOn } = ground;
  const web = new WebService(
    NAME,
    {
      namespace,
      ...lineageOf({ commit }),
      image: image("scooter-demand-serve"),
      env: { ...environmentOf(ground), RELOAD_SECONDS: "10" },
      volumes,
      runAsUser: USER,
      ...small,
      ports: [{ name: "http", port: PORT }],
      readiness: { path: "/readyz" },
      liveness: { path: "/healthz" },
      replicas: 2,
      maxReplicas: 6,
      memoryScaling: { maxMemory: "4Gi" },
      trainFirst: { image: image("scooter-demand-train"), args: train, ...small, ...succeeds },
      annotations: { "mlstack.dev/simulate": "run" },
    },
    { provider, dependsOn },
  );
  return pulumi.interpolate`Deployment ${web.namespace}/${web.objectName}`;
}

function retraining(ground: StoryGround, volumes: JobVolume[]) {
  const { provider, namespace, image, commit, dependsOn } = ground;
  return new CronTask(
    `${NAME}-retrain`,
    {
      namespace,
      ...lineageOf({ commit }),
      schedule: "40 2 * * *",
      job: {
        image: image("scooter-demand-train"),
        args: train,
        env: environmentOf(ground),
        volumes,
        runAsUser: USER,
        ...small,
        ...succeeds,
        activeDeadlineSeconds: 3600,
      },
    },
    { provider, dependsOn },
  );
}

/** Compares the rides of the last week with all that are known, and trains early where the city has changed. */
function drift(
  { provider, namespace, commit, dependsOn }: StoryGround,
  claim: pulumi.Output<string>,
  retrained: CronTask,
) {
  const rides = { persistentVolumeClaim: claim, files: "rides/*.csv" };
  const monitor = new DriftMonitor(
    `${NAME}-drift`,
    {
      namespace,
      ...lineageOf({ commit }),
      schedule: "30 4 * * *",
      reference: rides,
      recent: { ...rides, windowHours: 7 * 24 },
      features: ["district", "temperature", "rain", "rides"],
      retrain: { cronJob: retrained.objectName },
      runAsUser: USER,
    },
    { provider, dependsOn },
  );
  return pulumi.interpolate`CronJob ${monitor.namespace}/${monitor.objectName}`;
}

/** The master publishes what the workers have trained, and ends when the last of them has. */
function fleet(ground: StoryGround, volumes: JobVolume[]) {
  const { provider, namespace, image, commit, dependsOn } = ground;
  const training = new MasterWorkerJob(
    `${NAME}-fleet`,
    {
      namespace,
      ...lineageOf({ commit }),
      image: image("scooter-demand-fleet"),
      env: { ...environmentOf(ground), RIDES, FLEET_RUN: "$(TRAINING_ID)" },
      volumes,
      runAsUser: USER,
      ...succeeds,
      workersStart: WorkersStart.withMaster,
      master: { args: ["master", "--districts", ...DISTRICTS], ...small },
      workers: { args: ["worker"], replicas: 3, ...small },
      activeDeadlineSeconds: 3600,
    },
    { provider, dependsOn },
  );
  return pulumi.interpolate`Jobs ${training.namespace}/${training.objectName}`;
}
