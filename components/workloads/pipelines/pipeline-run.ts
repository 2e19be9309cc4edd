import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject } from "../object";
import { accountOf, workflowRights } from "../workflows/workflow-rights";
import type { PipelineRunArgs } from "./pipeline-args";
import { pipelineRunManifest } from "./pipeline-manifest";
import { validatePipelineRun } from "./pipeline-validation";

/**
 * One run of a {@link Pipeline}, or of a definition, by Argo.
 *
 * A change of its arguments is a new run. An update waits for it only with `waitForCompletion`.
 *
 * Creates one Workflow; and, with a definition, service accounts, Roles and RoleBindings unless rights come from elsewhere.
 */
export class PipelineRun extends pulumi.ComponentResource {
  /** Name of the Workflow object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the Workflow object. */
  public readonly namespace: pulumi.Output<string>;
  /** Service account that its programs run under; empty where that of the pipeline holds. */
  public readonly serviceAccountName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError as a {@link Workflow} does. */
  constructor(name: string, args: PipelineRunArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validatePipelineRun(name, args);
    super("mlstack:index:PipelineRun", name, checkedInputs("PipelineRun", name, args, errors), opts);

    const rights = workflowRights(name, args, this);
    const manifest = pipelineRunManifest(name, args);
    const run = customObject(`${name}-run`, manifest, {
      parent: this,
      dependsOn: rights,
      isRun: true,
      done: "jsonpath={.status.phase}=Succeeded",
      wait: { ...args, deadlineSeconds: args.activeDeadlineSeconds },
    });
    this.objectName = run.metadata.name;
    this.namespace = run.metadata.namespace;
    this.serviceAccountName = pulumi.output(accountOf(manifest.spec));
    this.registerOutputs({
      objectName: this.objectName,
      namespace: this.namespace,
      serviceAccountName: this.serviceAccountName,
    });
  }
}
