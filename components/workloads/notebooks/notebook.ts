import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject } from "../object";
import type { NotebookArgs } from "./notebook-args";
import { notebookManifests } from "./notebook-manifest";
import { validateNotebook } from "./notebook-validation";

/**
 * A notebook of one person: Jupyter, Visual Studio Code or RStudio, with a workspace that outlives its pods.
 *
 * A change of its arguments makes the pod anew; the workspace stays, also when the notebook is deleted.
 *
 * Creates one Notebook, and a claim for the workspace where none is given. Needs Notebooks.
 */
export class Notebook extends pulumi.ComponentResource {
  /** Name of the Notebook. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the Notebook. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the claim of the workspace. */
  public readonly workspaceClaim: pulumi.Output<string>;
  /** Path below the console's address at which the notebook is shown. */
  public readonly consolePath: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a count or quantity is out of its range, when no known pool has what is asked
   * for, when the workspace is both given and described, when a volume has not exactly one source or takes another's place,
   * when a label, annotation or variable is the controller's own, or when a name is misspelt or too long.
   */
  constructor(name: string, args: NotebookArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:Notebook", name, checkedInputs("Notebook", name, args, validateNotebook(name, args)), opts);

    const manifests = notebookManifests(name, args);
    const workspace =
      manifests.workspace &&
      new k8s.core.v1.PersistentVolumeClaim(
        `${name}-workspace`,
        manifests.workspace,
        // What somebody has worked on is not the stack's to delete.
        { parent: this, retainOnDelete: true },
      );
    const notebook = customObject(`${name}-notebook`, manifests.notebook, {
      parent: this,
      dependsOn: workspace === undefined ? [] : [workspace],
    });
    this.objectName = notebook.metadata.name;
    this.namespace = notebook.metadata.namespace;
    this.workspaceClaim = workspace?.metadata.name ?? pulumi.output(args.workspaceClaim!);
    this.consolePath = pulumi.interpolate`/notebook/${this.namespace}/${this.objectName}/`;
    this.registerOutputs({
      objectName: this.objectName,
      namespace: this.namespace,
      workspaceClaim: this.workspaceClaim,
      consolePath: this.consolePath,
    });
  }
}
