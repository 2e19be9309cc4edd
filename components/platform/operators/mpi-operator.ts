import * as pulumi from "@pulumi/pulumi";
import { checkDnsLabel, checkedInputs, compact, type InputProblem } from "../../internal";
import { bareVersion } from "../../model";
import { MANIFESTS } from "../../model/versions";
import { type Adjustment, inTurn, RenderedObjects, type Rendering } from "../../rendering";
import { checkPart, partResources } from "../part/part-args";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import {
  adding,
  checkPatches,
  controllerPods,
  disruptionBudgets,
  type ManifestPartArgs,
  movedNamespace,
  NOBODY,
  patched,
  podMonitor,
} from "./manifest-adjustments";

/** What an {@link MpiOperator} is made from. Every argument has a default. */
export interface MpiOperatorArgs extends ManifestPartArgs {
  /** Scheduler that places the pods of a job together: `volcano`, or the name of one with the plugin for it; none by default. */
  gangScheduler?: string;
  /** Only namespace whose jobs are run; all by default. */
  jobNamespace?: string;
}

/** Namespace of the MPI operator where nothing else is asked for, and name of its objects, as upstream has it. */
export const MPI_OPERATOR_NAMESPACE = "mpi-operator";

/** Port on which metrics are shown; that of the health check is 8080. */
const METRICS_PORT = 8081;

/**
 * The MPI operator of Kubeflow: runs MPIJobs of version v2beta1, a launcher and workers that it reaches by SSH.
 *
 * Not beside a {@link TrainingOperator} that runs MPIJobs of version v1, which has the same resource type.
 *
 * Creates a namespace, the resource type, RBAC and the controller.
 */
export class MpiOperator extends pulumi.ComponentResource {
  /** Namespace of the operator. */
  public readonly namespace: pulumi.Output<string>;
  /** True once MPIJobs can be created: the type is established, and the controller runs. */
  public readonly ready: pulumi.Output<boolean>;

  /** @throws pulumi.InputPropertiesError when a name, number, quantity, version or key of `patches` is misspelt. */
  constructor(name: string, args: MpiOperatorArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateMpiOperator(name, args);
    super("mlstack:index:MpiOperator", name, checkedInputs("MpiOperator", name, args, errors), opts);

    const rendering = mpiOperatorRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    this.namespace = namespace.metadata.name;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** Checks an MPI operator's inputs. */
export function validateMpiOperator(_name: string, args: MpiOperatorArgs): InputProblem[] {
  const { gangScheduler, jobNamespace } = args;
  return [
    ...checkPart(args),
    ...checkPatches(args.patches),
    ...(gangScheduler === undefined ? [] : checkDnsLabel("gangScheduler", gangScheduler)),
    ...(jobNamespace === undefined ? [] : checkDnsLabel("jobNamespace", jobNamespace)),
  ];
}

/** What the MPI operator consists of, beside its namespace. */
export function mpiOperatorRendering(args: MpiOperatorArgs): Rendering {
  const { namespace = MPI_OPERATOR_NAMESPACE, platform = {}, version } = args;
  const source = compact({ manifests: MANIFESTS.mpiOperator, folder: "overlays/standalone", version });
  return { sources: [source], facts: platform, namespace, adjust: mpiOperatorAdjustment(args) };
}

/**
 * What becomes of the manifests.
 *
 * @see https://github.com/kubeflow/mpi-operator/tree/v0.8.2/manifests/overlays/standalone
 */
function mpiOperatorAdjustment(args: MpiOperatorArgs): Adjustment {
  const { namespace = MPI_OPERATOR_NAMESPACE, platform = {}, replicas = 2, gangScheduler, jobNamespace } = args;
  const version = bareVersion(args.version ?? MANIFESTS.mpiOperator.version);
  const hasMetrics = platform.prometheus === true;
  const monitor = podMonitor({ name: "mpi-operator", namespace, labels: { app: "mpi-operator" }, port: "metrics" });
  const pods = {
    deployment: "mpi-operator",
    replicas,
    resources: partResources(args.resources, { cpu: "100m", memory: "256Mi" }),
    image: `docker.io/mpioperator/mpi-operator:${version}`,
    args: [
      "-alsologtostderr",
      `--lock-namespace=${namespace}`,
      ...(jobNamespace === undefined ? [] : [`--namespace=${jobNamespace}`]),
      ...(gangScheduler === undefined ? [] : [`--gang-scheduling=${gangScheduler}`]),
      ...(hasMetrics ? [`--monitoring-port=${METRICS_PORT}`] : []),
    ],
    runAsUser: NOBODY,
    container: {
      livenessProbe: { httpGet: { path: "/healthz", port: 8080 }, initialDelaySeconds: 10, periodSeconds: 20 },
      ...(hasMetrics ? { ports: [{ name: "metrics", containerPort: METRICS_PORT }] } : {}),
    },
  };
  return inTurn(
    withoutNamespaces,
    movedNamespace(MPI_OPERATOR_NAMESPACE, namespace),
    controllerPods(pods, platform),
    disruptionBudgets("mpi-operator"),
    ...(hasMetrics ? [adding(monitor)] : []),
    patched(args.patches),
  );
}
