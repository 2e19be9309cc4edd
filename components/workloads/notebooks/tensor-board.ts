import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { customObject } from "../object";
import type { TensorBoardArgs } from "./tensor-board-args";
import { type TensorBoardManifests, tensorBoardManifests } from "./tensor-board-manifest";
import { validateTensorBoard } from "./tensor-board-validation";

/**
 * TensorBoard over logs of training, on a volume or in a bucket.
 *
 * Kubeflow's controller runs it and shows it in the console, or it stands alone. It has no login of its own.
 *
 * Creates one Tensorboard, which needs the TensorBoardController; with `standalone` a Deployment and a Service, which need
 * nothing.
 */
export class TensorBoard extends pulumi.ComponentResource {
  /** Name of the object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the object. */
  public readonly namespace: pulumi.Output<string>;
  /** Address within the cluster. */
  public readonly url: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when it is not said where the logs are, or twice, when a pod is described that the
   * controller makes, when the image does not read what it is to show, when no known pool has what is asked for, or when a
   * name, quantity or option is misspelt.
   */
  constructor(name: string, args: TensorBoardArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateTensorBoard(name, args);
    super("mlstack:index:TensorBoard", name, checkedInputs("TensorBoard", name, args, errors), opts);

    const { metadata } = this.create(name, tensorBoardManifests(name, args));
    this.objectName = metadata.name;
    this.namespace = metadata.namespace;
    this.url = pulumi.interpolate`http://${this.objectName}.${this.namespace}.svc`;
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace, url: this.url });
  }

  private create(name: string, { tensorBoard, deployment, service }: TensorBoardManifests) {
    if (tensorBoard !== undefined) {
      // The controller changes nothing on what it has made, so that other logs need another one.
      return customObject(`${name}-tensor-board`, tensorBoard, { parent: this, isRun: true });
    }
    const server = new k8s.apps.v1.Deployment(`${name}-deployment`, deployment, { parent: this });
    // A Service is awaited until pods answer.
    return new k8s.core.v1.Service(`${name}-service`, service, { parent: this, dependsOn: [server] });
  }
}
