/** A minor version of Kubernetes that EKS offers and this package goes together with. */
export interface KubernetesVersion {
  /** For example `1.35`. */
  minor: string;
  /** Day (ISO 8601, UTC) on which standard support ends and the cluster begins to cost more per hour. */
  standardSupportUntil: string;
  /** Day (ISO 8601, UTC) on which extended support ends and EKS upgrades the cluster by itself. */
  extendedSupportUntil: string;
  /** Tag of the Cluster Autoscaler's image, whose minor version must be that of the cluster. */
  clusterAutoscalerTag: string;
  /** Oldest Karpenter, major and minor, that manages nodes of this version. */
  leastKarpenter: string;
}

/**
 * The versions, newest first.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html "Release calendar" (read 2026-08)
 * @see https://github.com/kubernetes/autoscaler/releases (Cluster Autoscaler, 2026-07-22)
 * @see https://karpenter.sh/docs/upgrading/compatibility/ (Karpenter 1.14)
 */
const VERSIONS: KubernetesVersion[] = [
  {
    minor: "1.36",
    standardSupportUntil: "2027-08-02",
    extendedSupportUntil: "2028-08-02",
    clusterAutoscalerTag: "v1.36.1",
    leastKarpenter: "1.13",
  },
  {
    minor: "1.35",
    standardSupportUntil: "2027-03-27",
    extendedSupportUntil: "2028-03-27",
    clusterAutoscalerTag: "v1.35.2",
    leastKarpenter: "1.9",
  },
  {
    minor: "1.34",
    standardSupportUntil: "2026-12-02",
    extendedSupportUntil: "2027-12-02",
    clusterAutoscalerTag: "v1.34.5",
    leastKarpenter: "1.6",
  },
  {
    minor: "1.33",
    standardSupportUntil: "2026-07-29",
    extendedSupportUntil: "2027-07-29",
    clusterAutoscalerTag: "v1.33.6",
    leastKarpenter: "1.5",
  },
];

const byMinor = new Map(VERSIONS.map((version) => [version.minor, Object.freeze(version)]));

/** The minor versions that clusters may have, newest first. */
export const SUPPORTED_KUBERNETES: string[] = [...byMinor.keys()];

/** The newest minor version that clusters may have. */
export const NEWEST_KUBERNETES: string = VERSIONS[0]!.minor;

/** Minor version of new clusters: the newest but one, which every part of the platform is tested with. */
export const DEFAULT_KUBERNETES = "1.35";

/** Looks a minor version up, for example `1.35`; undefined where it is not supported. */
export function kubernetesVersion(minor: string): KubernetesVersion | undefined {
  return byMinor.get(minor);
}

/** Tells whether standard support of a version is over on a day, and every hour of a cluster thus costs more. */
export function standardSupportEnded(version: KubernetesVersion, on: Date): boolean {
  return on.getTime() >= Date.parse(version.standardSupportUntil);
}
