import { isUnknown, nodeAt } from "../../../components/model";
import { patternList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { unlessNamed } from "../names";

/** Namespaces that every cluster has, and that belong to nobody or to Kubernetes itself. */
const SHARED_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];

/**
 * What belongs to `kube-system`: add-ons of EKS, and controllers of the cluster that are made for it.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
 */
const workloads = patternList(
  "a list of the workloads that may be in shared namespaces, by name or as namespace/name",
  [
    "kube-system/aws-efa-k8s-device-plugin*",
    "kube-system/aws-load-balancer-controller",
    "kube-system/aws-node",
    "kube-system/cluster-autoscaler*",
    "kube-system/coredns",
    "kube-system/ebs-csi-*",
    "kube-system/efs-csi-*",
    "kube-system/eks-*",
    "kube-system/fsx-csi-*",
    "kube-system/karpenter*",
    "kube-system/kube-proxy",
    "kube-system/metrics-server",
    "kube-system/nvidia-device-plugin*",
    "kube-system/s3-csi-*",
    "kube-system/snapshot-controller",
  ],
);

/**
 * RBAC-04: workloads have a namespace of their own.
 *
 * Pulumi fills in the namespace before policies look; where there is none, nothing is known of the cluster's choice.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#when-to-use-multiple-namespaces v1.36
 */
export const workloadNamespace: ResourceRule<{ workloads: string[] }> = {
  id: "RBAC-04",
  title: "Workloads stay out of the default and system namespaces",
  why: "There quotas, network policies and Pod Security of tenants do not hold, and rights of the system are near.",
  remediation: "Give the workload a namespace of its team or its part of the platform.",
  url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
  severity: "medium",
  level: "mandatory",
  family: "platform",
  parameters: { workloads },
  frameworks: [{ name: "CIS EKS Benchmark", reference: "4.5.2" }],
  examples: {
    bad: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: default }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  judge(subject, { workloads }) {
    return isWorkload(subject) ? unlessNamed(subject, workloads, judgeNamespace(subject)) : [];
  },
};

/** Kinds for the whole cluster, such as ClusterTrainingRuntime, are in no namespace. */
function isWorkload({ kind, pods }: Subject): boolean {
  return kind?.startsWith("Cluster") === false && pods.some(({ isGuess }) => isGuess !== true);
}

function* judgeNamespace({ tree }: Subject): Iterable<Judgement> {
  const namespace = nodeAt(tree, "metadata.namespace");
  if (isUnknown(namespace)) yield undecided("metadata.namespace");
  if (typeof namespace !== "string" || !SHARED_NAMESPACES.includes(namespace)) return;
  yield {
    path: "metadata.namespace",
    observed: namespace,
    allowed: "a namespace of the workload's team or part of the platform",
    remedy: "Put it into such a namespace.",
  };
}
