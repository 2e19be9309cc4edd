import type * as pulumi from "@pulumi/pulumi";
import type { JobVolume } from "../pods";
import type { DriftMonitorArgs } from "./drift-monitor-args";

/** Where claims are mounted. */
const CLAIMS = "/claims";

/** Where the files of a monitor are, inside of its pod. */
export interface DriftClaims {
  /** Volumes, one for each claim: a pod that has one twice may wait for ever. */
  volumes: JobVolume[];
  /** Path of a file of a claim. */
  pathOf: (claim: pulumi.Input<string>, path: string) => string;
}

/** The claims of a monitor: those alone can be written to that reports go to. */
export function driftClaims({ reference, recent, reports }: DriftMonitorArgs): DriftClaims {
  const used = [reference, recent, ...(reports === undefined ? [] : [reports])];
  const claims = [...new Set(used.map(({ persistentVolumeClaim }) => persistentVolumeClaim))];
  const folderOf = (claim: pulumi.Input<string>) => `${CLAIMS}/${claims.indexOf(claim)}`;
  return {
    volumes: claims.map((persistentVolumeClaim, index) => ({
      name: `claim-${index}`,
      mountPath: folderOf(persistentVolumeClaim),
      persistentVolumeClaim,
      readOnly: persistentVolumeClaim !== reports?.persistentVolumeClaim,
    })),
    pathOf: (claim, path) => `${folderOf(claim)}/${path}`,
  };
}
