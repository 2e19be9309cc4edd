import type * as pulumi from "@pulumi/pulumi";
import {
  checkDnsLabel,
  checkExactVersion,
  checkQuantity,
  checkWholeNumber,
  compact,
  type InputProblem,
  inputProblem,
} from "../../internal";
import { kubernetesVersion, SUPPORTED_KUBERNETES } from "../../model";
import type { PlatformFacts } from "../../rendering";
import type { EksFacts } from "../eks-facts";

/** Namespace of controllers where nothing else is asked for: what is there is served first when the API server is busy. */
export const DEFAULT_NAMESPACE = "kube-system";

/** Replicas of controllers where nothing else is asked for: one works, the other takes over. */
export const DEFAULT_REPLICAS = 2;

/** What a controller's container asks for. */
export interface ControllerResources {
  /** CPU request, a Kubernetes quantity; `500m` by default. */
  cpu?: string;
  /** Memory request and limit, a Kubernetes quantity; `1Gi` by default, enough for some hundred nodes. */
  memory?: string;
}

/** What all controllers that start and end machines are made from. */
export interface ControllerArgs {
  /** Cluster that the controller runs on and makes machines for. */
  eks: EksFacts;
  /** Namespace of the controller; `kube-system` by default. Another one is created, for pods without privileges. */
  namespace?: string;
  /** Name of the system pool to run on; by default any node that no autoscaler has started. */
  systemPool?: string;
  /** Pods of the controller, from 1; 2 by default, of which one works and the other takes over. */
  replicas?: number;
  /** What the controller's container asks for. */
  resources?: ControllerResources;
  /** Exact version of the chart in place of the pinned one. */
  chartVersion?: string;
  /**
   * Where charts are taken from in place of their publishers: a folder that `mlstack charts pull` has filled, or the
   * `oci://` address of a registry that has them. By default each comes from its publisher.
   */
  chartMirror?: string;
  /** Values of the chart that are set instead of or beside those of the component; none by default. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the chart takes is known to the chart alone
  values?: Record<string, any>;
  /** ARN of the policy that bounds what the controller's role can ever do; none by default. */
  permissionsBoundaryArn?: pulumi.Input<string>;
}

/** The publishers of both controllers write no `v` before the versions of their charts. */
export const CHART_VERSION_FORM = { prefix: false };

/** Checks what all controllers have in common. */
export function checkController(args: ControllerArgs): InputProblem[] {
  return [
    ...checkDnsLabel("namespace", args.namespace ?? DEFAULT_NAMESPACE),
    ...(args.systemPool === undefined ? [] : checkDnsLabel("systemPool", args.systemPool)),
    ...checkWholeNumber("replicas", args.replicas, { min: 1 }),
    ...checkQuantity("resources.cpu", args.resources?.cpu, "500m"),
    ...checkQuantity("resources.memory", args.resources?.memory, "1Gi"),
    ...checkExactVersion("chartVersion", args.chartVersion, CHART_VERSION_FORM),
    ...checkKubernetesVersion(args.eks.kubernetesVersion),
  ];
}

/** Requests and limits of a controller's container. */
export function controllerResources({ cpu = "500m", memory = "1Gi" }: ControllerResources = {}) {
  return { requests: { cpu, memory }, limits: { memory } };
}

/** What the charts of controllers are rendered for. */
export function controllerFacts({ eks, chartMirror }: ControllerArgs): PlatformFacts {
  return compact({ kubernetesVersion: eks.kubernetesVersion, chartMirror });
}

function checkKubernetesVersion(minor: string): InputProblem[] {
  if (kubernetesVersion(minor) !== undefined) return [];
  const allowed = SUPPORTED_KUBERNETES.join(", ");
  return [
    inputProblem("eks.kubernetesVersion", minor, allowed, "The controller must be made for the cluster's version."),
  ];
}
