/**
 * What a part of the platform must know of everything around it. `MlPlatform` tells its parts; a program that uses a
 * part by itself says what differs from the defaults.
 */
export interface PlatformFacts {
  /**
   * Where charts and manifests are taken from in place of their publishers: a folder that `mlstack charts pull` has
   * filled, or the `oci://` address of a registry that has the charts. By default each comes from its publisher.
   */
  chartMirror?: string;
  /**
   * Whether nodes are simulated, so that no controller runs; false by default. Admission webhooks and aggregated APIs are
   * then left out, as nobody would answer the API server.
   */
  simulated?: boolean;
  /**
   * Whether controllers run although nodes are simulated, as processes of the machine that the cluster is on; false by
   * default. Admission webhooks and aggregated APIs are then kept.
   */
  runsControllers?: boolean;
  /** Kubernetes version of the cluster as `1.35`; the newest supported one by default. */
  kubernetesVersion?: string;
  /** Whether cert-manager is there to issue the certificates of webhooks; false by default: parts make their own. */
  certManager?: boolean;
  /** Whether the resource types of the Prometheus operator are there, for monitors and alerts; false by default. */
  prometheus?: boolean;
  /** Name of the pool that controllers run on, as pods without GPUs have no place on GPU nodes; any node by default. */
  systemPool?: string;
  /**
   * Whether resource types keep the descriptions of fields, for `kubectl explain`, and the schemas of every part of a pod;
   * false by default, as these are most of their size, in the cluster and in Pulumi's state.
   */
  fullTypes?: boolean;
}
