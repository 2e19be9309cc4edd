import { arrayAt, childAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, not, type Truth } from "../../engine/truth";
import { consoleOf, describeExposure, PUBLIC_CONSOLES } from "./consoles";
import { unlessNamed } from "../names";
import { isPublicLoadBalancer, unknownExposureOf } from "./service-exposure";

/** Where a load balancer of AWS gets its certificate from. */
const CERTIFICATE = "service.beta.kubernetes.io/aws-load-balancer-ssl-cert";

/**
 * NET-06: no public load balancer leads straight to a console, but to one with a login of its own over TLS.
 *
 * @see https://hub.armosec.io/docs/c-0021
 */
export const consoleService: ResourceRule<{ objects: string[] }> = {
  id: "NET-06",
  title: "No public load balancer leads to a console without a login",
  why: "Whoever reaches a console runs code on the cluster, reads its data and spends its GPUs.",
  remediation:
    "Make the load balancer internal, or lead to the console by an ingress or a gateway that asks for a login.",
  url: "https://hub.armosec.io/docs/c-0021",
  severity: "critical",
  level: "mandatory",
  family: "platform",
  parameters: { objects: PUBLIC_CONSOLES },
  frameworks: [{ name: "Kubescape", reference: "C-0021" }],
  examples: {
    bad: `
apiVersion: v1
kind: Service
metadata:
  name: katib-ui
  namespace: kubeflow
  annotations: { service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing }
spec:
  type: LoadBalancer
  ports: [{ port: 80, targetPort: 8080 }]
`,
    good: `
apiVersion: v1
kind: Service
metadata: { name: katib-ui, namespace: kubeflow }
spec:
  type: ClusterIP
  ports: [{ port: 80, targetPort: 8080 }]
`,
  },
  judge(subject, { objects }) {
    return subject.is("/Service") ? unlessNamed(subject, objects, judgeService(subject)) : [];
  },
};

function* judgeService({ tree }: Subject): Iterable<Judgement> {
  const isPublic = isPublicLoadBalancer(tree);
  const name = nodeAt(tree, "metadata.name");
  const ports = nodeAt(tree, "spec.ports");
  const console = consoleOf(name, portsOf(ports));
  if (isPublic === false || console === undefined) return;
  if (isUnknown(console)) {
    yield undecided(isUnknown(name) ? "metadata.name" : "spec.ports");
    return;
  }
  const isOpen = allOf([isPublic, not(allOf([console.hasLogin, hasCertificate(tree)]))]);
  if (isUnknown(isOpen)) yield* [...unknownExposureOf(tree), ...unknownCertificateOf(tree)].map(undecided);
  if (isOpen === true) yield { path: "spec.type", ...describeExposure(console, "LoadBalancer before ") };
}

function portsOf(ports: Tree): Tree[] {
  if (isUnknown(ports)) return [UNKNOWN];
  return arrayAt({ ports }, "ports").flatMap((port) => [childAt(port, "port"), childAt(port, "targetPort")]);
}

function hasCertificate(service: Tree): Truth {
  const certificate = childAt(nodeAt(service, "metadata.annotations"), CERTIFICATE);
  return isUnknown(certificate) ? UNKNOWN : typeof certificate === "string";
}

function unknownCertificateOf(service: Tree): string[] {
  const annotations = nodeAt(service, "metadata.annotations");
  return !isUnknown(annotations) && isUnknown(childAt(annotations, CERTIFICATE))
    ? [`metadata.annotations["${CERTIFICATE}"]`]
    : [];
}
