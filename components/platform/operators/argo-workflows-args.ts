import type * as pulumi from "@pulumi/pulumi";
import type { ArtifactStoreFacts } from "../artifact-store";
import type { PartResources } from "../part/part-args";
import type { ManifestPartArgs } from "./manifest-adjustments";

/** Which workflows a user may run. */
export const ArgoTemplateReferencing = {
  /** Only those that refer to a WorkflowTemplate. */
  strict: "Strict",
  /** The same, and a template that changes while it runs does not change the run. */
  secure: "Secure",
} as const;
/** Which workflows a user may run. */
export type ArgoTemplateReferencing = (typeof ArgoTemplateReferencing)[keyof typeof ArgoTemplateReferencing];

/** When the pods of a workflow are deleted. */
export const ArgoPodCleanup = {
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
export type ArgoPodCleanup = (typeof ArgoPodCleanup)[keyof typeof ArgoPodCleanup];

/** How users of the server say who they are. */
export const ArgoAuthMode = {
  /** By a token of a service account, whose rights they have. */
  client: "client",
  /** By single sign-on. */
  sso: "sso",
} as const;
/** How users of the server say who they are. */
export type ArgoAuthMode = (typeof ArgoAuthMode)[keyof typeof ArgoAuthMode];

/** What every workflow has that does not say otherwise. */
export interface ArgoWorkflowDefaultsArgs {
  /**
   * Service account of pods; `argo-workflow` by default, which namespaces must have, with the right to create and patch
   * `workflowtaskresults`. The account `default` of a namespace should have no rights.
   */
  serviceAccountName?: string;
  /**
   * Whether pods get a token of their account; true by default, as Argo's own container reports results with it. False where
   * workflows name another account for that container in `executor.serviceAccountName`.
   */
  automountServiceAccountToken?: boolean;
  /** User that containers run as, not root; 8737 by default, the one of Argo's own images. */
  runAsUser?: number;
  /**
   * Whether containers run as the user of their image, root too, where no `runAsUser` is given; false by default. True for
   * Kubeflow Pipelines, whose steps are images of any user.
   */
  runsAsAnyUser?: boolean;
  /** Group that owns volumes; none by default. */
  fsGroup?: number;
  /** Seconds after which a workflow is ended as failed; a week by default. */
  activeDeadlineSeconds?: number;
  /** Seconds after which an ended workflow is deleted; a week by default. */
  secondsAfterCompletion?: number;
  /** Seconds after which a workflow that succeeded is deleted; those of `secondsAfterCompletion` by default. */
  secondsAfterSuccess?: number;
  /** Seconds after which a workflow that failed is deleted; those of `secondsAfterCompletion` by default. */
  secondsAfterFailure?: number;
  /** When pods are deleted; once the workflow succeeded by default, so that pods that failed can be looked at. */
  podCleanup?: ArgoPodCleanup;
}

/** What bounds the load that workflows make. */
export interface ArgoLimitsArgs {
  /** Workflows that run at a time; any number by default. */
  workflows?: number;
  /** Workflows that run at a time in one namespace; any number by default. */
  workflowsPerNamespace?: number;
  /** Pods that are created a second; any number by default. */
  podsPerSecond?: number;
  /** Pods that are created at once when there was time to save up for; as many as `podsPerSecond` by default. */
  podBurst?: number;
}

/** How many ended workflows are kept, whatever their age. */
export interface ArgoRetentionArgs {
  /** Workflows that succeeded; any number by default. */
  completed?: number;
  /** Workflows that failed; any number by default. */
  failed?: number;
  /** Workflows that could not be run; any number by default. */
  errored?: number;
}

/** A value in a Secret in the namespace of Argo. */
export interface ArgoSecretKey {
  /** Name of the Secret. */
  name: string;
  /** Key in the Secret. */
  key: string;
}

/** Single sign-on by OpenID Connect. */
export interface ArgoSsoArgs {
  /** Address of the issuer, `https`. */
  issuer: pulumi.Input<string>;
  /** Where the id of the client is. */
  clientId: ArgoSecretKey;
  /** Where the secret of the client is. */
  clientSecret: ArgoSecretKey;
  /** Address that the issuer sends users back to: that of the server, with the path `/oauth2/callback`. */
  redirectUrl: pulumi.Input<string>;
  /** Scopes beside `openid`; `groups`, `email` and `profile` by default. */
  scopes?: string[];
  /**
   * Whether users have the rights of a service account that is annotated for their groups; true by default. Otherwise all
   * have the rights of the server itself.
   */
  rbac?: boolean;
}

/** The server, which has the API and the pages. Nothing outside of the cluster reaches it unless a program says so. */
export interface ArgoServerArgs {
  /** Whether there is one; true by default. Workflows run without it. */
  enabled?: boolean;
  /** How users say who they are; `client` by default, `sso` where that is set up. Anonymous users are never let in. */
  authModes?: ArgoAuthMode[];
  /** Single sign-on; none by default. */
  sso?: ArgoSsoArgs;
  /** Name of a Secret of type `kubernetes.io/tls` for HTTPS; the server signs a certificate itself by default. */
  tlsSecret?: string;
  /** Pods; as many as the controller has by default. */
  replicas?: number;
  /** What the container asks for; `100m` and `256Mi` by default. */
  resources?: PartResources;
}

/** What {@link ArgoWorkflows} is made from. Every argument has a default. */
export interface ArgoWorkflowsArgs extends ManifestPartArgs {
  /** Where artifacts of workflows are kept; none by default: workflows with artifacts must then say where. */
  artifactStore?: ArtifactStoreFacts;
  /** Key of artifacts in the bucket; namespace, workflow and pod by default, so that rights can go by namespace. */
  artifactKeyFormat?: string;
  /** Whether logs are kept with the artifacts; true by default where there is a store. */
  archiveLogs?: boolean;
  /** What every workflow has that does not say otherwise. */
  workflowDefaults?: ArgoWorkflowDefaultsArgs;
  /**
   * Name of this controller, which runs only the workflows that carry it in the label
   * `workflows.argoproj.io/controller-instanceid`; none by default, so that it runs those without the label, as those
   * of Kubeflow Pipelines are. One is needed only beside another controller, which Pipelines bring where `ownArgo` is true.
   */
  instanceId?: string;
  /** Only namespace whose workflows are run, and in which controller and server have rights; all by default. */
  managedNamespace?: string;
  /** What bounds the load that workflows make. */
  limits?: ArgoLimitsArgs;
  /** Which workflows users may run; all by default. */
  templateReferencing?: ArgoTemplateReferencing;
  /** How many ended workflows are kept, whatever their age. */
  retention?: ArgoRetentionArgs;
  /** What Argo's own containers in the pods of workflows ask for; `50m` and `128Mi` by default. */
  executor?: PartResources;
  /** The server. */
  server?: ArgoServerArgs;
  /**
   * Fields of the controller's configuration that are set instead of or beside those of the component, `persistence` for
   * example; none by default.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the controller takes is known to it alone
  controllerConfig?: Record<string, any>;
}

/** Namespace of Argo Workflows where nothing else is asked for, as upstream has it. */
export const ARGO_NAMESPACE = "argo";

/** Service account of the pods of workflows where nothing else is asked for, as Argo's chart names it. */
export const ARGO_WORKFLOW_SERVICE_ACCOUNT = "argo-workflow";
