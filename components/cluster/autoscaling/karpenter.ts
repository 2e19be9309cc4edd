import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, checkExactVersion, compact, type InputProblem, inputProblem } from "../../internal";
import { kubernetesVersion } from "../../model";
import { CHARTS } from "../../model/versions";
import { isResourceType, type PlatformFacts, RenderedObjects, type Rendering, without } from "../../rendering";
import { PodIdentityRole } from "../identity/pod-identity-role";
import {
  CHART_VERSION_FORM,
  checkController,
  type ControllerArgs,
  controllerFacts,
  DEFAULT_NAMESPACE,
} from "./controller-args";
import { controllerNamespace } from "./controller-namespace";
import { createInterruptionQueue } from "./interruption-queue";
import { karpenterStatements } from "./karpenter-rights";
import { KARPENTER_NAME, karpenterValues } from "./karpenter-values";

/** What a {@link Karpenter} is made from. */
export interface KarpenterArgs extends ControllerArgs {
  /** Exact version of the chart with Karpenter's own resource types; that of the chart by default, as they go together. */
  crdChartVersion?: string;
}

/**
 * Karpenter: starts machines for pods that wait for one, and ends those that nobody needs. Pools with the back end
 * `karpenter` say which machines.
 *
 * Creates a queue that tells of interruptions with its rules, a role by Pod Identity, Karpenter's resource types, and
 * Karpenter itself on the system pool. Pools must depend on it: when they go, Karpenter has to end their machines. Its
 * resource types stay in the cluster when it goes, as everything of these types would go with them.
 *
 * It may stand beside the Cluster Autoscaler, as every pool has one back end. Pods that select no pool then get a machine
 * from whichever is first, and sometimes from both, so let workloads name their pool.
 */
export class Karpenter extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the queue that tells of interruptions. */
  public readonly interruptionQueue: pulumi.Output<string>;
  /** ARN of the controller's role. */
  public readonly roleArn: pulumi.Output<string>;
  /** True once Karpenter runs and can be given pools. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the cluster is in Auto Mode or of a version that this Karpenter does not manage
   * nodes of, or when a name, number, quantity or version is misspelt.
   */
  constructor(name: string, args: KarpenterArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateKarpenter(name, args);
    super("mlstack:index:Karpenter", name, checkedInputs("Karpenter", name, args, errors), opts);

    const { eks, namespace = DEFAULT_NAMESPACE, permissionsBoundaryArn } = args;
    const { name: namespaceName, created } = controllerNamespace(name, namespace, this);
    const queue = createInterruptionQueue(name, eks, this);
    const role = new PodIdentityRole(
      `${name}-role`,
      compact({
        eks,
        namespace,
        serviceAccount: KARPENTER_NAME,
        statements: karpenterStatements(eks, queue.arn),
        permissionsBoundaryArn,
      }),
      { parent: this },
    );
    const types = new RenderedObjects(`${name}-crds`, karpenterTypesRendering(args), { parent: this });
    const controller = new RenderedObjects(`${name}-controller`, karpenterRendering(args, queue.name), {
      parent: this,
      dependsOn: [...created, types, role],
    });
    this.namespace = namespaceName;
    this.interruptionQueue = queue.name;
    this.roleArn = role.roleArn;
    this.ready = controller.ready;
    this.registerOutputs({
      namespace: this.namespace,
      interruptionQueue: this.interruptionQueue,
      roleArn: this.roleArn,
      ready: this.ready,
    });
  }
}

/** Karpenter's resource types, from a chart of their own: that of the controller has them too, and is rendered without. */
export function karpenterTypesRendering(args: KarpenterArgs): Rendering {
  const { namespace = DEFAULT_NAMESPACE, chartVersion, crdChartVersion = chartVersion } = args;
  return karpenterTypes(namespace, controllerFacts(args), crdChartVersion);
}

/** Karpenter's resource types on a cluster where Karpenter itself may not be. */
export function karpenterTypes(namespace: string, facts: PlatformFacts, version?: string): Rendering {
  const source = compact({ chart: CHARTS.karpenterCrds, release: `${KARPENTER_NAME}-crd`, namespace, version });
  return { sources: [source], facts, namespace };
}

/**
 * What Karpenter consists of on the cluster, beside its namespace and its resource types.
 *
 * @param interruptionQueue Name of the queue that tells of interruptions.
 */
export function karpenterRendering(args: KarpenterArgs, interruptionQueue: pulumi.Input<string>): Rendering {
  const { namespace = DEFAULT_NAMESPACE, chartVersion: version } = args;
  const source = compact({
    chart: CHARTS.karpenter,
    release: KARPENTER_NAME,
    namespace,
    values: karpenterValues(args, interruptionQueue),
    version,
  });
  return { sources: [source], facts: controllerFacts(args), namespace, adjust: without(isResourceType) };
}

/** Checks Karpenter's inputs. */
export function validateKarpenter(_name: string, args: KarpenterArgs): InputProblem[] {
  const problems = [
    ...checkController(args),
    ...checkExactVersion("crdChartVersion", args.crdChartVersion, CHART_VERSION_FORM),
  ];
  return [...problems, ...checkAutoMode(args), ...(problems.length > 0 ? [] : checkCompatibility(args))];
}

function checkAutoMode({ eks }: KarpenterArgs): InputProblem[] {
  if (eks.autoMode !== true) return [];
  const allowed = "false for Karpenter, whose resource types Auto Mode owns and upgrades";
  return [inputProblem("eks.autoMode", true, allowed, "Leave Karpenter out, and give the pools the back end auto.")];
}

function checkCompatibility({ eks, chartVersion = CHARTS.karpenter.version }: KarpenterArgs): InputProblem[] {
  const least = kubernetesVersion(eks.kubernetesVersion)?.leastKarpenter ?? "0.0";
  if (minorOf(chartVersion) >= minorOf(least)) return [];
  const allowed = `${least} or newer for Kubernetes ${eks.kubernetesVersion}`;
  return [inputProblem("chartVersion", chartVersion, allowed, "Leave it out for the pinned version.")];
}

/** A version as one number that grows with it. */
function minorOf(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}
