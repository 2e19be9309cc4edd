import { arrayAt, childAt, isUnknown, nodeAt, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, not } from "../../engine/truth";
import { consoleOf, describeExposure, PUBLIC_CONSOLES } from "./consoles";
import { hasTls, isOpenIngress } from "./ingress-exposure";
import { entriesOf, unlessNamed } from "../names";

/**
 * NET-06: no Ingress leads from outside to a console without asking for a login.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/ v1.36
 */
export const consoleIngress: ResourceRule<{ objects: string[] }> = {
  id: "NET-06",
  title: "No ingress leads to a console without a login",
  why: "Whoever reaches a console runs code on the cluster, reads its data and spends its GPUs.",
  remediation: "Make the ingress internal, or let it ask for a login before it leads to the console.",
  url: "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#authentication",
  severity: "critical",
  level: "mandatory",
  family: "platform",
  parameters: { objects: PUBLIC_CONSOLES },
  frameworks: [{ name: "Kubescape", reference: "C-0021" }],
  examples: {
    bad: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: pipelines, namespace: kubeflow }
spec:
  ingressClassName: nginx
  rules:
    - host: pipelines.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: ml-pipeline-ui, port: { number: 80 } } }
`,
    good: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: pipelines
  namespace: kubeflow
  annotations: { nginx.ingress.kubernetes.io/auth-url: "https://login.example.com/oauth2/auth" }
spec:
  ingressClassName: nginx
  rules:
    - host: pipelines.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: ml-pipeline-ui, port: { number: 80 } } }
`,
  },
  judge(subject, { objects }) {
    if (!subject.is("networking.k8s.io/Ingress")) return [];
    return unlessNamed(subject, objects, judgeIngress(subject));
  },
};

function* judgeIngress({ tree }: Subject): Iterable<Judgement> {
  const isOpen = isOpenIngress(tree);
  if (isOpen === false) return;
  for (const [path, backend] of backendsOf(childAt(tree, "spec"))) {
    const name = nodeAt(backend, "service.name");
    const console = consoleOf(name, [nodeAt(backend, "service.port.number")]);
    if (console === undefined) continue;
    if (isUnknown(console)) {
      yield undecided(isUnknown(name) ? `${path}.service.name` : `${path}.service.port.number`);
      continue;
    }
    const isExposed = allOf([isOpen, not(allOf([console.hasLogin, hasTls(tree)]))]);
    if (isUnknown(isExposed)) yield* unknownFieldsOf(tree).map(undecided);
    if (isExposed === true) yield { path: `${path}.service.name`, ...describeExposure(console) };
  }
}

/** Where an Ingress leads to; lists that are not known yet stand for one backend that is not. */
function backendsOf(spec: Tree): [path: string, backend: Tree][] {
  const rules = itemsAt(spec, "rules", "spec.rules").flatMap(([path, rule]) =>
    itemsAt(childAt(rule, "http"), "paths", `${path}.http.paths`),
  );
  const ofRules = rules.map(([path, one]): [string, Tree] => [`${path}.backend`, childAt(one, "backend")]);
  return [["spec.defaultBackend", childAt(spec, "defaultBackend")], ...ofRules];
}

function itemsAt(holder: Tree, field: string, path: string): [path: string, item: Tree][] {
  const list = childAt(holder, field);
  if (isUnknown(list)) return [[`${path}[0]`, list]];
  return arrayAt(holder, field).map((item, index): [string, Tree] => [`${path}[${index}]`, item]);
}

function unknownFieldsOf(tree: Tree): string[] {
  const annotations = nodeAt(tree, "metadata.annotations");
  if (isUnknown(annotations)) return ["metadata.annotations"];
  return [
    ...entriesOf(annotations).flatMap(([name, value]) => (isUnknown(value) ? [`metadata.annotations["${name}"]`] : [])),
    ...["ingressClassName", "tls"].map((field) => `spec.${field}`).filter((path) => isUnknown(nodeAt(tree, path))),
  ];
}
