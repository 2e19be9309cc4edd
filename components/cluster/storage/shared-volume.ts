import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { createEfsFileSystem } from "./efs-file-system";
import { createLustreFileSystem, lustreVolume } from "./lustre-file-system";
import { DEFAULT_SIZE_GIB, type SharedVolumeArgs, SharedVolumeKind, validateSharedVolume } from "./shared-volume-args";
import { createStaticVolume, type StaticVolume } from "./static-volume";

/**
 * A file system that the pods of a namespace read and write together, from whatever node: for checkpoints, estimators and
 * what else outlives a pod.
 *
 * On EFS every pod acts as one user, who owns all files. On Lustre users are those of the pods, and the file system begins
 * with a root directory that only root can write to; let a pod that runs as root make a directory for the others.
 *
 * Creates the file system; a security group with its rules; a mount target in each zone, an access point and a policy on
 * EFS; a PersistentVolume and the PersistentVolumeClaim that is bound to it.
 */
export class SharedVolume extends pulumi.ComponentResource {
  /** Name of the claim that pods mount, known once it is bound. */
  public readonly claimName: pulumi.Output<string>;
  /** Id of the file system in EFS or FSx. */
  public readonly fileSystemId: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a name is misspelt, when size, throughput, zone or days are none that AWS
   * offers, when settings contradict one another or belong to the other kind, or when the cluster has no subnet.
   */
  constructor(name: string, args: SharedVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateSharedVolume(name, args);
    super("mlstack:index:SharedVolume", name, checkedInputs("SharedVolume", name, args, errors), opts);

    const create = args.kind === SharedVolumeKind.fsxLustre ? createOnLustre : createOnEfs;
    const { volume, fileSystemId, dependsOn } = create(this, name, args);
    const claim = createStaticVolume(name, volume, { parent: this, dependsOn });
    this.claimName = claim.metadata.name;
    this.fileSystemId = fileSystemId;
    this.registerOutputs({ claimName: this.claimName, fileSystemId: this.fileSystemId });
  }
}

interface MountableFileSystem {
  volume: StaticVolume;
  fileSystemId: pulumi.Output<string>;
  dependsOn: pulumi.Resource[];
}

function createOnEfs(parent: SharedVolume, name: string, args: SharedVolumeArgs): MountableFileSystem {
  const settings = args.efs ?? {};
  const { fileSystem, accessPoint, network } = createEfsFileSystem(name, { ...commonArgs(args), settings }, parent);
  const volume = {
    ...commonVolume(name, args),
    driver: "efs.csi.aws.com",
    volumeHandle: pulumi.interpolate`${fileSystem.id}::${accessPoint.id}`,
    volumeAttributes: { encryptInTransit: "true" },
  };
  return { volume, fileSystemId: fileSystem.id, dependsOn: network };
}

function createOnLustre(parent: SharedVolume, name: string, args: SharedVolumeArgs): MountableFileSystem {
  const { sizeGib = DEFAULT_SIZE_GIB, lustre: settings = {} } = args;
  const fileSystem = createLustreFileSystem(name, { ...commonArgs(args), sizeGib, settings }, parent);
  return {
    volume: lustreVolume(fileSystem, commonVolume(name, args)),
    fileSystemId: fileSystem.id,
    dependsOn: [fileSystem],
  };
}

function commonArgs({ eks, kmsKeyArn, protect = true, backups = protect }: SharedVolumeArgs) {
  return compact({ eks, backups, protect, kmsKeyArn: kmsKeyArn ?? eks.kmsKeyArn });
}

function commonVolume(name: string, { namespace, claimName = name, sizeGib = DEFAULT_SIZE_GIB }: SharedVolumeArgs) {
  return { namespace, claimName, accessMode: "ReadWriteMany" as const, sizeGib };
}
