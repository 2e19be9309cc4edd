import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS } from "../../model/versions";
import {
  type Adjustment,
  type ChartValues,
  edit,
  inTurn,
  RenderedObjects,
  type Rendering,
  withValues,
} from "../../rendering";
import { partResources, systemNodes } from "../part/part-args";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { disruptionBudgets, spreadPods } from "./manifest-adjustments";
import { OperatorFailurePolicy } from "./operator-failure-policy";
import { TRAINER_NAMESPACE, type TrainerArgs, trainerRuntimes, validateTrainer } from "./trainer-args";
import { TrainingRuntime } from "./training-runtime";

/** Name of the controller's Deployment. */
const MANAGER = "kubeflow-trainer-controller-manager";

/**
 * Kubeflow Trainer, version 2: runs TrainJobs, training on one or many nodes by PyTorch, MPI, JAX or XGBoost.
 *
 * It makes JobSets of them, so a {@link JobSetController} must be there first: have this component depend on it.
 *
 * Creates a namespace, the resource types, RBAC, the controller and its webhooks, and the runtimes that jobs refer to.
 */
export class Trainer extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** True once TrainJobs can be created: the types are established, the webhooks answer, the runtimes are there. */
  public readonly ready: pulumi.Output<boolean>;

  /** @throws pulumi.InputPropertiesError when a runtime is invalid, or when a name, number, quantity or version is misspelt. */
  constructor(name: string, args: TrainerArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateTrainer(name, args);
    super("mlstack:index:Trainer", name, checkedInputs("Trainer", name, args, errors), opts);

    const rendering = trainerRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    const runtimes = Object.entries(trainerRuntimes(args)).map(
      ([runtime, runtimeArgs]) =>
        new TrainingRuntime(
          `${name}-${runtime}`,
          { runtimeName: runtime, ...runtimeArgs },
          { parent: this, dependsOn: [objects] },
        ),
    );
    this.namespace = namespace.metadata.name;
    this.ready = pulumi.all([objects.ready, ...runtimes.map(({ ready }) => ready)]).apply(() => true);
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** What Trainer consists of, beside its namespace and its runtimes. */
export function trainerRendering(args: TrainerArgs): Rendering {
  const { namespace = TRAINER_NAMESPACE, platform = {}, version } = args;
  const source = compact({
    chart: CHARTS.trainer,
    release: "kubeflow-trainer",
    namespace,
    values: trainerValues(args),
    version,
  });
  const adjust = inTurn(withoutNamespaces, withNamespace(namespace), spreadPods(MANAGER), disruptionBudgets(MANAGER));
  return { sources: [source], facts: platform, namespace, adjust };
}

/** The chart leaves it out of the Role that lets everybody read the version of Trainer, and of its binding. */
function withNamespace(namespace: string): Adjustment {
  return inTurn(
    ...["Role", "RoleBinding"].map((kind) =>
      edit(kind, undefined, ({ metadata }) => {
        metadata.namespace ??= namespace;
      }),
    ),
  );
}

/**
 * Values of Trainer's chart. Its hook that makes runtimes is not run: the component makes them.
 *
 * @see https://github.com/kubeflow/trainer/blob/v2.3.0/charts/kubeflow-trainer/values.yaml
 */
export function trainerValues(args: TrainerArgs): ChartValues {
  const { platform = {}, replicas = 2, failurePolicy = OperatorFailurePolicy.fail } = args;
  const own = {
    fullnameOverride: "kubeflow-trainer",
    crds: { enabled: true },
    jobset: { install: false },
    dataCache: { enabled: false },
    runtimes: { defaultEnabled: false },
    webhook: { failurePolicy },
    manager: {
      replicas,
      nodeSelector: systemNodes(platform),
      resources: partResources(args.resources, { cpu: "100m", memory: "512Mi" }),
      config: { leaderElection: { leaderElect: true } },
    },
  };
  return withValues(own, args.values);
}
