import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject, type Manifest } from "../object";
import { accountOf, workflowRights } from "../workflows/workflow-rights";
import type { PipelineArgs } from "./pipeline-args";
import { pipelineManifests } from "./pipeline-manifest";
import { validatePipeline } from "./pipeline-validation";

/**
 * A pipeline of steps that pass files, each step with an image of its own: tables, datasets, models. The artifact store keeps
 * every file under a key that tells which code and parameters made it.
 *
 * Argo runs it, as a WorkflowTemplate; with `native` Kubeflow Pipelines do, and show its graph, runs and artifacts.
 *
 * Creates one WorkflowTemplate, and service accounts, Roles and RoleBindings unless rights come from elsewhere; or one Pipeline
 * and one PipelineVersion of Kubeflow Pipelines. Earlier versions stay until the Pipeline is deleted, as runs refer to them.
 */
export class Pipeline extends pulumi.ComponentResource {
  /** Name of the object: a WorkflowTemplate, or a Pipeline of Kubeflow Pipelines. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the object. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the version in Kubeflow Pipelines; empty without `native`. */
  public readonly versionName: pulumi.Output<string>;
  /** Service account that programs of its runs run under; empty where the cluster's default holds, and with `native`. */
  public readonly serviceAccountName: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError as a {@link Workflow} does, and with `native` when the definition has what Kubeflow
   * Pipelines do not know.
   */
  constructor(name: string, args: PipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:Pipeline", name, checkedInputs("Pipeline", name, args, validatePipeline(name, args)), opts);

    const rights = args.native === undefined ? workflowRights(name, args, this) : [];
    const [head, version] = pipelineManifests(name, args);
    const pipeline = customObject(`${name}-pipeline`, head!, { parent: this, dependsOn: rights });
    this.objectName = pipeline.metadata.name;
    this.namespace = pipeline.metadata.namespace;
    this.serviceAccountName = pulumi.output(accountOf(head!.spec));
    this.versionName = pulumi.output("");
    if (version !== undefined) {
      pipelineVersion(`${name}-version`, version, { parent: this, dependsOn: [pipeline] });
      this.versionName = pulumi.output((version.spec as { versionName: pulumi.Input<string> }).versionName);
    }
    this.registerOutputs({
      objectName: this.objectName,
      namespace: this.namespace,
      versionName: this.versionName,
      serviceAccountName: this.serviceAccountName,
    });
  }
}

/**
 * Registers a version, which is never changed: another spec has another name, and the earlier version stays, as runs refer to
 * it. It is deleted with its Pipeline, which owns it.
 */
function pipelineVersion(name: string, version: Manifest, opts: pulumi.CustomResourceOptions): void {
  const annotations = { ...(version.metadata.annotations as object | undefined), "pulumi.com/skipAwait": "true" };
  const metadata = { ...version.metadata, annotations };
  new k8s.apiextensions.CustomResource(name, { ...version, metadata }, { ...opts, retainOnDelete: true });
}
