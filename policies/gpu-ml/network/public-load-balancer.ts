import { isUnknown } from "../../../components/model";
import { patternList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { unlessNamed } from "../names";
import { isPublicLoadBalancer, unknownExposureOf } from "./service-exposure";

/** Services that may be open to the outside, shared by the rules of NET-05. */
export const SERVICES = patternList(
  "a list of the Services that may be reached from outside the cluster, by name or as namespace/name",
  [],
);

/**
 * NET-05: load balancers of Services are internal, or let named sources in.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ v3.4
 */
export const publicLoadBalancer: ResourceRule<{ services: string[] }> = {
  id: "NET-05",
  title: "Load balancers are internal or let named sources in",
  why: "A load balancer that is open to the internet puts whatever listens behind it before everybody.",
  remediation: "Make the load balancer internal, or name the sources that may reach it in loadBalancerSourceRanges.",
  url: "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { services: SERVICES },
  examples: {
    bad: `
apiVersion: v1
kind: Service
metadata:
  name: serving
  namespace: ml
  annotations: { service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing }
spec:
  type: LoadBalancer
  ports: [{ port: 443 }]
`,
    good: `
apiVersion: v1
kind: Service
metadata:
  name: serving
  namespace: ml
  annotations: { service.beta.kubernetes.io/aws-load-balancer-scheme: internal }
spec:
  type: LoadBalancer
  ports: [{ port: 443 }]
`,
  },
  judge(subject, { services }) {
    return subject.is("/Service") ? unlessNamed(subject, services, judgeService(subject)) : [];
  },
};

function* judgeService({ tree }: Subject): Iterable<Judgement> {
  const isPublic = isPublicLoadBalancer(tree);
  if (isUnknown(isPublic)) yield* unknownExposureOf(tree).map(undecided);
  if (isPublic !== true) return;
  yield {
    path: "spec.type",
    observed: "LoadBalancer, open to every address",
    allowed: "an internal load balancer, or one with named source ranges",
    remedy:
      'Set the annotation "service.beta.kubernetes.io/aws-load-balancer-scheme" to "internal", or name the sources in ' +
      "spec.loadBalancerSourceRanges.",
  };
}
