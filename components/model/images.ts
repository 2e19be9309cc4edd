/**
 * Images that components, parts and scenarios name by themselves, pinned. Charts and upstream's manifests name theirs, which
 * go with the versions of `versions.ts`.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/releases/tag/v0.20.0
 * @see https://github.com/aws/eks-charts/blob/master/stable/aws-efa-k8s-device-plugin/Chart.yaml (chart v0.5.30)
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/cmd/kubeadm/app/constants/constants.go "PauseVersion"
 * @see https://github.com/kubeflow/trainer/tree/v2.3.0/charts/kubeflow-trainer/files/runtimes
 * @see https://dev.mysql.com/doc/relnotes/mysql/8.4/en/
 * @see https://www.postgresql.org/support/versioning/
 * @see https://github.com/oauth2-proxy/oauth2-proxy/releases/tag/v7.15.4
 * @see https://github.com/versity/versitygw/blob/v1.8.0/chart/values.yaml "image"
 */
export const IMAGES = {
  efaDevicePlugin: "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v0.5.20",
  nvidiaDevicePlugin: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0",
  pause: "registry.k8s.io/pause:3.10.2",
  /** Sign-in for consoles. */
  oauth2Proxy: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.4",
  /** S3 in front of a volume. */
  versityGateway: "ghcr.io/versity/versitygw:v1.8.0",
  /** Databases of parts: long-term releases. */
  mysql: "docker.io/library/mysql:8.4.7",
  postgres: "docker.io/library/postgres:17.6",
  /** Stands in for a step of a pipeline whose result is cached; upstream names no tag. */
  pipelinesCache: "docker.io/library/busybox:1.37.0",
  /** The TensorBoard that upstream tests its controller with. */
  tensorBoardOfController: "docker.io/tensorflow/tensorflow:2.5.1",
  /** Standalone TensorBoards: that of the last TensorFlow that is tested here. */
  tensorBoard: "docker.io/tensorflow/tensorflow:2.19.0",
  /** Nodes of the runtimes `torch-distributed` and `jax-distributed`. */
  torchRuntime: "docker.io/pytorch/pytorch:2.13.0-cuda13.0-cudnn9-runtime",
  jaxRuntime: "nvcr.io/nvidia/jax:25.10-py3",
  /** Queue between a master and its workers. */
  redis: "docker.io/library/redis:8.2.9-bookworm",
  /** Python and nothing else, for programs that are mounted. */
  python: "docker.io/library/python:3.13.7-slim",
  /** Of the scenarios `mnist` and `two-gpu-pod`. */
  mnist: "docker.io/tensorflow/tensorflow:2.19.0-gpu",
  twoGpuPod: "docker.io/nvidia/cuda:12.8.1-base-ubuntu24.04",
} as const;
