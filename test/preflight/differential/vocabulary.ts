/** Keys of node labels that the worlds use. */
export const LABELS = {
  zone: "topology.kubernetes.io/zone",
  hostname: "kubernetes.io/hostname",
  arch: "kubernetes.io/arch",
  instance: "node.kubernetes.io/instance-type",
  capacity: "mlstack.dev/capacity-type",
  pool: "mlstack.dev/pool",
  product: "nvidia.com/gpu.product",
  memory: "nvidia.com/gpu.memory",
  odd: "example.com/odd",
} as const;

/** Values that nodes give their labels; some of them are no numbers where numbers are compared. */
export const LABEL_VALUES: Readonly<Record<string, readonly string[]>> = {
  [LABELS.zone]: ["us-east-1a", "us-east-1b", "us-east-1c"],
  [LABELS.hostname]: ["node-0", "node-1", "node-2"],
  [LABELS.arch]: ["amd64", "arm64"],
  [LABELS.instance]: ["p5.48xlarge", "g6.xlarge", "m7i.xlarge"],
  [LABELS.capacity]: ["spot", "on-demand"],
  [LABELS.pool]: ["gpu", "mig", "shared", "general"],
  [LABELS.product]: ["NVIDIA-H100-80GB-HBM3", "NVIDIA-L4"],
  [LABELS.memory]: ["81559", "23034", "081559", "9223372036854775807", "9223372036854775808", "many", ""],
  [LABELS.odd]: ["", "5", "true"],
};

/** Label of pods from which `matchLabelKeys` takes its value. */
export const RUN_LABEL = "run-id";

/** Labels of pods, the frequent ones several times: selectors and pods are to meet often. */
export const POD_LABELS = {
  app: ["trainer", "trainer", "trainer", "server", "loader"],
  role: ["worker", "worker", "leader"],
  [RUN_LABEL]: ["1", "2"],
} as const;

/** Resources with a name of their own. */
export const DEVICES = {
  gpu: "nvidia.com/gpu",
  shared: "nvidia.com/gpu.shared",
  small: "nvidia.com/mig-1g.10gb",
  large: "nvidia.com/mig-3g.40gb",
  efa: "vpc.amazonaws.com/efa",
  hugePages: "hugepages-2Mi",
  largePages: "hugepages-1Gi",
  /** Of the domain of Kubernetes itself, which devices cannot have. */
  native: "example.kubernetes.io/slots",
} as const;
