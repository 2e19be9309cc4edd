/** How an add-on of EKS goes with an upgrade of Kubernetes. */
export interface AddOnUpgrade {
  /** Key of the configuration that has its version, by name. */
  key: "cluster.eks.addOnVersions" | "addOns.versions";
  /** Whether it goes before the machines: what a machine needs to become a node. */
  beforeNodes: boolean;
  /** What restarts, and what of it those notice who work meanwhile. */
  restarts: string;
}

const networking = { key: "cluster.eks.addOnVersions", beforeNodes: true } as const;
const onNodes = { key: "addOns.versions", beforeNodes: false } as const;

const DRIVER = "The driver, node by node; what is mounted stays, and what is new waits meanwhile.";

/**
 * The add-ons, in the order in which one update raises them after the control plane: what machines need, the machines, then what
 * runs on them. EKS raises none of them with Kubernetes.
 */
export const ADD_ON_UPGRADES: Record<string, AddOnUpgrade> = {
  "vpc-cni": { ...networking, restarts: "Its pods, node by node; pods that run keep their addresses, new ones wait." },
  "kube-proxy": { ...networking, restarts: "Its pods, node by node; rules that are there go on to work." },
  "eks-pod-identity-agent": {
    ...networking,
    restarts: "Its pods, node by node; rights that were handed out go on, new ones wait.",
  },
  "snapshot-controller": { ...onNodes, restarts: "The controller; snapshots wait meanwhile." },
  coredns: { ...onNodes, restarts: "Its pods, one after the other; the other one goes on to answer." },
  "aws-ebs-csi-driver": { ...onNodes, restarts: DRIVER },
  "aws-efs-csi-driver": { ...onNodes, restarts: DRIVER },
  "aws-fsx-csi-driver": { ...onNodes, restarts: DRIVER },
  "aws-mountpoint-s3-csi-driver": { ...onNodes, restarts: DRIVER },
  "eks-node-monitoring-agent": { ...onNodes, restarts: "Its pods, node by node; nobody looks at that node meanwhile." },
  "metrics-server": { ...onNodes, restarts: "Its pods; autoscalers keep the number of pods that they have meanwhile." },
};

/** Page that says that EKS leaves add-ons to their owner, and how they are raised. */
export const ADD_ON_SOURCE = "https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html (2026-11)";
