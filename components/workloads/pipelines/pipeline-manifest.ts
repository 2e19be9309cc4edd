import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { artifactKey, type Manifest, objectMetadata, workloadMetadata } from "../object";
import type { WorkflowDefinition } from "../workflows/definition";
import { parametersHashExpression } from "../workflows/argo/expressions";
import { NEVER_SECONDS, WEEK_SECONDS } from "../workflows/argo/workflow-spec";
import { manifest, specOf } from "../workflows/workflow-manifest";
import type { WorkflowSettings } from "../workflows/workflow-settings";
import { pipelineSpec } from "./ir/pipeline-spec";
import { platformSpec } from "./ir/platform-spec";
import type { PipelineArgs, PipelineRunArgs } from "./pipeline-args";

const NATIVE_VERSION = "pipelines.kubeflow.org/v2beta1";

/** Hexadecimal digits of the hash that names a version. */
const VERSION_DIGITS = 10;

/** The WorkflowTemplate of a {@link Pipeline} with these arguments, or the Pipeline and PipelineVersion of a native one. */
export function pipelineManifests(name: string, args: PipelineArgs): Manifest[] {
  return args.native === undefined ? [pipelineTemplate(name, args)] : nativeManifests(name, args);
}

/** The Workflow of a {@link PipelineRun} with these arguments. */
export function pipelineRunManifest(name: string, args: PipelineRunArgs): Manifest {
  const { pipeline: workflowTemplate, ...rest } = args;
  const facts = {
    secondsAfterCompletion: NEVER_SECONDS,
    labelsRuns: false,
    artifactPrefix: artifactPrefix(name, args),
  };
  const source = workflowTemplate === undefined ? rest : { ...rest, workflowTemplate };
  return manifest("Workflow", name, args, specOf(name, source, facts));
}

function pipelineTemplate(name: string, args: PipelineArgs): Manifest {
  const facts = { secondsAfterCompletion: WEEK_SECONDS, labelsRuns: true, artifactPrefix: artifactPrefix(name, args) };
  return manifest("WorkflowTemplate", name, args, specOf(name, args, facts));
}

/**
 * Where the store keeps artifacts: by namespace and pipeline, then by the code and parameters that made them.
 *
 * Each run has the hash of its parameters as a label too, but `workflow.labels` knows labels from expressions only until the
 * controller looks at the run for the second time (Argo Workflows 4.0.5).
 */
function artifactPrefix(name: string, args: WorkflowSettings & { definition?: WorkflowDefinition }): string {
  const { definition, lineage = {} } = args;
  const start = definition?.templates.find((template) => template.name === definition.entrypoint);
  const names = (start?.inputs?.parameters ?? []).map((each) => each.name);
  const isHashed = names.length > 0 && lineage.parameters === undefined;
  const hash = isHashed ? [`{{=${parametersHashExpression(names)}}}`] : [];
  const run = [...hash, "{{workflow.name}}/{{pod.name}}"];
  return `{{workflow.namespace}}/${args.objectName ?? name}/${artifactKey(lineage, run.join("/"))}`;
}

/**
 * What Kubeflow Pipelines know a pipeline by. A version never changes, so each has a name of its own.
 *
 * @see https://www.kubeflow.org/docs/components/pipelines/operator-guides/ "Kubernetes Native API Mode" (Pipelines 2.17)
 */
function nativeManifests(name: string, args: PipelineArgs): Manifest[] {
  const { definition, description, native = {} } = args;
  const metadata = workloadMetadata(name, args);
  const { objectName } = metadata;
  const spec = pipelineSpec(objectName, definition, compact({ description, caches: native.caches, pools: args.pools }));
  const platform = platformSpec(objectName, args);
  const versionName = native.versionName ?? hashOf({ spec, platform });
  const displayName = native.displayName;
  const version = compact({
    pipelineName: objectName,
    versionName,
    displayName,
    description,
    codeSourceURL: native.codeSourceUrl,
    pipelineSpec: spec,
    platformSpec: platform,
  });
  const head = objectMetadata(args, metadata);
  return [
    { apiVersion: NATIVE_VERSION, kind: "Pipeline", metadata: head, spec: compact({ displayName, description }) },
    {
      apiVersion: NATIVE_VERSION,
      kind: "PipelineVersion",
      metadata: { ...head, name: joined(objectName, versionName) },
      spec: version,
    },
  ];
}

function joined(objectName: string, versionName: pulumi.Input<string>): pulumi.Input<string> {
  return typeof versionName === "string"
    ? `${objectName}-${versionName}`
    : pulumi.interpolate`${objectName}-${versionName}`;
}

/** The hash of what a version does; an output where a part of it is one. */
function hashOf(content: object): pulumi.Input<string> {
  const hash = (known: unknown) =>
    createHash("sha256").update(JSON.stringify(known)).digest("hex").slice(0, VERSION_DIGITS);
  return hasOutput(content) ? pulumi.output(content).apply(hash) : hash(content);
}

function hasOutput(tree: unknown): boolean {
  if (typeof tree !== "object" || tree === null) return false;
  if (pulumi.Output.isInstance(tree) || tree instanceof Promise) return true;
  return Object.values(tree).some(hasOutput);
}
