import type * as pulumi from "@pulumi/pulumi";
import { checkDnsLabel, checkEnum, checkWholeNumber, type InputProblem, problemAt } from "../../internal";
import type { EksFacts } from "../eks-facts";
import { checkEfs, type EfsSettings } from "./efs-file-system";
import { checkLustre, checkSubnets, type LustreSettings } from "./lustre-file-system";

/** What a shared volume lies on. */
export const SharedVolumeKind = {
  /** EFS: in every zone at once, grows by itself, paid for by what is in it. For checkpoints and estimators. */
  efs: "efs",
  /** FSx for Lustre: much faster, in one zone, paid for by its size. For checkpoints of large models. */
  fsxLustre: "fsx-lustre",
} as const;
/** What a shared volume lies on. */
export type SharedVolumeKind = (typeof SharedVolumeKind)[keyof typeof SharedVolumeKind];

/** What a {@link SharedVolume} is made from. */
export interface SharedVolumeArgs {
  /** Cluster whose pods mount it; the CSI driver of the kind must be installed there. */
  eks: EksFacts;
  /** Namespace of the claim, hence of the pods. It must exist. */
  namespace: string;
  /** Name of the claim; by default the name of the component. */
  claimName?: string;
  /** What the volume lies on; `efs` by default, as an idle one costs next to nothing. */
  kind?: SharedVolumeKind;
  /**
   * Size in GiB; 1200 by default. On Lustre 1200, 2400 or a multiple of 2400, and paid for in full. EFS grows with what is
   * stored; there the size is only what Kubernetes shows, and any number from 1 does.
   */
  sizeGib?: number;
  /** Settings of EFS; only for that kind. */
  efs?: EfsSettings;
  /** Settings of Lustre; only for that kind. */
  lustre?: LustreSettings;
  /**
   * Whether Pulumi refuses to delete the file system; true by default, as what is on it cannot be made again. A destroy
   * then stops before it. When it has been set to false, files go with the volume.
   */
  protect?: boolean;
  /** Whether the file system is backed up each day; by default where it is protected. */
  backups?: boolean;
  /** KMS key that encrypts the files; by default the cluster's, and AWS's own where that has none. */
  kmsKeyArn?: pulumi.Input<string>;
}

/** Size where nothing is said: the smallest of Lustre. */
export const DEFAULT_SIZE_GIB = 1200;

/** Checks a shared volume's inputs. */
export function validateSharedVolume(name: string, args: SharedVolumeArgs): InputProblem[] {
  const { eks, sizeGib = DEFAULT_SIZE_GIB, kind = SharedVolumeKind.efs } = args;
  const lustre = kind === SharedVolumeKind.fsxLustre;
  return [
    ...checkEnum("kind", kind, SharedVolumeKind),
    ...checkDnsLabel("namespace", args.namespace),
    ...checkDnsLabel("claimName", args.claimName ?? name),
    ...checkSubnets(eks),
    ...(lustre ? checkLustre("sizeGib", sizeGib, eks, args.lustre) : checkWholeNumber("sizeGib", sizeGib, { min: 1 })),
    ...(lustre ? [] : checkEfs(args.efs)),
    ...(lustre && args.efs !== undefined ? [settingsOfOther("efs", kind)] : []),
    ...(!lustre && args.lustre !== undefined ? [settingsOfOther("lustre", kind)] : []),
  ];
}

function settingsOfOther(path: string, kind: SharedVolumeKind): InputProblem {
  return problemAt(path, `given for the kind ${kind}`, "the settings of that kind alone", `Remove ${path}.`);
}
