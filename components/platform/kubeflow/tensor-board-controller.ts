import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, checkExactImage, compact, type InputProblem, inputProblem } from "../../internal";
import { IMAGES } from "../../model/images";
import { MANIFESTS } from "../../model/versions";
import { inTurn, RenderedObjects, type Rendering } from "../../rendering";
import { behindConsole, checkKubeflowConsole, type KubeflowConsole } from "./kubeflow-console";
import { hardened } from "./hardening";
import { checkKubeflowPart, KUBEFLOW_NAMESPACE, type KubeflowPartArgs } from "./kubeflow-args";
import { kubeflowNamespace } from "./kubeflow-namespace";
import { configured, edited, patched, podOf, withConfigDigests } from "./manifest-edits";
import { withUserHeader } from "./notebooks-manifests";
import { inNamespace } from "./relocation";

/** What a {@link TensorBoardController} is made from. */
export interface TensorBoardControllerArgs extends KubeflowPartArgs {
  /**
   * A gateway that lets in only who has signed in. It must be there: each TensorBoard gets a route of Istio's, and never becomes
   * ready without Istio.
   */
  console: KubeflowConsole;
  /** Whether there is a web application to make TensorBoards in; true by default. */
  webApp?: boolean;
  /** Image of TensorBoards with an exact tag or digest; upstream's by default. */
  tensorBoardImage?: string;
  /**
   * Whether a TensorBoard is put on the node where its volume is mounted already, for volumes that one node only can mount;
   * true by default.
   */
  readWriteOnceScheduling?: boolean;
}

/**
 * Kubeflow's controller for TensorBoards: shows logs of trainings that lie on a volume or in a bucket.
 *
 * Creates a namespace, the resource type, the controller and the web application. Needs Istio.
 */
export class TensorBoardController extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** True once TensorBoards can be created. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when there is no console, the namespace is Kubernetes' own, or a name, number,
   * quantity, image or version is misspelt.
   */
  constructor(name: string, args: TensorBoardControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateTensorBoardController(name, args);
    super(
      "mlstack:index:TensorBoardController",
      name,
      checkedInputs("TensorBoardController", name, args, errors),
      opts,
    );

    const rendering = tensorBoardRendering(args);
    const { name: namespace, made } = kubeflowNamespace(name, args, this, args.console);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: made });
    this.namespace = namespace;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** Checks a TensorBoard controller's inputs. */
export function validateTensorBoardController(_name: string, args: TensorBoardControllerArgs): InputProblem[] {
  return [
    ...checkKubeflowPart(args),
    ...checkNeededConsole(args.console),
    ...checkExactImage("tensorBoardImage", args.tensorBoardImage),
  ];
}

/** Checks the console of a part that does not start without Istio, or shows nothing without a user. */
export function checkNeededConsole(console: KubeflowConsole | undefined): InputProblem[] {
  if (console !== undefined) return checkKubeflowConsole("console", console);
  const remedy = "Install Istio with a gateway where users sign in, and name it.";
  return [inputProblem("console", console, "a gateway of Istio's", remedy)];
}

/**
 * What the controller consists of, beside its namespace.
 *
 * @see https://github.com/kubeflow/notebooks/tree/v1.11.0/components/tensorboard-controller
 */
export function tensorBoardRendering(args: TensorBoardControllerArgs): Rendering {
  const {
    namespace = KUBEFLOW_NAMESPACE,
    platform = {},
    version,
    replicas = 2,
    resources,
    console,
    webApp = true,
  } = args;
  const { readWriteOnceScheduling = true, tensorBoardImage = IMAGES.tensorBoardOfController } = args;
  const folders = [
    "tensorboard-controller/config/overlays/kubeflow",
    ...(webApp ? ["crud-web-apps/tensorboards/manifests/overlays/istio"] : []),
  ];
  const adjust = inTurn(
    configured("tensorboard-controller-config", {
      ISTIO_GATEWAY: console.gateway,
      ISTIO_HOST: console.host ?? "*",
      // The controller compares with this spelling.
      RWO_PVC_SCHEDULING: readWriteOnceScheduling ? "True" : "False",
      TENSORBOARD_IMAGE: tensorBoardImage,
    }),
    edited("Deployment", "tensorboard-controller-deployment", (controller) => {
      const manager = podOf(controller).containers.find(({ name }) => name === "manager")!;
      if (replicas > 1) manager.args = [...(manager.args ?? []), "--leader-elect"];
    }),
    behindConsole(console),
    withUserHeader(console),
    inNamespace(namespace),
    hardened({
      platform,
      replicas: { "tensorboard-controller-deployment": replicas },
      resources: {
        manager: { cpu: "20m", memory: "256Mi", ...resources },
        "tensorboards-web-app": { cpu: "50m", memory: "256Mi" },
      },
    }),
    patched(args.patches),
    withConfigDigests,
  );
  const sources = folders.map((folder) => compact({ manifests: MANIFESTS.notebooks, folder, version }));
  return { sources, facts: platform, namespace, adjust };
}
