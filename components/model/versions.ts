/**
 * Every container image that the components run, pinned.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/releases/tag/v0.20.0
 */
export const IMAGES = {
  nvidiaDevicePlugin: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0",
} as const;

/**
 * Version of the Pod Security Standards that namespaces are held to: pinned, so that a cluster upgrade cannot
 * tighten the rules under running workloads.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/ (Kubernetes 1.35)
 */
export const POD_SECURITY_VERSION = "v1.35";
