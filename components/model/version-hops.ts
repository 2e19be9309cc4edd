import type { VersionedPart } from "./version-matrix";

/** The newest version of a part that was known on {@link NEWEST_KNOWN_ON}, and what speaks against it. */
export interface NewerVersion {
  version: string;
  /** What blocks the upgrade; undefined where nothing is known to. */
  blockedBy?: string;
}

/** Day (ISO 8601) on which newer versions were looked up. */
export const NEWEST_KNOWN_ON = "2026-11-22";

/**
 * Newer versions than the pinned ones, where there were any. The version rules say what goes together; here stands what
 * only a person knows.
 *
 * @see https://github.com/<owner>/<project>/releases of each project (read 2026-11-22)
 */
export const NEWER_VERSIONS: Partial<Record<VersionedPart, NewerVersion>> = {
  argoWorkflows: {
    version: "4.1.2",
    blockedBy: "Pipelines 2.17 speaks to Argo Workflows up to 4.0; the local stack has the manifests of 4.0.5",
  },
  dcgmExporter: { version: "4.8.4", blockedBy: "its label Hostname became hostname in 4.8.3: dashboards of your own" },
  hub: { version: "0.3.17" },
  istiod: { version: "1.31.1", blockedBy: "which Kubernetes versions Istio 1.31 supports was not found" },
  karpenter: { version: "1.15.0", blockedBy: "its values were not read yet" },
  keda: { version: "2.21.1" },
  kserve: { version: "0.21.0", blockedBy: "its values were not read yet" },
  kueue: {
    version: "0.20.7",
    blockedBy: "v1beta1 is not served from 0.20 on: migrate stored objects to v1beta2 first",
  },
  pipelines: { version: "2.17.2" },
  prometheusStack: { version: "89.1.0", blockedBy: "its values were not read yet" },
};

/** What an upgrade of a part has to go through. */
export interface UpgradeStep {
  part: VersionedPart;
  /** Coming from versions of this semver range. */
  from: string;
  /** Going to versions of this semver range. */
  to: string;
  /** What has to be done, as an imperative sentence. */
  step: string;
  /** Page that says so. */
  source: string;
}

/** Hops that may not be skipped, and steps that the components cannot take by themselves. */
export const UPGRADE_STEPS: UpgradeStep[] = [
  {
    part: "kueue",
    from: "<0.20.0",
    to: ">=0.20.0",
    step: "Rewrite all Kueue objects as v1beta2 with Kueue's migration script while 0.19 still serves v1beta1.",
    source: "https://github.com/kubernetes-sigs/kueue/tree/v0.19.2/hack",
  },
  {
    part: "trainer",
    from: "<2.3.0",
    to: ">2.3.0",
    step: "Go through 2.3.0: its types moved into templates and its runtimes lost a finalizer; a later version expects both.",
    source: "https://github.com/kubeflow/trainer/releases/tag/v2.3.0",
  },
  {
    part: "jobSet",
    from: "<0.11.0",
    to: ">=0.11.0",
    step: "Delete the controller's Deployment first: its selector changed, and selectors are immutable.",
    source: "https://github.com/kubernetes-sigs/jobset/releases/tag/v0.11.0",
  },
  {
    part: "kserve",
    from: "<0.17.0",
    to: ">=0.17.0",
    step: "Scale the old controller to zero and delete its RoleBinding before the new one comes.",
    source: "https://github.com/kserve/kserve/releases/tag/v0.17.0",
  },
  {
    part: "argoWorkflows",
    from: "<4.0.0",
    to: ">=4.0.0",
    step: "Replace `schedule` by `schedules` in CronWorkflows, and `mutex` and `semaphore` by their lists.",
    source: "https://argo-workflows.readthedocs.io/en/release-4.0/upgrading/",
  },
  {
    part: "gpuOperator",
    from: "<26.0.0",
    to: ">=26.7.0",
    step: "Upgrade within a major version or to the next one only, types first.",
    source: "https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/upgrade.html (26.7)",
  },
  {
    part: "dashboard",
    from: "<2.0.0",
    to: ">=2.0.0",
    step: "Delete the central dashboard's and the profile controller's old objects; keep the Profile type.",
    source: "https://github.com/kubeflow/dashboard/blob/v2.0.0/README.md",
  },
  {
    part: "pipelines",
    from: "<2.15.0",
    to: ">=2.15.0",
    step: "Copy the objects of the old MinIO to the new store: data are not migrated.",
    source: "https://github.com/kubeflow/community-distribution (26.03)",
  },
];
