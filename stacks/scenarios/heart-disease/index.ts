import * as pulumi from "@pulumi/pulumi";
import {
  Architecture,
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
} from "../../../components";
import type { Scenario, ScenarioContext } from "../scenario";
import { sharedVolume } from "../shared-volume";
import { DATA, heartDiseasePipeline, LOGS_FOLDER, small, succeeds, USER } from "./steps";

const NAME = "heart-disease";

/** Table that the trials of the sweep share. */
const TRAINING_TABLE = `${DATA}/tables/train.csv`;

/** Share of the requests that the next version of the model gets, in percent. */
const CANARY_SHARE = 10;

type Claim = pulumi.Output<string>;

/** A pipeline whose steps pass files, TensorBoard over its logs, a sweep over its parameters, and the model with a canary. */
export const heartDisease: Scenario = {
  description: "runs a pipeline of steps that pass files, with TensorBoard, a sweep, and the model with a canary",
  needs: { gpus: 0, architecture: Architecture.amd64 },
  parts: ["argoWorkflows", "katib", "kserve"],
  ownImages: true,
  deploy: (context) => {
    const claim = sharedVolume(`${NAME}-data`, "5Gi", context);
    return [...pipeline(context, claim), tensorBoard(context, claim), sweep(context, claim), serving(context, claim)];
  },
};

function pipeline(context: ScenarioContext, claim: Claim) {
  const { provider, namespace, dependsOn } = context;
  const graph = heartDiseasePipeline(context, claim);
  const template = new Pipeline(NAME, { namespace, definition: workflowDefinition(graph) }, { provider, dependsOn });
  const run = new PipelineRun(
    `${NAME}-first`,
    { namespace, pipeline: NAME, parameters: parametersOf(graph, { epochs: 40 }) },
    { provider, dependsOn: [template] },
  );
  return [
    pulumi.interpolate`WorkflowTemplate ${namespace}/${template.objectName}`,
    pulumi.interpolate`Workflow ${namespace}/${run.objectName}`,
  ];
}

/** The plain one, which needs no controller of Kubeflow's. */
function tensorBoard({ provider, namespace, dependsOn }: ScenarioContext, logsClaim: Claim) {
  const board = new TensorBoard(
    `${NAME}-board`,
    {
      namespace,
      logsClaim,
      logsFolder: LOGS_FOLDER,
      standalone: true,
      server: { annotations: { "mlstack.dev/simulate": "run" }, runAsUser: USER },
    },
    { provider, dependsOn },
  );
  return pulumi.interpolate`TensorBoard ${namespace}/${board.objectName}`;
}

/** Trials train on one table, which is made first. */
function sweep({ provider, namespace, dependsOn, image }: ScenarioContext, claim: Claim) {
  const volumes = [{ name: "data", mountPath: DATA, persistentVolumeClaim: claim }];
  const job = (step: string, args: string[], after: pulumi.Resource[]) =>
    new BatchJob(
      `${NAME}-${step}`,
      { namespace, image: image(`${NAME}-${step}`), command: ["python", `${step}.py`], args, volumes, ...small },
      { provider, dependsOn: after },
    );
  const patients = `${DATA}/tables/patients.csv`;
  const read = job("read", ["--output", patients], dependsOn);
  const tables = ["--train", TRAINING_TABLE, "--test", `${DATA}/tables/test.csv`];
  const process = job("process", ["--input", patients, ...tables], [read]);

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
      volumes,
      ...small,
    }),
  );
  const experiment = new Sweep(
    NAME,
    {
      namespace,
      parameters,
      trial,
      objective: { metric: "accuracy", direction: SweepDirection.maximize, goal: 0.95 },
      maxTrials: 12,
      parallelTrials: 3,
    },
    { provider, dependsOn: [...dependsOn, process] },
  );
  return pulumi.interpolate`Experiment ${namespace}/${experiment.objectName}`;
}

/** A canary's share of the requests is Istio's to give; without it, the canary runs and is asked by its own address. */
function serving({ provider, namespace, dependsOn, parts }: ScenarioContext, claim: Claim) {
  const service = new InferenceService(
    NAME,
    {
      namespace,
      model: { format: "sklearn" },
      storageUri: pulumi.interpolate`pvc://${claim}/models/current`,
      replicas: 2,
      canaries: [
        {
          name: "next",
          trafficPercent: parts.includes("istio") ? CANARY_SHARE : 0,
          storageUri: pulumi.interpolate`pvc://${claim}/models/next`,
        },
      ],
      runAsUser: USER,
      cpu: "500m",
      memory: "1Gi",
      annotations: succeeds.annotations,
    },
    { provider, dependsOn },
  );
  return pulumi.interpolate`InferenceService ${namespace}/${service.objectName}`;
}
