import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject } from "../object";
import type { CronWorkflowArgs } from "./workflow-args";
import { cronWorkflowManifest } from "./workflow-manifest";
import { accountOf, workflowRights } from "./workflow-rights";
import { validateCronWorkflow } from "./workflow-validation";

/**
 * A workflow that runs at set times, for example every night.
 *
 * Creates one CronWorkflow; and, unless rights come from elsewhere, service accounts, Roles and RoleBindings.
 */
export class CronWorkflow extends pulumi.ComponentResource {
  /** Name of the CronWorkflow object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the CronWorkflow object. */
  public readonly namespace: pulumi.Output<string>;
  /** Service account that programs of its runs run under; empty where the cluster's default for workflows holds. */
  public readonly serviceAccountName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError as a {@link Workflow} does, and when a schedule or time zone is misspelt. */
  constructor(name: string, args: CronWorkflowArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateCronWorkflow(name, args);
    super("mlstack:index:CronWorkflow", name, checkedInputs("CronWorkflow", name, args, errors), opts);

    const rights = workflowRights(name, args, this);
    const manifest = cronWorkflowManifest(name, args);
    const cron = customObject(`${name}-cron`, manifest, { parent: this, dependsOn: rights });
    this.objectName = cron.metadata.name;
    this.namespace = cron.metadata.namespace;
    const { workflowSpec } = manifest.spec as { workflowSpec: unknown };
    this.serviceAccountName = pulumi.output(accountOf(workflowSpec));
    this.registerOutputs({
      objectName: this.objectName,
      namespace: this.namespace,
      serviceAccountName: this.serviceAccountName,
    });
  }
}
