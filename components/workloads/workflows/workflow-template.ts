import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject } from "../object";
import type { WorkflowTemplateArgs } from "./workflow-args";
import { workflowTemplateManifest } from "./workflow-manifest";
import { accountOf, workflowRights } from "./workflow-rights";
import { validateWorkflowTemplate } from "./workflow-validation";

/**
 * A workflow to be run any number of times, and steps for use in other workflows. It runs nothing by itself: a
 * {@link Workflow} or {@link CronWorkflow} names it, people start it, and `useTemplate` makes its steps those of others.
 *
 * Creates one WorkflowTemplate; and, unless rights come from elsewhere, service accounts, Roles and RoleBindings.
 */
export class WorkflowTemplate extends pulumi.ComponentResource {
  /** Name of the WorkflowTemplate object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the WorkflowTemplate object. */
  public readonly namespace: pulumi.Output<string>;
  /** Service account that programs of its runs run under; empty where the cluster's default for workflows holds. */
  public readonly serviceAccountName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError as a {@link Workflow} does. */
  constructor(name: string, args: WorkflowTemplateArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateWorkflowTemplate(name, args);
    super("mlstack:index:WorkflowTemplate", name, checkedInputs("WorkflowTemplate", name, args, errors), opts);

    const rights = workflowRights(name, args, this);
    const manifest = workflowTemplateManifest(name, args);
    const template = customObject(`${name}-template`, manifest, { parent: this, dependsOn: rights });
    this.objectName = template.metadata.name;
    this.namespace = template.metadata.namespace;
    this.serviceAccountName = pulumi.output(accountOf(manifest.spec));
    this.registerOutputs({
      objectName: this.objectName,
      namespace: this.namespace,
      serviceAccountName: this.serviceAccountName,
    });
  }
}
