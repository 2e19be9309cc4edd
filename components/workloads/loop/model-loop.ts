import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { DriftMonitor } from "../monitoring/drift-monitor";
import type { ConfigMapManifest } from "../monitoring/drift-monitor-manifest";
import { customObject } from "../object";
import { servingObject } from "../serving/serving-object";
import { CronWorkflow } from "../workflows/cron-workflow";
import { WorkflowTemplate } from "../workflows/workflow-template";
import type { ModelLoopArgs } from "./model-loop-args";
import { memoryManifest, modelLoopManifests } from "./model-loop-manifest";
import { versionUrl } from "./model-loop-names";
import { validateModelLoop } from "./model-loop-validation";

/**
 * A model that is kept good: trained, measured, registered and served where it passes its gate, tried out beside the one before,
 * watched for drift, and trained again.
 *
 * Creates a WorkflowTemplate with its rights, ConfigMaps, and as asked for a first run, a CronWorkflow, a DriftMonitor and a
 * PodDisruptionBudget. Its runs create and change the InferenceService, which is deleted with the loop.
 */
export class ModelLoop extends pulumi.ComponentResource {
  /** Name of the WorkflowTemplate, the CronWorkflow and the InferenceService. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of all objects. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the WorkflowTemplate that runs are made of. */
  public readonly workflowTemplate: pulumi.Output<string>;
  /** Address of the model within the cluster, from the first run that passed on. */
  public readonly url: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a step is missing or not valid by itself, when the gate asks for a metric that is
   * not measured or lets nothing pass, when a workload is not told where its model goes, when a part is told what is the
   * loop's to say, or when a name, number, schedule or address is misspelt.
   */
  constructor(name: string, args: ModelLoopArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:ModelLoop", name, checkedInputs("ModelLoop", name, args, validateModelLoop(name, args)), opts);

    const parent = { parent: this };
    // What runs remember there is no change of the stack's.
    const kept = { ...parent, ignoreChanges: ["data"] };
    const memory = new k8s.core.v1.ConfigMap(`${name}-served`, plain(memoryManifest(name, args)), kept);
    const parts = modelLoopManifests(name, args, memory.metadata.uid);
    const { program, script, budget, run, schedule, drift } = parts;
    const configs = [
      memory,
      new k8s.core.v1.ConfigMap(`${name}-program`, plain(program), parent),
      ...(script === undefined ? [] : [new k8s.core.v1.ConfigMap(`${name}-script`, plain(script), parent)]),
    ];
    const template = new WorkflowTemplate(`${name}-loop`, parts.template, { ...parent, dependsOn: configs });
    const after = { parent: this, dependsOn: [template] };
    if (budget !== undefined) servingObject(`${name}-budget`, budget, after);
    if (schedule !== undefined) new CronWorkflow(`${name}-schedule`, schedule, after);
    if (drift !== undefined) new DriftMonitor(`${name}-drift`, drift, after);
    if (run !== undefined) {
      const done = "jsonpath={.status.phase}=Succeeded";
      const wait = { ...args, deadlineSeconds: args.activeDeadlineSeconds };
      customObject(`${name}-initial`, run, { ...after, isRun: true, done, wait });
    }

    this.objectName = template.objectName;
    this.namespace = template.namespace;
    this.workflowTemplate = template.objectName;
    const { objectName: ofService = name, serve } = args;
    const host = serve.transformer === undefined ? versionUrl(ofService) : `http://${ofService}-transformer`;
    this.url = pulumi.interpolate`${host}.${this.namespace}.svc`;
    const { objectName, namespace, workflowTemplate, url } = this;
    this.registerOutputs({ objectName, namespace, workflowTemplate, url });
  }
}

/** What the class of a built-in kind takes: it knows its version and kind itself. */
function plain({ apiVersion: _, kind: __, ...others }: ConfigMapManifest) {
  return others;
}
