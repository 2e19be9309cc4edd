/** Node label that names the pool; workloads select it to be placed on one pool. */
export const POOL_LABEL = "mlstack.dev/pool";

/** Node label with the GPU model in catalogue spelling, for example `a10g`. */
export const GPU_MODEL_LABEL = "mlstack.dev/gpu-model";

/** Node label that says how the machine is bought, `on-demand` or `spot`. */
export const CAPACITY_TYPE_LABEL = "mlstack.dev/capacity-type";

/**
 * Node label that NVIDIA's own charts look for before they put anything on a node.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/values.yaml
 */
export const GPU_PRESENT_LABEL = "nvidia.com/gpu.present";

/**
 * Node label that Node Feature Discovery sets where there is a PCI device of NVIDIA's, vendor 10de, provided that it names
 * devices by their vendor alone, as NVIDIA's charts set it up.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/values.yaml
 */
export const NVIDIA_PCI_LABEL = "feature.node.kubernetes.io/pci-10de.present";

/**
 * Extended resource that NVIDIA's device plugin advertises, and key of the taint on GPU nodes: the two must be equal
 * for the admission plugin ExtendedResourceToleration to work.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#extendedresourcetoleration
 * (Kubernetes 1.36)
 */
export const GPU_RESOURCE = "nvidia.com/gpu";

/** Extended resource of Elastic Fabric Adapter interfaces. */
export const EFA_RESOURCE = "vpc.amazonaws.com/efa";

/** Node label that says that the machine has Elastic Fabric Adapters which pods can ask for. */
export const EFA_LABEL = "mlstack.dev/efa";

/**
 * Node annotation in which a simulated node says what resources it has, as JSON. A server-side apply never carries a
 * status, so the KWOK stages of the embedded cluster read it here and report it as a kubelet would.
 */
export const SIMULATED_RESOURCES_ANNOTATION = "mlstack.dev/simulated-resources";

/** Annotation in which a simulated pod says what it does; see docs/simulation.md. */
export const SIMULATE_ANNOTATION = "mlstack.dev/simulate";

/** Annotation of simulated pods whose image never comes. */
export const MISSING_IMAGE_ANNOTATION = "mlstack.dev/simulate-missing-image";

/**
 * Like {@link SIMULATED_RESOURCES_ANNOTATION}, for nodes whose type is chosen when they are started: an object of what each
 * instance type has.
 */
export const SIMULATED_RESOURCES_BY_TYPE_ANNOTATION = "mlstack.dev/simulated-resources-by-type";

/** Label of namespaces that belong to a tenant, with its name. */
export const TENANT_LABEL = "mlstack.dev/tenant";

/**
 * Annotation of a workload that says how long one run of it takes, for example `45m` or `6h30m`: what it costs is told by
 * that. Without it the deadline counts, which is the longest that it can take.
 */
export const EXPECTED_DURATION_ANNOTATION = "mlstack.dev/expected-duration";

/**
 * Annotation of a pod that says how much memory each of its GPUs must have, for example `40Gi`: GPUs are asked for by
 * number alone, so the scheduler lets a pod onto machines on which it then runs out of memory.
 */
export const GPU_MEMORY_ANNOTATION = "mlstack.dev/gpu-memory";

/**
 * Label of a workload, or of its pods, that names the LocalQueue of Kueue in which it waits.
 *
 * @see https://kueue.sigs.k8s.io/docs/tasks/run/jobs/ v0.19
 */
export const QUEUE_LABEL = "kueue.x-k8s.io/queue-name";
