import { compact } from "../../internal";
import { type ChartValues, withValues } from "../../rendering";
import type { ArtifactStoreFacts } from "../artifact-store";
import { partResources } from "../part/part-args";
import {
  ARGO_WORKFLOW_SERVICE_ACCOUNT,
  ArgoPodCleanup,
  type ArgoServerArgs,
  type ArgoWorkflowDefaultsArgs,
  type ArgoWorkflowsArgs,
} from "./argo-workflows-args";

/** A week. */
const WEEK_SECONDS = 604_800;

/** User of Argo's own images. */
const ARGO_USER = 8737;

/** Host of Amazon S3 in all regions. */
const AMAZON_S3 = "s3.amazonaws.com";

/**
 * Variable that tells Argo which errors pass by themselves, beside those that it knows: that of a webhook which does not answer
 * while its controller starts or moves. Otherwise it would cost a step one of its tries, and end a workflow without more.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/docs/environment-variables.md
 */
export const TRANSIENT_ERRORS = { name: "TRANSIENT_ERROR_PATTERN", value: "failed calling webhook" };

/** Placeholders that Argo fills in itself. */
const KEY_FORMAT = "{{workflow.namespace}}/{{workflow.name}}/{{pod.name}}";

/**
 * Configuration of the controller and the server, as they read it; leaves may be outputs. A field that they do not know
 * keeps both from starting.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/config/config.go
 */
export function argoControllerConfig(args: ArgoWorkflowsArgs): ChartValues {
  const { artifactStore, limits = {}, platform = {}, templateReferencing, server = {} } = args;
  const { podsPerSecond, podBurst } = limits;
  const own = compact({
    artifactRepository: artifactStore === undefined ? undefined : artifactRepository(args, artifactStore),
    workflowDefaults: workflowDefaults(args.workflowDefaults ?? {}),
    instanceID: args.instanceId,
    parallelism: limits.workflows,
    namespaceParallelism: limits.workflowsPerNamespace,
    resourceRateLimit:
      podsPerSecond === undefined ? undefined : { limit: podsPerSecond, burst: podBurst ?? podsPerSecond },
    workflowRestrictions: templateReferencing === undefined ? undefined : { templateReferencing },
    retentionPolicy: args.retention === undefined ? undefined : { ...args.retention },
    metricsConfig: { enabled: platform.prometheus ?? false, path: "/metrics", port: 9090, secure: true },
    executor: {
      resources: partResources(args.executor, { cpu: "50m", memory: "128Mi" }),
      securityContext: unprivileged,
      env: [TRANSIENT_ERRORS],
    },
    mainContainer: { securityContext: unprivileged },
    sso: server.enabled === false ? undefined : singleSignOn(server),
  });
  return withValues(own, args.controllerConfig);
}

/** What the `restricted` Pod Security Standard asks of containers, beside a user that is not root. */
const unprivileged = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

function artifactRepository({ archiveLogs, artifactKeyFormat }: ArgoWorkflowsArgs, store: ArtifactStoreFacts) {
  const { bucket, region, endpoint, insecure = false, credentialsSecret } = store;
  const credentials =
    credentialsSecret === undefined
      ? { useSDKCreds: true }
      : {
          accessKeySecret: { name: credentialsSecret, key: "accesskey" },
          secretKeySecret: { name: credentialsSecret, key: "secretkey" },
        };
  return {
    archiveLogs: archiveLogs ?? true,
    s3: {
      endpoint: endpoint ?? AMAZON_S3,
      bucket,
      region,
      insecure,
      keyFormat: artifactKeyFormat ?? KEY_FORMAT,
      ...credentials,
    },
  };
}

function workflowDefaults(defaults: ArgoWorkflowDefaultsArgs) {
  const { runsAsAnyUser = false, fsGroup, secondsAfterCompletion = WEEK_SECONDS } = defaults;
  const runAsUser = defaults.runAsUser ?? (runsAsAnyUser ? undefined : ARGO_USER);
  const { secondsAfterSuccess, secondsAfterFailure, podCleanup = ArgoPodCleanup.onWorkflowSuccess } = defaults;
  return {
    spec: compact({
      serviceAccountName: defaults.serviceAccountName ?? ARGO_WORKFLOW_SERVICE_ACCOUNT,
      automountServiceAccountToken: defaults.automountServiceAccountToken,
      activeDeadlineSeconds: defaults.activeDeadlineSeconds ?? WEEK_SECONDS,
      ttlStrategy: compact({ secondsAfterCompletion, secondsAfterSuccess, secondsAfterFailure }),
      podGC: { strategy: podCleanup },
      securityContext: compact({
        runAsNonRoot: runAsUser === undefined ? undefined : true,
        runAsUser,
        fsGroup,
        seccompProfile: { type: "RuntimeDefault" },
      }),
    }),
  };
}

function singleSignOn({ sso }: ArgoServerArgs) {
  if (sso === undefined) return undefined;
  const { issuer, clientId, clientSecret, redirectUrl, scopes = ["groups", "email", "profile"], rbac = true } = sso;
  return { issuer, clientId, clientSecret, redirectUrl, scopes, rbac: { enabled: rbac } };
}
