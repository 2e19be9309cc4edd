import * as pulumi from "@pulumi/pulumi";
import {
  batchJobManifest,
  BatchJob,
  doubleSpace,
  InferenceService,
  intSpace,
  parametersOf,
  Pipeline,
  PipelineRun,
  SpaceDistribution,
  Sweep,
  SweepDirection,
  sweepTrial,
  TensorBoard,
  workflowDefinition,
} from "mlstack/workloads";
import { lineageOf, sharedVolume, type StoryGround } from "./story";
import { DATA, heartDiseasePipeline, LOGS_FOLDER, small, USER } from "./steps";

const NAME = "heart-disease";

/** Table that the trials of the sweep and the models share. */
const TRAINING_TABLE = `${DATA}/tables/train.csv`;

/** The models that are served, each with what it is trained with. */
const MODELS = {
  current: ["--learning-rate", "0.01", "--epochs", "20"],
  next: ["--learning-rate", "0.03", "--epochs", "40"],
};

type Claim = pulumi.Output<string>;

/** How requests from outside of the cluster are divided among the versions of the model. */
export interface Rollout {
  /** Name that Istio's gateway knows the model by. */
  host: string;
  /** Share of the requests that the next version gets, in percent. */
  canaryPercent: number;
  /** Header by which a client chooses a version. */
  versionHeader: string;
}

/**
 * A pipeline whose steps pass files, TensorBoard over its logs, a sweep over its parameters, and the model with a canary.
 *
 * @param rollout undefined where there is no Istio, whose it is to divide requests.
 */
export function heartDisease(ground: StoryGround, rollout: Rollout | undefined): pulumi.Output<string>[] {
  const claim = sharedVolume(`${NAME}-data`, "5Gi", ground);
  const job = jobsOn(ground, claim);
  const after = { ...ground, dependsOn: [...ground.dependsOn, trainingTable(job, ground.dependsOn)] };
  return [
    ...pipeline(ground, claim),
    tensorBoard(ground, claim),
    sweep(after, claim),
    serving({ ...after, dependsOn: [...after.dependsOn, ...models(job, after.dependsOn)] }, claim, rollout),
  ];
}

function pipeline(ground: StoryGround, claim: Claim) {
  const { provider, namespace, dependsOn } = ground;
  const graph = heartDiseasePipeline(ground, claim);
  const object = { namespace, ...lineageOf(ground) };
  const template = new Pipeline(NAME, { ...object, definition: workflowDefinition(graph) }, { provider, dependsOn });
  const run = new PipelineRun(
    `${NAME}-first`,
    { ...object, pipeline: template.objectName, parameters: parametersOf(graph, { epochs: 40 }) },
    { provider, dependsOn: [template] },
  );
  return [
    pulumi.interpolate`WorkflowTemplate ${namespace}/${template.objectName}`,
    pulumi.interpolate`Workflow ${namespace}/${run.objectName}`,
  ];
}

/** The plain one, which needs no controller of Kubeflow's. */
function tensorBoard({ provider, namespace, commit, dependsOn }: StoryGround, logsClaim: Claim) {
  const board = new TensorBoard(
    `${NAME}-board`,
    {
      namespace,
      ...lineageOf({ commit }),
      logsClaim,
      logsFolder: LOGS_FOLDER,
      standalone: true,
      server: { annotations: { "mlstack.dev/simulate": "run" }, runAsUser: USER },
    },
    { provider, dependsOn },
  );
  return pulumi.interpolate`TensorBoard ${namespace}/${board.objectName}`;
}

/** Creates a Job that runs a step with the volume. */
type CreateJob = (name: string, step: string, args: string[], dependsOn: pulumi.Resource[]) => BatchJob;

function jobsOn(ground: StoryGround, claim: Claim): CreateJob {
  const { provider, namespace, image } = ground;
  return (name, step, args, dependsOn) =>
    new BatchJob(
      `${NAME}-${name}`,
      {
        namespace,
        ...lineageOf(ground),
        image: image(`${NAME}-${step}`),
        command: ["python", `${step}.py`],
        args,
        volumes: volumesOn(claim),
        ...small,
      },
      { provider, dependsOn },
    );
}

function volumesOn(claim: Claim) {
  return [{ name: "data", mountPath: DATA, persistentVolumeClaim: claim }];
}

function trainingTable(job: CreateJob, dependsOn: pulumi.Resource[]): BatchJob {
  const patients = `${DATA}/tables/patients.csv`;
  const read = job("read", "read", ["--output", patients], dependsOn);
  const tables = ["--train", TRAINING_TABLE, "--test", `${DATA}/tables/test.csv`];
  return job("process", "process", ["--input", patients, ...tables], [read]);
}

/** Servers find a model from the beginning. */
function models(job: CreateJob, dependsOn: pulumi.Resource[]): BatchJob[] {
  return Object.entries(MODELS).map(([model, parameters]) => {
    const output = ["--model", `${DATA}/models/${model}/model.joblib`, "--logs", `${DATA}/${LOGS_FOLDER}/${model}`];
    return job(`train-${model}`, "train", ["--train", TRAINING_TABLE, ...output, ...parameters], dependsOn);
  });
}

function sweep({ provider, namespace, dependsOn, image, commit }: StoryGround, claim: Claim) {
  const parameters = {
    learningRate: doubleSpace({ min: 0.001, max: 0.1, distribution: SpaceDistribution.logUniform }),
    epochs: intSpace({ min: 10, max: 60 }),
  };
  const trial = sweepTrial(parameters, (values, { name }) =>
    batchJobManifest("trial", {
      image: image(`${NAME}-train`),
      command: ["python", "train.py"],
      args: [
        ...["--train", TRAINING_TABLE, "--model", `${DATA}/trials/${name}/model.joblib`],
        ...["--logs", `${DATA}/${LOGS_FOLDER}/${name}`],
        ...["--learning-rate", values.learningRate, "--epochs", values.epochs],
      ],
      volumes: volumesOn(claim),
      ...lineageOf({ commit }),
      ...small,
      // Where no container runs, this is what Katib reads of a trial.
      annotations: {
        ...small.annotations,
        "mlstack.dev/simulate-metrics": `accuracy=0.9-abs(${values.learningRate}-0.02)`,
      },
    }),
  );
  const experiment = new Sweep(
    NAME,
    {
      namespace,
      ...lineageOf({ commit }),
      parameters,
      trial,
      objective: { metric: "accuracy", direction: SweepDirection.maximize, goal: 0.95 },
      maxTrials: 12,
      parallelTrials: 3,
    },
    { provider, dependsOn },
  );
  return pulumi.interpolate`Experiment ${namespace}/${experiment.objectName}`;
}

/** Without Istio the canary runs with no share of the requests, and is asked by its own address. */
function serving(
  { provider, namespace, dependsOn, commit }: StoryGround,
  claim: Claim,
  { canaryPercent, host, versionHeader }: Partial<Rollout> = {},
) {
  const service = new InferenceService(
    NAME,
    {
      namespace,
      ...lineageOf({ commit }),
      model: { format: "sklearn" },
      storageUri: pulumi.interpolate`pvc://${claim}/models/current`,
      replicas: 2,
      canaries: [
        {
          name: "next",
          trafficPercent: canaryPercent ?? 0,
          storageUri: pulumi.interpolate`pvc://${claim}/models/next`,
        },
      ],
      ...(host === undefined ? {} : { route: { hosts: [host] } }),
      ...(versionHeader === undefined ? {} : { versionHeader }),
      runAsUser: USER,
      cpu: "500m",
      memory: "1Gi",
      annotations: { "mlstack.dev/simulate": "run" },
    },
    { provider, dependsOn },
  );
  return pulumi.interpolate`InferenceService ${namespace}/${service.objectName}`;
}
