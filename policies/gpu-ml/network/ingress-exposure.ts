import { arrayAt, childAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { isLike } from "../names";

/**
 * Annotations by which controllers of Ingresses ask for a login, or let named sources in.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ v3.4
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/ v1.14
 */
const GUARDS = [
  "alb.ingress.kubernetes.io/auth-type",
  "alb.ingress.kubernetes.io/inbound-cidrs",
  "alb.ingress.kubernetes.io/security-groups",
  "nginx.ingress.kubernetes.io/auth-secret",
  "nginx.ingress.kubernetes.io/auth-tls-secret",
  "nginx.ingress.kubernetes.io/auth-url",
  "nginx.ingress.kubernetes.io/whitelist-source-range",
  "traefik.ingress.kubernetes.io/router.middlewares",
];

/** Values of those annotations that ask for nothing. */
const NO_GUARD = ["none", "", "0.0.0.0/0"];

/** Tells whether an Ingress lets anybody in without asking for a login; those of ALBs are internal by default. */
export function isOpenIngress(ingress: Tree): Truth {
  const annotations = nodeAt(ingress, "metadata.annotations");
  const guards = GUARDS.map((name) => childAt(annotations, name) ?? undefined);
  return allOf([
    not(isInternal(ingress, annotations)),
    ...guards.map((guard) => isOneOf(guard, undefined, ...NO_GUARD)),
  ]);
}

/** Tells whether an Ingress serves TLS. */
export function hasTls(ingress: Tree): Truth {
  const tls = nodeAt(ingress, "spec.tls");
  const certificate = childAt(nodeAt(ingress, "metadata.annotations"), "alb.ingress.kubernetes.io/certificate-arn");
  return anyOf([
    isUnknown(tls) ? UNKNOWN : arrayAt({ tls }, "tls").length > 0,
    isUnknown(certificate) ? UNKNOWN : typeof certificate === "string",
  ]);
}

function isInternal(ingress: Tree, annotations: Tree): Truth {
  const name: Tree =
    nodeAt(ingress, "spec.ingressClassName") ?? childAt(annotations, "kubernetes.io/ingress.class") ?? undefined;
  const scheme = childAt(annotations, "alb.ingress.kubernetes.io/scheme");
  return anyOf([
    isLike(name, ["*internal", "internal*", "*private", "private*"]),
    allOf([isOneOf(name, "alb"), not(isOneOf(scheme, "internet-facing"))]),
  ]);
}
