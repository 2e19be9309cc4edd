const HUGE_PAGES = "hugepages-";
const ATTACHABLE_VOLUMES = "attachable-volumes-";

/** A name with a domain before the slash, as devices have. */
const QUALIFIED =
  /^(?=[^/]{1,244}\/)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/(?=.{1,63}$)[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/**
 * Whether a resource is a device or the like that a plugin brings to a node: its name has a domain, which is not that of
 * Kubernetes.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/v1/helper/helpers.go `IsExtendedResourceName`
 */
export function isExtendedResource(name: string): boolean {
  return QUALIFIED.test(name) && !isPrefixedNative(name) && !name.startsWith("requests.");
}

/** Whether a resource is huge pages of some size. */
export function isHugePages(name: string): boolean {
  return name.startsWith(HUGE_PAGES);
}

/**
 * Whether the scheduler looks at a resource at all; the names of others are not valid in containers.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/util/utils.go `IsScalarResourceName`
 */
export function isScheduled(name: string): boolean {
  return (
    name === "cpu" ||
    name === "memory" ||
    name === "ephemeral-storage" ||
    isHugePages(name) ||
    name.startsWith(ATTACHABLE_VOLUMES) ||
    isPrefixedNative(name) ||
    isExtendedResource(name)
  );
}

/**
 * Whether a pod as a whole may say how much it needs of a resource, in place of its containers.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#pod-level-resource-specification
 * (v1.36)
 */
export function isPodLevel(name: string): boolean {
  return name === "cpu" || name === "memory" || isHugePages(name);
}

function isPrefixedNative(name: string): boolean {
  return name.includes("kubernetes.io/");
}
