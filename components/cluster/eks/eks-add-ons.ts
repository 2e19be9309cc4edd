import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, checkEnum, compact, type InputProblem, inputProblem, isPlain } from "../../internal";
import type { EksFacts } from "../eks-facts";
import { checkAddOnVersions } from "./add-on-versions";
import { ADD_ONS } from "./eks-add-on-table";
import { EksAddOn, type EksAddOnsArgs } from "./eks-add-ons-args";
import { createDefaultStorageClass } from "./default-storage-class";
import { checkKeyArn } from "./encryption-key";
import { createManagedAddOn } from "./managed-add-on";

/**
 * What a cluster on EKS offers to pods once it has nodes: DNS, volumes, shared directories, buckets, snapshots, and an
 * eye on the health of nodes.
 *
 * Creates the add-ons with their roles, and the default StorageClass. Give it the cluster's Kubernetes provider, and the
 * system pool in `dependsOn`.
 */
export class EksAddOns extends pulumi.ComponentResource {
  /** Names of the add-ons, known once they run. */
  public readonly addOns: pulumi.Output<string[]>;
  /** Name of the default StorageClass; undefined where none is created. */
  public readonly storageClassName: pulumi.Output<string> | undefined;

  /**
   * @throws pulumi.InputPropertiesError when an add-on is unknown, named twice or brought by EKS Auto Mode, when a
   * version is misspelt or of an add-on that is not installed, when the ARN of a bucket or key is none, or when there is no
   * driver for what is said of buckets, keys or the StorageClass.
   */
  constructor(name: string, args: EksAddOnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:EksAddOns", name, checkedInputs("EksAddOns", name, args, validateEksAddOns(name, args)), opts);

    const created = createAddOns(name, args, this);
    this.addOns = pulumi.all([...created.values()].map(({ addonName }) => addonName));
    const driver = created.get(EksAddOn.ebs);
    const storageClass = wantsStorageClass(args)
      ? createDefaultStorageClass(`${name}-gp3`, args.eks, { parent: this, dependsOn: driver ?? [] })
      : undefined;
    this.storageClassName = storageClass?.metadata.name;
    this.registerOutputs({ addOns: this.addOns, storageClassName: this.storageClassName });
  }
}

/** Checks the inputs of add-ons. */
export function validateEksAddOns(_name: string, args: EksAddOnsArgs): InputProblem[] {
  return [
    ...checkAddOns(args),
    ...checkAddOnVersions("versions", args.versions, chosen(args)),
    ...checkBuckets(args),
    ...checkSnapshotKeys(args),
    ...checkStorageClass(args),
  ];
}

/** In the order of the table, in which what others need comes first. */
function createAddOns(name: string, args: EksAddOnsArgs, parent: pulumi.Resource): Map<EksAddOn, aws.eks.Addon> {
  const { clusterName, region, tags = {} } = args.eks;
  const created = new Map<EksAddOn, aws.eks.Addon>();
  for (const addOnName of chosen(args)) {
    const { after, configuration, role } = ADD_ONS[addOnName];
    const dependsOn = after.flatMap((each) => created.get(each) ?? []);
    const addOn = compact({
      addOnName,
      version: args.versions?.[addOnName],
      configuration: configuration?.(args.eks),
      role: role?.(args.eks, args),
    });
    created.set(addOnName, createManagedAddOn({ name, clusterName, region, tags, parent, dependsOn }, addOn));
  }
  return created;
}

function chosen({ eks, addOns }: EksAddOnsArgs): EksAddOn[] {
  const all = Object.keys(ADD_ONS) as EksAddOn[];
  return all.filter((each) => addOns?.includes(each) ?? (ADD_ONS[each].byDefault && !isBuiltIn(eks, each)));
}

function isBuiltIn({ autoMode }: EksFacts, addOn: EksAddOn): boolean {
  return autoMode === true && ADD_ONS[addOn].inAutoMode;
}

function hasVolumeDriver(args: EksAddOnsArgs): boolean {
  return isBuiltIn(args.eks, EksAddOn.ebs) || chosen(args).includes(EksAddOn.ebs);
}

function wantsStorageClass(args: EksAddOnsArgs): boolean {
  return args.storageClass ?? hasVolumeDriver(args);
}

function checkAddOns({ eks, addOns = [] }: EksAddOnsArgs): InputProblem[] {
  return addOns.flatMap((addOn, index) => {
    const path = `addOns[${index}]`;
    const problems = checkEnum(path, addOn, EksAddOn);
    if (problems.length > 0) return problems;
    if (addOns.indexOf(addOn) < index) return [inputProblem(path, addOn, "each add-on once", "Remove one.")];
    if (!isBuiltIn(eks, addOn)) return [];
    return [inputProblem(path, addOn, "none that EKS Auto Mode brings", "Remove it: the cluster has it already.")];
  });
}

function checkBuckets(args: EksAddOnsArgs): InputProblem[] {
  const { datasetBucketArns = [] } = args;
  const misspelt = datasetBucketArns.flatMap((arn, index) => {
    if (!isPlain(arn) || /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(arn)) return [];
    const remedy = "Give the bucket itself, without a path.";
    return [inputProblem(`datasetBucketArns[${index}]`, arn, "the ARN of a bucket, such as arn:aws:s3:::data", remedy)];
  });
  if (datasetBucketArns.length === 0 || chosen(args).includes(EksAddOn.mountpointS3)) return misspelt;
  const remedy = `Add ${EksAddOn.mountpointS3} to addOns, or remove the buckets.`;
  return [...misspelt, inputProblem("datasetBucketArns", datasetBucketArns.length, "none without the driver", remedy)];
}

function checkSnapshotKeys(args: EksAddOnsArgs): InputProblem[] {
  const { snapshotKeyArns = [] } = args;
  const misspelt = snapshotKeyArns.flatMap((arn, index) => checkKeyArn(`snapshotKeyArns[${index}]`, arn));
  if (snapshotKeyArns.length === 0 || chosen(args).includes(EksAddOn.ebs)) return misspelt;
  const allowed = `none without the add-on ${EksAddOn.ebs}`;
  const remedy = "Add it; in EKS Auto Mode, let the role of the control plane use the keys by their own policies.";
  return [...misspelt, inputProblem("snapshotKeyArns", snapshotKeyArns.length, allowed, remedy)];
}

function checkStorageClass(args: EksAddOnsArgs): InputProblem[] {
  if (!args.storageClass || hasVolumeDriver(args)) return [];
  const remedy = `Add ${EksAddOn.ebs} to addOns, or leave storageClass out.`;
  return [inputProblem("storageClass", args.storageClass, "false without a driver for EBS", remedy)];
}
