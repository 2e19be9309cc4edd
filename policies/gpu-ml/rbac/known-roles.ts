import { patternList } from "../../engine/parameters";

/**
 * Roles of operators that need more than others, as their own charts and manifests call them under the names that the
 * platform installs them by. A role of one of these names is left alone whatever it says, so a list that names fewer is
 * stricter.
 *
 * @see /docs/policies.md
 */
const KNOWN_ROLES = [
  // Argo Workflows 4: secrets of artifact stores and of single sign-on, and signals to the containers of steps.
  "argo-cluster-role",
  "argo-role",
  "argo-workflows-*",
  // AWS Load Balancer Controller 3: secrets of Ingresses that ask for a login.
  "aws-load-balancer-controller-role",
  // cert-manager 1.21: the secrets that it keeps certificates in, and tokens for issuers.
  "cert-manager-*",
  // NVIDIA's operator 26.7: whatever its operands need.
  "gpu-operator",
  // Istio 1.30: certificates of gateways, and its own configuration.
  "istio-reader-clusterrole-*",
  "istiod*",
  // JobSet, Kueue and LeaderWorkerSet: certificates of their webhooks.
  "jobset-manager-secrets-role",
  "kueue-manager-secrets-role",
  "lws-manager-role",
  // Katib 0.19 and its console.
  "katib-controller",
  "katib-ui",
  // KEDA 2.20: secrets that triggers name, and the scale of any resource.
  "keda-operator*",
  // KServe 0.20: secrets of model stores.
  "kserve-llmisvc-manager-role",
  "kserve-manager-role",
  // The monitoring stack: configuration in secrets, and numbers of all objects.
  "kube-prometheus-stack-*",
  // Kubeflow Pipelines 2.17.
  "kubeflow-metacontroller",
  "kubeflow-pipelines-cache-deployer-role",
  "ml-pipeline-ui",
  "ml-pipeline-viewer-controller-role",
  "pipeline-runner",
  // Operators of training jobs: certificates of webhooks; the launcher of MPI starts programs in the pods of workers.
  "kubeflow-trainer-controller-manager",
  "mpi-operator",
  "training-operator",
  // Kubeflow Notebooks 1.11.
  "notebook-controller-role",
  // Spark operator 2.5: certificates of its webhook.
  "spark-operator-*",
  // Vertical Pod Autoscaler 1.7: the scale of any resource, to read.
  "vertical-pod-autoscaler-*",
];

/** Roles that may have more than others, shared by the rules of RBAC-01. */
export const ROLES = patternList(
  "a list of the Roles and ClusterRoles that may have such rights, by name or as namespace/name",
  KNOWN_ROLES,
);
