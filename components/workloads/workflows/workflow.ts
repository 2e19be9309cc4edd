import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject } from "../object";
import type { WorkflowArgs } from "./workflow-args";
import { workflowManifest } from "./workflow-manifest";
import { accountOf, workflowRights } from "./workflow-rights";
import { validateWorkflow } from "./workflow-validation";

/**
 * One run of a workflow of Argo: steps that depend on each other, each in a pod, which exchange typed values and files.
 *
 * A change of its arguments is a new run. An update waits for it only with `waitForCompletion`.
 *
 * Creates one Workflow; and, unless rights come from elsewhere, service accounts, Roles and RoleBindings.
 */
export class Workflow extends pulumi.ComponentResource {
  /** Name of the Workflow object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the Workflow object. */
  public readonly namespace: pulumi.Output<string>;
  /** Service account that its programs run under; empty where the cluster's default for workflows holds. */
  public readonly serviceAccountName: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when the definition has an output that does not exist or is of another type, a required
   * input that is not given, a variable that is not known, a name that is there twice, templates or inputs that nothing uses,
   * or tasks that wait for each other; when a step is not valid by itself; or when a name, number or quantity is misspelt.
   */
  constructor(name: string, args: WorkflowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:Workflow", name, checkedInputs("Workflow", name, args, validateWorkflow(name, args)), opts);

    const rights = workflowRights(name, args, this);
    const manifest = workflowManifest(name, args);
    const workflow = customObject(`${name}-workflow`, manifest, {
      parent: this,
      dependsOn: rights,
      isRun: true,
      done: "jsonpath={.status.phase}=Succeeded",
      wait: { ...args, deadlineSeconds: args.activeDeadlineSeconds },
    });
    this.objectName = workflow.metadata.name;
    this.namespace = workflow.metadata.namespace;
    this.serviceAccountName = pulumi.output(accountOf(manifest.spec));
    this.registerOutputs({
      objectName: this.objectName,
      namespace: this.namespace,
      serviceAccountName: this.serviceAccountName,
    });
  }
}
