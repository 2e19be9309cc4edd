import type * as pulumi from "@pulumi/pulumi";
import type { ObjectArgs, QueueArgs } from "../object";
import type { LockArgs } from "./definition";

/** When the pods of a workflow are deleted. */
export const WorkflowPodCleanup = {
  /** Each as soon as it ends. */
  onPodCompletion: "OnPodCompletion",
  /** Each as soon as it succeeds. */
  onPodSuccess: "OnPodSuccess",
  /** All once the workflow ends. */
  onWorkflowCompletion: "OnWorkflowCompletion",
  /** All once the workflow succeeds. */
  onWorkflowSuccess: "OnWorkflowSuccess",
} as const;
/** When the pods of a workflow are deleted. */
export type WorkflowPodCleanup = (typeof WorkflowPodCleanup)[keyof typeof WorkflowPodCleanup];

/** When the artifacts of a workflow are deleted. */
export const WorkflowArtifactCleanup = {
  /** Never. */
  never: "Never",
  /** Once it ends. */
  onWorkflowCompletion: "OnWorkflowCompletion",
  /** With the Workflow object. Where its store is gone, the object cannot be deleted any more. */
  onWorkflowDeletion: "OnWorkflowDeletion",
} as const;
/** When the artifacts of a workflow are deleted. */
export type WorkflowArtifactCleanup = (typeof WorkflowArtifactCleanup)[keyof typeof WorkflowArtifactCleanup];

/** How a volume may be mounted. */
export const VolumeAccess = {
  /** By pods of one node at a time. */
  oneNode: "ReadWriteOnce",
  /** By pods of any nodes. */
  manyNodes: "ReadWriteMany",
} as const;
/** How a volume may be mounted. */
export type VolumeAccess = (typeof VolumeAccess)[keyof typeof VolumeAccess];

/**
 * A volume that each run has for itself, and that is deleted at its end. Steps mount it with
 * `persistentVolumeClaim: "{{workflow.name}}-NAME"`.
 */
export interface WorkflowVolumeClaim {
  /** Name, a DNS label. */
  name: string;
  /** Size, a Kubernetes quantity. */
  size: string;
  /** Storage class; the cluster's default by default. */
  storageClassName?: pulumi.Input<string>;
  /** How it may be mounted; by pods of one node at a time by default, to which all steps that mount it are then bound. */
  access?: VolumeAccess;
}

/** Where a workflow keeps its artifacts: the facts of an artifact store of the platform fit. */
export interface WorkflowArtifactStore {
  /** Bucket. */
  bucket: pulumi.Input<string>;
  /** Region; of no meaning in the cluster, yet asked for by clients. */
  region: pulumi.Input<string>;
  /** Host and port of the S3 API, for example `seaweedfs-s3.artifacts.svc:8333`; Amazon's own by default. */
  endpoint?: pulumi.Input<string>;
  /** Whether the endpoint is plain HTTP; false by default. */
  insecure?: boolean;
  /**
   * Secret with the keys `accesskey` and `secretkey` in the workflow's namespace; by default the role of the service account
   * grants access, by EKS Pod Identity or IRSA.
   */
  credentialsSecret?: string;
}

/** An artifact repository that is configured in a ConfigMap of the workflow's namespace. */
export interface WorkflowArtifactRepository {
  /** Name of the ConfigMap; `artifact-repositories` by default. */
  configMap?: string;
  /** Key in it; that of its annotation `workflows.argoproj.io/default-artifact-repository` by default. */
  key?: string;
}

/** What every kind of workflow has beside what it does. */
export interface WorkflowSettings extends ObjectArgs, QueueArgs, LockArgs {
  /** Pods that run at the same time, from 1; 10 by default. */
  parallelism?: number;
  /** Seconds after which a run is ended as failed, from 1; 86400 (a day) by default, to bound what it can cost. */
  activeDeadlineSeconds?: number;
  /**
   * Seconds after which an ended run is deleted, from 0; a week (604800) by default. A `Workflow` is never deleted by default,
   * as it belongs to the stack, which would run it anew after a refresh that does not find it.
   */
  secondsAfterCompletion?: number;
  /** The same for a run that succeeded; `secondsAfterCompletion` by default. */
  secondsAfterSuccess?: number;
  /** The same for a run that failed; `secondsAfterCompletion` by default. */
  secondsAfterFailure?: number;
  /** When pods are deleted; once the workflow succeeded by default, so that pods that failed can be looked at. */
  podCleanup?: WorkflowPodCleanup;
  /** When artifacts are deleted; never by default. */
  artifactCleanup?: WorkflowArtifactCleanup;
  /** Volumes that each run has for itself; none by default. */
  volumeClaims?: WorkflowVolumeClaim[];
  /** Priority among workflows where the controller limits how many run, higher first; 0 by default. */
  priority?: number;
  /** Whether logs are kept in the artifact store; as the controller is configured by default. */
  archiveLogs?: boolean;
  /** Where artifacts are kept; in the repository that is configured for the namespace or controller by default. */
  artifactStore?: WorkflowArtifactStore;
  /** The repository to keep artifacts in; exclusive with `artifactStore`. */
  artifactRepository?: WorkflowArtifactRepository;
  /**
   * Service account of pods. By default one is created, which may report results and nothing else. A given one gets that
   * right by a RoleBinding.
   */
  serviceAccountName?: pulumi.Input<string>;
  /**
   * Service account of the pods of steps that create objects, in which no program but Argo's runs. By default one is created
   * with exactly the rights that these steps need. A given one gets them by a RoleBinding.
   */
  resourceServiceAccountName?: pulumi.Input<string>;
  /** Whether service accounts, Roles and RoleBindings are created; true by default. */
  createsRights?: boolean;
}
