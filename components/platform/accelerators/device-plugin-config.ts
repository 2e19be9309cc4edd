import { stringify } from "yaml";
import { compact } from "../../internal";
import { GPU_RESOURCE } from "../../model";

/** How GPUs that are split by MIG (Multi-Instance GPU) are shown to pods. */
export const MigStrategy = {
  /** MIG is not used: every GPU is shown whole. */
  none: "none",
  /** Every GPU of a node is split alike, and its parts are shown as `nvidia.com/gpu`. */
  single: "single",
  /** GPUs are split differently; parts are shown by profile, for example `nvidia.com/mig-1g.10gb`. */
  mixed: "mixed",
} as const;
/** How GPUs that are split by MIG (Multi-Instance GPU) are shown to pods. */
export type MigStrategy = (typeof MigStrategy)[keyof typeof MigStrategy];

/** Lets several pods take turns on one GPU. They share its memory without any wall between them. */
export interface TimeSlicing {
  /** Pods that may share one GPU, from 2. */
  replicas: number;
  /**
   * Whether shared GPUs are shown as `nvidia.com/gpu.shared`; true by default, so that work which needs a whole GPU
   * never lands on a shared one.
   */
  renameByDefault?: boolean;
  /** Whether asking for more than one share is refused; true by default, as two shares are no more than one. */
  failRequestsGreaterThanOne?: boolean;
}

/** How the device plugin shows the GPUs of the nodes that select this configuration. */
export interface DevicePluginConfig {
  /** How GPUs that are split by MIG are shown; `none` by default. */
  migStrategy?: MigStrategy;
  /** Lets several pods take turns on one GPU; off by default. */
  timeSlicing?: TimeSlicing;
}

/**
 * A configuration in the device plugin's own file format.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/api/config/v1/config.go
 */
export function devicePluginConfigFile({ migStrategy = MigStrategy.none, timeSlicing }: DevicePluginConfig): string {
  const sharing = timeSlicing && {
    timeSlicing: {
      renameByDefault: timeSlicing.renameByDefault ?? true,
      failRequestsGreaterThanOne: timeSlicing.failRequestsGreaterThanOne ?? true,
      resources: [{ name: GPU_RESOURCE, replicas: timeSlicing.replicas }],
    },
  };
  return stringify(compact({ version: "v1", flags: { migStrategy }, sharing }));
}
