import { checkDnsLabel, checkEnum, checkWholeNumber, type InputProblem, inputProblem } from "../internal";
import { CapacityType } from "../model";
import { isLocal, PoolBackEnd } from "./node-back-ends";
import { checkImage, type PoolMachines } from "./node-image-validation";
import { checkLabels } from "./node-label-validation";
import { backEndOf, type NodePoolArgs, zonesOf } from "./node-pool";
import { checkScale, type PoolScale } from "./pool-scale";

/** Checks what all node pools share; `leastNodes` is the smallest minNodes that makes sense for the pool. */
export function checkNodePool(
  name: string,
  args: NodePoolArgs,
  scale: PoolScale,
  leastNodes: number,
  machines: PoolMachines,
): InputProblem[] {
  const poolName = args.poolName ?? name;
  return [
    ...checkDnsLabel("poolName", poolName),
    ...checkNodeName(poolName, scale.maxNodes, args),
    ...checkComponentName(name, args),
    ...checkScale(scale, leastNodes),
    ...checkEnum("capacityType", args.capacityType, CapacityType),
    ...checkBackEnd(args),
    ...checkZones(args),
    ...checkImage(args, machines),
    ...checkWholeNumber("rootVolumeGib", args.rootVolumeGib, { min: 50, max: 16_384 }),
    ...checkLabels(args),
  ];
}

function checkBackEnd(args: NodePoolArgs): InputProblem[] {
  const { eks, backEnd } = args;
  const unknown = checkEnum("backEnd", backEnd, PoolBackEnd);
  if (unknown.length > 0) return unknown;
  const isSimulated = isLocal(backEndOf(args));
  if (isSimulated && eks !== undefined) {
    const remedy = "Remove backEnd, or eks where the cluster is the embedded one.";
    return [inputProblem("backEnd", backEnd, "managed, karpenter, auto for a cluster on EKS", remedy)];
  }
  if (!isSimulated && eks === undefined) {
    return [
      inputProblem("eks", eks, `the facts of a cluster on EKS`, `The back end ${backEnd} needs one: pass cluster.eks.`),
    ];
  }
  return isSimulated ? [] : checkMode(args);
}

/** The nodes of Auto Mode bring networking and DNS, which a cluster in Auto Mode therefore has for no others. */
function checkMode(args: NodePoolArgs): InputProblem[] {
  const isAuto = args.eks?.autoMode === true;
  const backEnd = backEndOf(args);
  if (isAuto === (backEnd === PoolBackEnd.auto)) return [];
  return isAuto
    ? [
        inputProblem(
          "backEnd",
          backEnd,
          "auto where Auto Mode is on",
          "Remove it, or turn autoMode off for the cluster.",
        ),
      ]
    : [
        inputProblem(
          "backEnd",
          backEnd,
          "managed, karpenter where Auto Mode is off",
          "Turn autoMode on for the cluster, or choose another back end.",
        ),
      ];
}

function checkZones({ availabilityZones, eks }: NodePoolArgs): InputProblem[] {
  if (availabilityZones === undefined) return [];
  const known = zonesOf(eks === undefined ? {} : { eks });
  if (availabilityZones.length === 0) {
    return [inputProblem("availabilityZones", [], "at least one zone", "Name zones, or leave it out for all of them.")];
  }
  return availabilityZones.flatMap((zone, index) => {
    const at = `availabilityZones[${index}]`;
    if (availabilityZones.indexOf(zone) < index) return [inputProblem(at, zone, "each zone once", "Remove one.")];
    if (eks === undefined || known.includes(zone)) return [];
    return [inputProblem(at, zone, known.join(", "), "Choose a zone that the cluster has a subnet in.")];
  });
}

function checkNodeName(poolName: string, maxNodes: number, args: NodePoolArgs): InputProblem[] {
  const lastNode = `${poolName}-${maxNodes - 1}`;
  if (backEndOf(args) === PoolBackEnd.kwokKarpenter) return checkNodePoolName(poolName);
  const isSimulated = backEndOf(args) === PoolBackEnd.simulated;
  if (!isSimulated || poolName.length > 63 || lastNode.length <= 63) return [];
  const allowed = `at most ${63 - (lastNode.length - poolName.length)} characters, as nodes are named ${poolName}-0`;
  return [inputProblem("poolName", poolName, allowed, "Shorten it.")];
}

/** Names of NodePools and NodeClaims, which get up to 15 characters more than the pool's, are values of labels. */
function checkNodePoolName(poolName: string): InputProblem[] {
  if (poolName.length <= 48 || poolName.length > 63) return [];
  const allowed = `at most 48 characters for the back end ${PoolBackEnd.kwokKarpenter}, as nodes are named after it`;
  return [inputProblem("poolName", poolName, allowed, "Shorten it.")];
}

/**
 * Most characters of a component's name, after which AWS's resources are named with a suffix that Pulumi adds to.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html (63 characters; read 2026-11)
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (64 characters; read 2026-11)
 */
const longestNames: Partial<Record<PoolBackEnd, number>> = { managed: 49, auto: 46 };

function checkComponentName(name: string, args: NodePoolArgs): InputProblem[] {
  const longest = longestNames[backEndOf(args)];
  if (longest === undefined || name.length <= longest) return [];
  const allowed = `at most ${longest} characters for the back end ${backEndOf(args)}, as AWS's resources are named after it`;
  return [inputProblem("name", name, allowed, "Shorten the component's name, and give the pool its own as poolName.")];
}
