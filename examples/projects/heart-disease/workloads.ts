import * as k8s from "@pulumi/kubernetes";
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
  type WorkflowArtifactStore,
  workflowDefinition,
} from "mlstack/workloads";
import { lineageOf, sharedVolume, type StoryGround } from "./story";
import { DATA, heartDiseasePipeline, LOGS_FOLDER, MODELS, small, USER } from "./steps";

const NAME = "heart-disease";

/** Account that servers read their models from the store with. */
const SERVING_ACCOUNT = "heart-disease-model";

/** Seconds that an update waits for the models. */
const MODELS_SECONDS = 1200;

/** Table that the trials of the sweep share. */
const TRAINING_TABLE = `${DATA}/tables/train.csv`;

/** The runs of the pipeline whose models are served, each with what it trains by: the current model, and the next one. */
const RUNS = {
  first: { learningRate: 0.01, epochs: 20 },
  next: { learningRate: 0.03, epochs: 40 },
};

type Claim = pulumi.Output<string>;

/** What the workloads of the story stand on. */
export interface HeartDiseaseGround extends StoryGround {
  /** Where the pipeline keeps its files, the models among them; KServe must have been told of the same one. */
  artifactStore: WorkflowArtifactStore;
  /** Whether an update waits for the models before it serves them. */
  waitForModels: boolean;
}

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
 * A pipeline whose steps pass files, TensorBoard over its logs, a sweep over its parameters, and the models of two of its runs,
 * one of them as a canary.
 *
 * @param rollout undefined where there is no Istio, whose it is to divide requests.
 */
export function heartDisease(ground: HeartDiseaseGround, rollout: Rollout | undefined): pulumi.Output<string>[] {
  const { namespace, dependsOn } = ground;
  const claim = sharedVolume(`${NAME}-data`, "5Gi", ground);
  const { template, first, next } = pipeline(ground, claim);
  return [
    pulumi.interpolate`WorkflowTemplate ${namespace}/${template.objectName}`,
    ...[first, next].map((run) => pulumi.interpolate`Workflow ${namespace}/${run.objectName}`),
    tensorBoard(ground, claim),
    sweep({ ...ground, dependsOn: [...dependsOn, trainingTable(ground, claim)] }, claim),
    serving({ ...ground, dependsOn: [...dependsOn, first, next] }, { first, next }, rollout),
  ];
}

function pipeline(ground: HeartDiseaseGround, claim: Claim) {
  const { provider, namespace, dependsOn, artifactStore, waitForModels } = ground;
  const graph = heartDiseasePipeline(ground, claim);
  const object = { namespace, ...lineageOf(ground) };
  const template = new Pipeline(
    NAME,
    { ...object, artifactStore, definition: workflowDefinition(graph) },
    { provider, dependsOn },
  );
  const wait = waitForModels ? { waitForCompletion: true, waitSeconds: MODELS_SECONDS } : {};
  const run = (name: keyof typeof RUNS) =>
    new PipelineRun(
      `${NAME}-${name}`,
      { ...object, ...wait, pipeline: template.objectName, parameters: parametersOf(graph, RUNS[name]) },
      { provider, dependsOn: [template] },
    );
  return { template, first: run("first"), next: run("next") };
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

/** The table that all trials of the sweep train with: it takes no pipeline to make one for each. */
function trainingTable(ground: StoryGround, claim: Claim): BatchJob {
  const { provider, namespace, image } = ground;
  const job = (step: string, args: string[], dependsOn: pulumi.Resource[]) =>
    new BatchJob(
      `${NAME}-${step}`,
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
  const patients = `${DATA}/tables/patients.csv`;
  const read = job("read", ["--output", patients], ground.dependsOn);
  const tables = ["--train", TRAINING_TABLE, "--test", `${DATA}/tables/test.csv`];
  return job("process", ["--input", patients, ...tables], [read]);
}

function volumesOn(claim: Claim) {
  return [{ name: "data", mountPath: DATA, persistentVolumeClaim: claim }];
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
      maxTrials: 6,
      parallelTrials: 3,
    },
    { provider, dependsOn },
  );
  return pulumi.interpolate`Experiment ${namespace}/${experiment.objectName}`;
}

/** Without Istio the canary runs with no share of the requests, and is asked by its own address. */
function serving(
  { provider, namespace, dependsOn, commit, artifactStore }: HeartDiseaseGround,
  runs: { first: PipelineRun; next: PipelineRun },
  { canaryPercent, host, versionHeader }: Partial<Rollout> = {},
) {
  const { bucket, credentialsSecret } = artifactStore;
  const modelOf = ({ objectName }: PipelineRun) => pulumi.interpolate`s3://${bucket}/${MODELS}/${objectName}`;
  // Where pods have no role, KServe gives who fetches a model the keys that its account names.
  const account = new k8s.core.v1.ServiceAccount(
    `${NAME}-model-account`,
    {
      metadata: { name: SERVING_ACCOUNT, namespace },
      automountServiceAccountToken: false,
      ...(credentialsSecret === undefined ? {} : { secrets: [{ name: credentialsSecret }] }),
    },
    { provider, dependsOn },
  );
  const service = new InferenceService(
    NAME,
    {
      namespace,
      ...lineageOf({ commit }),
      model: { format: "sklearn" },
      storageUri: modelOf(runs.first),
      serviceAccountName: account.metadata.name,
      replicas: 2,
      canaries: [{ name: "next", trafficPercent: canaryPercent ?? 0, storageUri: modelOf(runs.next) }],
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
