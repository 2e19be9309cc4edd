/** An API version that is served no longer. */
export interface ApiRemoval {
  /** Group and version. */
  apiVersion: string;
  /** The kinds that are gone; every kind of the version where absent. */
  kinds?: string[];
  /** What dropped it: a minor version of Kubernetes, or a release of what brings the API. */
  since: { kubernetes: string } | { release: string };
  /** What stands in for it. */
  instead: string;
}

type Row = [apiVersion: string, kinds: string, instead: string];

/**
 * What versions of Kubernetes dropped; the list of kinds is empty where all of them went.
 *
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/ v1.36
 */
const BY_KUBERNETES: Readonly<Record<string, Row[]>> = {
  "1.16": [
    ["extensions/v1beta1", "DaemonSet Deployment ReplicaSet", "apps/v1"],
    ["extensions/v1beta1", "NetworkPolicy", "networking.k8s.io/v1"],
    ["extensions/v1beta1", "PodSecurityPolicy", "Pod Security admission"],
    ["apps/v1beta1", "", "apps/v1"],
    ["apps/v1beta2", "", "apps/v1"],
  ],
  "1.20": [["settings.k8s.io/v1alpha1", "PodPreset", "a mutating admission policy"]],
  "1.21": [["batch/v2alpha1", "CronJob", "batch/v1"]],
  "1.22": [
    [
      "admissionregistration.k8s.io/v1beta1",
      "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
      "admissionregistration.k8s.io/v1",
    ],
    ["apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "apiextensions.k8s.io/v1"],
    ["apiregistration.k8s.io/v1beta1", "APIService", "apiregistration.k8s.io/v1"],
    ["authentication.k8s.io/v1beta1", "TokenReview", "authentication.k8s.io/v1"],
    [
      "authorization.k8s.io/v1beta1",
      "LocalSubjectAccessReview SelfSubjectAccessReview SubjectAccessReview SelfSubjectRulesReview",
      "authorization.k8s.io/v1",
    ],
    ["certificates.k8s.io/v1beta1", "CertificateSigningRequest", "certificates.k8s.io/v1"],
    ["coordination.k8s.io/v1beta1", "Lease", "coordination.k8s.io/v1"],
    ["extensions/v1beta1", "Ingress", "networking.k8s.io/v1"],
    ["networking.k8s.io/v1beta1", "Ingress IngressClass", "networking.k8s.io/v1"],
    [
      "rbac.authorization.k8s.io/v1beta1",
      "ClusterRole ClusterRoleBinding Role RoleBinding",
      "rbac.authorization.k8s.io/v1",
    ],
    ["scheduling.k8s.io/v1beta1", "PriorityClass", "scheduling.k8s.io/v1"],
    ["storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment", "storage.k8s.io/v1"],
  ],
  "1.25": [
    ["batch/v1beta1", "CronJob", "batch/v1"],
    ["discovery.k8s.io/v1beta1", "EndpointSlice", "discovery.k8s.io/v1"],
    ["events.k8s.io/v1beta1", "Event", "events.k8s.io/v1"],
    ["autoscaling/v2beta1", "HorizontalPodAutoscaler", "autoscaling/v2"],
    ["policy/v1beta1", "PodDisruptionBudget", "policy/v1"],
    ["policy/v1beta1", "PodSecurityPolicy", "Pod Security admission"],
    ["node.k8s.io/v1beta1", "RuntimeClass", "node.k8s.io/v1"],
  ],
  "1.26": [
    ["flowcontrol.apiserver.k8s.io/v1beta1", "", "flowcontrol.apiserver.k8s.io/v1"],
    ["autoscaling/v2beta2", "HorizontalPodAutoscaler", "autoscaling/v2"],
  ],
  "1.27": [["storage.k8s.io/v1beta1", "CSIStorageCapacity", "storage.k8s.io/v1"]],
  "1.29": [["flowcontrol.apiserver.k8s.io/v1beta2", "", "flowcontrol.apiserver.k8s.io/v1"]],
  "1.32": [["flowcontrol.apiserver.k8s.io/v1beta3", "", "flowcontrol.apiserver.k8s.io/v1"]],
};

/**
 * What releases of the parts of an ML platform serve no longer, or do for the last time; read from their
 * CustomResourceDefinitions, whatever the version of Kubernetes.
 *
 * @see https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/ v0.19.2, "v1beta1 is deprecated"
 * @see https://github.com/aws/karpenter-provider-aws/tree/v1.14.1/pkg/apis/crds
 * @see https://github.com/kubeflow/mpi-operator/tree/v0.8.2/manifests/base/crds
 */
const BY_RELEASE: Readonly<Record<string, Row[]>> = {
  "Kueue 0.20": [
    ["kueue.x-k8s.io/v1alpha1", "", "kueue.x-k8s.io/v1beta2"],
    ["kueue.x-k8s.io/v1beta1", "", "kueue.x-k8s.io/v1beta2"],
  ],
  "Karpenter 1.14": [
    ["karpenter.sh/v1alpha5", "", "a NodePool of karpenter.sh/v1"],
    ["karpenter.sh/v1beta1", "", "karpenter.sh/v1"],
    ["karpenter.k8s.aws/v1alpha1", "AWSNodeTemplate", "an EC2NodeClass of karpenter.k8s.aws/v1"],
    ["karpenter.k8s.aws/v1beta1", "", "karpenter.k8s.aws/v1"],
  ],
  "VPA 1.7": [
    ["autoscaling.k8s.io/v1beta1", "", "autoscaling.k8s.io/v1"],
    ["autoscaling.k8s.io/v1beta2", "", "autoscaling.k8s.io/v1"],
  ],
  "MPI Operator 0.8": [
    // Version v1 is that of the Training Operator, which a cluster may have instead.
    ["kubeflow.org/v1alpha1", "MPIJob", "kubeflow.org/v2beta1"],
    ["kubeflow.org/v1alpha2", "MPIJob", "kubeflow.org/v2beta1"],
  ],
  "Katib 0.19": [["kubeflow.org/v1alpha3", "Experiment Suggestion Trial", "kubeflow.org/v1beta1"]],
  "Spark Operator 2.5": [
    ["sparkoperator.k8s.io/v1alpha1", "SparkApplication ScheduledSparkApplication", "sparkoperator.k8s.io/v1beta2"],
    ["sparkoperator.k8s.io/v1beta1", "", "sparkoperator.k8s.io/v1beta2"],
  ],
  "KServe 0.20": [
    ["serving.kserve.io/v1alpha2", "InferenceService", "serving.kserve.io/v1beta1"],
    ["serving.kubeflow.org/v1alpha2", "", "serving.kserve.io/v1beta1"],
    ["serving.kubeflow.org/v1beta1", "", "serving.kserve.io/v1beta1"],
  ],
  "JobSet 0.12": [["jobset.x-k8s.io/v1alpha1", "JobSet", "jobset.x-k8s.io/v1alpha2"]],
  "LeaderWorkerSet 0.10": [["leaderworkerset.x-k8s.io/v1alpha1", "", "leaderworkerset.x-k8s.io/v1"]],
  "KEDA 2": [["keda.k8s.io/v1alpha1", "", "keda.sh/v1alpha1"]],
  "cert-manager 1.21": [
    ...["v1alpha2", "v1alpha3", "v1beta1"].flatMap((version): Row[] => [
      [`cert-manager.io/${version}`, "", "cert-manager.io/v1"],
      [`acme.cert-manager.io/${version}`, "", "acme.cert-manager.io/v1"],
    ]),
  ],
};

/** Every API version that is known to be gone. */
export const API_REMOVALS: readonly ApiRemoval[] = [
  ...removals(BY_KUBERNETES, (kubernetes) => ({ kubernetes })),
  ...removals(BY_RELEASE, (release) => ({ release })),
];

function removals(rows: Readonly<Record<string, Row[]>>, since: (by: string) => ApiRemoval["since"]): ApiRemoval[] {
  return Object.entries(rows).flatMap(([by, ofOne]) =>
    ofOne.map(([apiVersion, kinds, instead]) => ({
      apiVersion,
      ...(kinds === "" ? {} : { kinds: kinds.split(" ") }),
      since: since(by),
      instead,
    })),
  );
}
