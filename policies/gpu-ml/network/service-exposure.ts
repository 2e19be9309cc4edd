import { arrayAt, childAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";

/** Annotations of Services by which AWS makes load balancers, all below one prefix. */
const PREFIX = "service.beta.kubernetes.io/";

/** Classes of load balancers that are internal unless something else is asked for. */
const INTERNAL_CLASSES = ["service.k8s.aws/nlb", "eks.amazonaws.com/nlb"];

/** Ranges that hold every address. */
const EVERYWHERE = ["0.0.0.0/0", "::/0"];

/**
 * Tells whether a Service makes a load balancer that anybody on the internet reaches.
 *
 * Those of the AWS Load Balancer Controller and of EKS Auto Mode are internal by default, those of the older controller
 * in Kubernetes are not. Where security groups are named, these say who gets in, and ranges have no effect.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ v3.4
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html
 */
export function isPublicLoadBalancer(service: Tree): Truth {
  return allOf([
    isOneOf(nodeAt(service, "spec.type"), "LoadBalancer"),
    not(isInternal(service)),
    not(isFenced(service)),
  ]);
}

/** Paths of the fields that decide {@link isPublicLoadBalancer} and are not known yet. */
export function unknownExposureOf(service: Tree): string[] {
  if (isUnknown(nodeAt(service, "metadata.annotations"))) return ["metadata.annotations"];
  const fields = ["type", "loadBalancerClass", "loadBalancerSourceRanges"];
  const ranges = arrayAt(childAt(service, "spec"), "loadBalancerSourceRanges");
  return [
    ...ANNOTATIONS.filter((name) => isUnknown(annotation(service, name))).map(
      (name) => `metadata.annotations["${PREFIX}${name}"]`,
    ),
    ...fields.filter((field) => isUnknown(nodeAt(service, `spec.${field}`))).map((field) => `spec.${field}`),
    ...ranges.flatMap((range, index) => (isUnknown(range) ? [`spec.loadBalancerSourceRanges[${index}]`] : [])),
  ];
}

const ANNOTATIONS = [
  "aws-load-balancer-scheme",
  "aws-load-balancer-internal",
  "aws-load-balancer-type",
  "aws-load-balancer-security-groups",
  "load-balancer-source-ranges",
] as const;

function isInternal(service: Tree): Truth {
  const scheme = annotation(service, "aws-load-balancer-scheme");
  if (scheme !== undefined) return isOneOf(scheme, "internal");
  const internal = annotation(service, "aws-load-balancer-internal");
  if (internal !== undefined) return not(isOneOf(internal, "false", ""));
  return anyOf([
    isOneOf(nodeAt(service, "spec.loadBalancerClass"), ...INTERNAL_CLASSES),
    isOneOf(annotation(service, "aws-load-balancer-type"), "external", "nlb-ip"),
  ]);
}

/** Whether only named sources get in. */
function isFenced(service: Tree): Truth {
  const groups = annotation(service, "aws-load-balancer-security-groups");
  const annotated = annotation(service, "load-balancer-source-ranges");
  const list = typeof annotated === "string" ? annotated.split(",").map((range) => range.trim()) : annotated;
  return anyOf([
    isUnknown(groups) ? UNKNOWN : groups !== undefined,
    areNamed(nodeAt(service, "spec.loadBalancerSourceRanges")),
    areNamed(list),
  ]);
}

function areNamed(ranges: Tree): Truth {
  if (isUnknown(ranges)) return UNKNOWN;
  if (!Array.isArray(ranges) || ranges.length === 0) return false;
  return not(anyOf(ranges.map((range) => isOneOf(range, ...EVERYWHERE))));
}

function annotation(service: Tree, name: (typeof ANNOTATIONS)[number]): Tree {
  return childAt(nodeAt(service, "metadata.annotations"), `${PREFIX}${name}`) ?? undefined;
}
