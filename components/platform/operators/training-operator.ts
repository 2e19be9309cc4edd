import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { MANIFESTS } from "../../model/versions";
import {
  type Adjustment,
  edit,
  inTurn,
  isResourceType,
  type KubernetesObject,
  RenderedObjects,
  type Rendering,
  without,
} from "../../rendering";
import { partResources } from "../part/part-args";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import {
  adding,
  controllerPods,
  disruptionBudgets,
  movedNamespace,
  NOBODY,
  patched,
  podMonitor,
} from "./manifest-adjustments";
import { withInitContainer } from "./py-torch-init-container";
import {
  defaultTrainingJobs,
  TrainingJobKind,
  TRAINING_OPERATOR_NAMESPACE,
  type TrainingOperatorArgs,
  validateTrainingOperator,
} from "./training-operator-args";

/** Name of every object that the operator consists of. */
const OPERATOR = "training-operator";

/**
 * The training operator of Kubeflow, version 1: runs PyTorchJobs, TFJobs and the like. It is no longer developed; new jobs
 * are better TrainJobs of {@link Trainer}.
 *
 * Creates a namespace, the resource types of the kinds that are run, RBAC, the controller, and the webhooks of these kinds.
 */
export class TrainingOperator extends pulumi.ComponentResource {
  /** Namespace of the operator. */
  public readonly namespace: pulumi.Output<string>;
  /** True once jobs can be created: the types are established, and the webhook answers. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when no kind of job or an unknown one is asked for, when an image has no exact tag, or
   * when a name, number, quantity, version or key of `patches` is misspelt.
   */
  constructor(name: string, args: TrainingOperatorArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateTrainingOperator(name, args);
    super("mlstack:index:TrainingOperator", name, checkedInputs("TrainingOperator", name, args, errors), opts);

    const rendering = trainingOperatorRendering(args);
    const namespaces =
      args.createNamespace === false
        ? []
        : [partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this)];
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: namespaces });
    this.namespace = namespaces[0]?.metadata.name ?? pulumi.output(rendering.namespace);
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** What the training operator consists of, beside its namespace. */
export function trainingOperatorRendering(args: TrainingOperatorArgs): Rendering {
  const { namespace = TRAINING_OPERATOR_NAMESPACE, platform = {}, version, kubeflowRoles = false } = args;
  const folder = `overlays/${kubeflowRoles ? "kubeflow" : "standalone"}`;
  const source = compact({ manifests: MANIFESTS.trainingOperator, folder, version });
  return { sources: [source], facts: platform, namespace, adjust: trainingOperatorAdjustment(args) };
}

/**
 * What becomes of the manifests. The image keeps its tag, which names the commit: upstream publishes none by version.
 *
 * @see https://github.com/kubeflow/training-operator/tree/v1.9.4/manifests/overlays/standalone
 */
function trainingOperatorAdjustment(args: TrainingOperatorArgs): Adjustment {
  const { namespace = TRAINING_OPERATOR_NAMESPACE, platform = {}, replicas = 2, jobs = defaultTrainingJobs } = args;
  const plurals = jobs.map((kind) => `${kind.toLowerCase()}s`);
  return inTurn(
    withoutNamespaces,
    without((object) => isResourceType(object) && !plurals.includes(pluralOf(object))),
    edit("ValidatingWebhookConfiguration", undefined, (object) => {
      const webhooks = object["webhooks"] as JobWebhook[];
      object["webhooks"] = webhooks.filter(({ rules }) => rules[0]!.resources.some((name) => plurals.includes(name)));
    }),
    without(({ kind, webhooks }) => kind === "ValidatingWebhookConfiguration" && (webhooks as unknown[]).length === 0),
    movedNamespace(TRAINING_OPERATOR_NAMESPACE, namespace),
    // The controller writes the certificate into this Secret; an empty map of ours would be laid over it.
    edit("Secret", undefined, (object) => {
      delete object["data"];
    }),
    withOperatorPods(args, replicas),
    ...(replicas > 1 ? [adding(...leaseRights(namespace))] : []),
    disruptionBudgets(OPERATOR),
    ...(jobs.includes(TrainingJobKind.pyTorch) ? [withInitContainer(OPERATOR, namespace)] : []),
    ...(platform.prometheus === true
      ? [adding(podMonitor({ name: OPERATOR, namespace, labels: controllerLabels, port: "metrics" }))]
      : []),
    patched(args.patches),
  );
}

/** Labels of the operator's pods. */
const controllerLabels = { "control-plane": "kubeflow-training-operator" };

interface JobWebhook {
  rules: { resources: string[] }[];
}

function pluralOf({ spec }: KubernetesObject): string {
  return (spec as { names: { plural: string } }).names.plural;
}

function withOperatorPods(args: TrainingOperatorArgs, replicas: number): Adjustment {
  const { jobs = defaultTrainingJobs, platform = {}, gangScheduler, initImage } = args;
  return (objects) => {
    const deployment = objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === OPERATOR);
    const [, tag] = /:([^:]+)$/.exec(imageOf(deployment)) ?? [];
    const pods = {
      deployment: OPERATOR,
      replicas,
      resources: partResources(args.resources, { cpu: "100m", memory: "512Mi" }),
      args: [
        ...jobs.map((kind) => `--enable-scheme=${kind}`),
        ...(replicas > 1 ? ["--leader-elect=true"] : []),
        ...(gangScheduler === undefined ? [] : [`--gang-scheduler-name=${gangScheduler}`]),
        ...(initImage === undefined ? [] : [`--pytorch-init-container-image=${initImage}`]),
        // By default the operator takes whatever is the latest of it.
        ...(jobs.includes("MPIJob")
          ? [`--mpi-kubectl-delivery-image=ghcr.io/kubeflow/training-v1/kubectl-delivery:${tag ?? ""}`]
          : []),
      ],
      runAsUser: NOBODY,
      container: {
        ports: [
          { name: "metrics", containerPort: 8080 },
          { name: "webhook-server", containerPort: 9443, protocol: "TCP" },
        ],
      },
    };
    return controllerPods(pods, platform)(objects);
  };
}

function imageOf(deployment: KubernetesObject | undefined): string {
  const spec = deployment?.["spec"] as { template: { spec: { containers: { image: string }[] } } } | undefined;
  return spec?.template.spec.containers[0]?.image ?? "";
}

/** Rights that electing a leader takes; the manifests, which have one pod, have none. */
function leaseRights(namespace: string): KubernetesObject[] {
  const metadata = { name: `${OPERATOR}-leader-election`, namespace };
  const rbac = "rbac.authorization.k8s.io";
  return [
    {
      apiVersion: `${rbac}/v1`,
      kind: "Role",
      metadata,
      rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create", "get", "update"] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: rbac, kind: "Role", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", name: OPERATOR, namespace }],
    },
  ];
}
