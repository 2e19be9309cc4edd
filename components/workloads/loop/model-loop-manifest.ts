import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import type { DriftMonitorArgs } from "../monitoring/drift-monitor-args";
import type { ConfigMapManifest } from "../monitoring/drift-monitor-manifest";
import { type Manifest, objectMetadata, workloadMetadata } from "../object";
import { modelVersionManifests } from "../registry/model-version-manifest";
import { fingerprint } from "../object/fingerprint";
import { inferenceServiceManifests } from "../serving/inference-service-manifest";
import type { CronWorkflowArgs, WorkflowTemplateArgs } from "../workflows/workflow-args";
import { workflowManifest } from "../workflows/workflow-manifest";
import type { ModelLoopArgs } from "./model-loop-args";
import { loopDefinition } from "./model-loop-definition";
import { memoryName, programName } from "./model-loop-names";
import { versionArgs } from "./model-loop-register";
import { servingArgs } from "./model-loop-serving";
import { WATCH_PROGRAM } from "./model-loop-steps";

/** Annotation of the first run with a fingerprint of what is trained, and how it is judged: another one is another run. */
const WORK_ANNOTATION = "mlstack.dev/loop-work";

/** What a {@link ModelLoop} consists of: objects of its own, and arguments of the components that it is composed of. */
export interface ModelLoopManifests {
  /** ConfigMap that remembers which model is served, empty at first. What serves belongs to it. */
  memory: ConfigMapManifest;
  /** ConfigMap with the program of the loop's own steps. */
  program: ConfigMapManifest;
  /** ConfigMap with the script that registers; undefined where nothing is registered. */
  script: ConfigMapManifest | undefined;
  /** PodDisruptionBudget of what serves; undefined where one pod does. */
  budget: Manifest | undefined;
  /** WorkflowTemplate of which all runs are made. */
  template: WorkflowTemplateArgs;
  /** Workflow that runs with the update; undefined where nothing does. */
  run: Manifest | undefined;
  /** CronWorkflow; undefined without a schedule. */
  schedule: CronWorkflowArgs | undefined;
  /** DriftMonitor; undefined where nothing is watched. */
  drift: DriftMonitorArgs | undefined;
}

/**
 * What a {@link ModelLoop} with these arguments consists of.
 *
 * @param name name of the objects where the arguments give none.
 * @param owner uid of the memory's ConfigMap, which the API server gives it.
 */
export function modelLoopManifests(name: string, args: ModelLoopArgs, owner: pulumi.Input<string>): ModelLoopManifests {
  const metadata = workloadMetadata(name, args);
  const { objectName } = metadata;
  const own = objectMetadata(args, metadata);
  const file = readFileSync(join(__dirname, WATCH_PROGRAM), "utf8");
  return {
    memory: memoryManifest(name, args),
    program: { ...configMap({ ...own, name: programName(objectName) }), data: { [WATCH_PROGRAM]: file } },
    script: args.register && modelVersionManifests(objectName, versionArgs(objectName, args, args.register)).script,
    budget: inferenceServiceManifests(objectName, servingArgs(objectName, args, { stable: "" })).budget,
    template: { ...templateArgs(objectName, args), definition: loopDefinition({ objectName, args, owner }) },
    run: args.initialRun === false ? undefined : initialRun(objectName, args),
    schedule: scheduleArgs(objectName, args),
    drift: driftArgs(objectName, args),
  };
}

/** ConfigMap that remembers which model is served. Its uid goes into what the others are made from. */
export function memoryManifest(name: string, args: ModelLoopArgs): ConfigMapManifest {
  const metadata = workloadMetadata(name, args);
  return configMap({ ...objectMetadata(args, metadata), name: memoryName(metadata.objectName) });
}

/** Name of the run that comes with updates. */
export function initialRunName(objectName: string): string {
  return `${objectName}-initial`;
}

/** What is the loop's to say of every object of it. */
function common({ namespace, labels, lineage }: ModelLoopArgs) {
  return compact({ namespace, labels, lineage });
}

function templateArgs(objectName: string, args: ModelLoopArgs) {
  const { pools, queue, queuePriority, serviceAccountName, activeDeadlineSeconds } = args;
  return {
    ...common(args),
    ...compact({ pools, queue, queuePriority, serviceAccountName, activeDeadlineSeconds }),
    objectName,
    // Two runs would take each other's candidate away.
    mutexes: [objectName],
  };
}

/** A run of the template, made anew where what is trained or how it is judged is another. */
function initialRun(objectName: string, args: ModelLoopArgs): Manifest {
  const { train, evaluate, gate, lineage, parameters, modelStore } = args;
  const run = { ...common(args), objectName: initialRunName(objectName), workflowTemplate: objectName };
  const manifest = workflowManifest(objectName, run);
  const work = fingerprint({ train, evaluate, gate, lineage, parameters, modelStore });
  const spec = { ...(manifest.spec as object), workflowMetadata: { annotations: { [WORK_ANNOTATION]: work } } };
  return { ...manifest, spec };
}

function scheduleArgs(objectName: string, args: ModelLoopArgs): CronWorkflowArgs | undefined {
  return args.schedule && { ...args.schedule, ...common(args), objectName, workflowTemplate: objectName };
}

function driftArgs(objectName: string, args: ModelLoopArgs): DriftMonitorArgs | undefined {
  const { drift, pools } = args;
  if (drift === undefined) return undefined;
  const retrain = { ...drift.retrain, workflowTemplate: objectName };
  return { ...drift, ...common(args), ...compact({ pools }), objectName: `${objectName}-drift`, retrain };
}

function configMap(metadata: ConfigMapManifest["metadata"]): ConfigMapManifest {
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}
