import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { RenderedObjects } from "../../rendering";
import { kubeflowNamespace } from "./kubeflow-namespace";
import { type NotebooksArgs, validateNotebooks } from "./notebooks-args";
import { notebooksRendering } from "./notebooks-manifests";

/**
 * Kubeflow Notebooks: runs Jupyter, Visual Studio Code and RStudio, each with a volume of its own, and stops those that
 * nobody uses.
 *
 * Creates a namespace, the resource type and the controller; with a `console` also the form in which users start notebooks
 * and the web application for volumes.
 */
export class Notebooks extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** True once notebooks can be created. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when a web application lacks its console or certificates, an image has no exact tag,
   * the namespace is Kubernetes' own, or a name, number, quantity or version is misspelt.
   */
  constructor(name: string, args: NotebooksArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateNotebooks(name, args);
    super("mlstack:index:Notebooks", name, checkedInputs("Notebooks", name, args, errors), opts);

    const rendering = notebooksRendering(args);
    const { name: namespace, made } = kubeflowNamespace(name, args, this, args.console);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: made });
    this.namespace = namespace;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}
