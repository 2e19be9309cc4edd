/** A DaemonSet that an add-on of EKS brings. */
export interface EksDaemon {
  /** Name of the add-on in EKS. */
  addOn: string;
  /** As reports call it. */
  daemon: string;
  /** What each of its pods asks for, as its manifest writes it; the pod itself counts as well. */
  requests: Readonly<Record<string, string>>;
  /** Whether every node has it where nobody says otherwise, and not only where the stack has the add-on. */
  isBase: boolean;
  /** Whether it runs on nodes of Auto Mode too, which bring the others in their image. */
  onAutoMode: boolean;
}

/**
 * What the add-ons of EKS run on every node, whatever its taints, as no resource of a stack shows it: sums over the
 * containers of each pod. Settings of an add-on may change it.
 *
 * Of kube-proxy there is no public manifest for EKS; 100m is what its clusters have. The DaemonSets of the EFS driver
 * and the Pod Identity agent ask for nothing but a place among the pods.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.20.2/config/master/aws-k8s-cni.yaml (25m for each of two
 * containers)
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/v1.46.0/deploy/kubernetes/base/node.yaml
 * @see https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/v1.7.6/charts/aws-efs-csi-driver/values.yaml
 * @see https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/v1.10.0/charts/aws-fsx-csi-driver/values.yaml
 * @see https://github.com/awslabs/mountpoint-s3-csi-driver/blob/v2.7.0/charts/aws-mountpoint-s3-csi-driver/values.yaml
 * @see https://github.com/aws/eks-pod-identity-agent/blob/main/charts/eks-pod-identity-agent/values.yaml (0.1.10)
 * @see https://github.com/aws/eks-node-monitoring-agent/blob/main/charts/eks-node-monitoring-agent/values.yaml (1.7.0)
 */
export const EKS_DAEMONS: readonly EksDaemon[] = [
  daemon("vpc-cni", "aws-node", { cpu: "50m" }, { isBase: true }),
  daemon("kube-proxy", "kube-proxy", { cpu: "100m" }, { isBase: true }),
  daemon("eks-pod-identity-agent", "eks-pod-identity-agent", {}),
  daemon("aws-ebs-csi-driver", "ebs-csi-node", { cpu: "30m", memory: "120Mi" }),
  daemon("aws-efs-csi-driver", "efs-csi-node", {}, { onAutoMode: true }),
  daemon("aws-fsx-csi-driver", "fsx-csi-node", { cpu: "30m", memory: "104Mi" }, { onAutoMode: true }),
  daemon("aws-mountpoint-s3-csi-driver", "s3-csi-node", { cpu: "30m", memory: "120Mi" }, { onAutoMode: true }),
  daemon("eks-node-monitoring-agent", "eks-node-monitoring-agent", { cpu: "10m", memory: "30Mi" }),
];

function daemon(
  addOn: string,
  name: string,
  requests: EksDaemon["requests"],
  { isBase = false, onAutoMode = false } = {},
): EksDaemon {
  return { addOn, daemon: `DaemonSet kube-system/${name}`, requests, isBase, onAutoMode };
}
