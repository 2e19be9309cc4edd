import { childAt, isUnknown, nodeAt, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, isOneOf, not } from "../../engine/truth";
import { installs, RELEASE } from "../installed-chart";
import { CHARTS, KINDS, type Place, type ServicePlace } from "./console-places";
import { describeExposure, PUBLIC_CONSOLES, type Console } from "./consoles";
import { hasTls, isOpenIngress } from "./ingress-exposure";
import { unlessNamed } from "../names";
import { isPublicLoadBalancer, unknownExposureOf } from "./service-exposure";

/**
 * NET-06, where an operator or Helm makes the way to a console.
 *
 * @see https://hub.armosec.io/docs/c-0021
 */
export const consoleValues: ResourceRule<{ objects: string[] }> = {
  id: "NET-06",
  title: "No chart or job makes a console public without a login",
  why: "Whoever reaches a console runs code on the cluster, reads its data and spends its GPUs.",
  remediation: "Leave the console's Service at ClusterIP, and lead to it by a route that asks for a login.",
  url: "https://hub.armosec.io/docs/c-0021",
  severity: "critical",
  level: "mandatory",
  family: "platform",
  parameters: { objects: PUBLIC_CONSOLES },
  frameworks: [{ name: "Kubescape", reference: "C-0021" }],
  examples: {
    bad: `
apiVersion: ray.io/v1
kind: RayCluster
metadata: { name: tune, namespace: ml }
spec:
  headGroupSpec: { serviceType: LoadBalancer }
`,
    good: `
apiVersion: ray.io/v1
kind: RayCluster
metadata: { name: tune, namespace: ml }
spec:
  headGroupSpec: { serviceType: ClusterIP }
`,
  },
  judge(subject, { objects }) {
    return unlessNamed(subject, objects, judgePlaces(subject));
  },
};

function* judgePlaces(subject: Subject): Iterable<Judgement> {
  if (subject.type === RELEASE) {
    yield* Object.entries(CHARTS).flatMap(([known, place]) => {
      const isKnown = installs(subject, known);
      const judgements = isKnown === false ? [] : [...judgePlace(subject.tree, place)];
      return judgements.map((one) => (isUnknown(isKnown) ? undecided("chart") : one));
    });
    return;
  }
  for (const [kind, place] of Object.entries(KINDS)) if (subject.is(kind)) yield* judgePlace(subject.tree, place);
}

function* judgePlace(tree: Tree, { console, service, ingress }: Place): Iterable<Judgement> {
  if (service !== undefined) yield* judgeService(tree, console, service);
  if (ingress !== undefined) yield* judgeIngress(tree, console, ingress);
}

function* judgeService(tree: Tree, console: Console, place: ServicePlace): Iterable<Judgement> {
  const { type, annotations, ranges, balancerClass } = place;
  const at = (path: string | undefined): Tree => (path === undefined ? undefined : nodeAt(tree, path));
  const service: Tree = {
    metadata: { annotations: at(annotations) },
    spec: { type: at(type), loadBalancerSourceRanges: at(ranges), loadBalancerClass: at(balancerClass) },
  };
  const isPublic = isPublicLoadBalancer(service);
  if (isUnknown(isPublic)) yield* unknownExposureOf(service).map((path) => undecided(placed(path, place)));
  if (isPublic !== true) return;
  yield { path: type, ...describeExposure(console, "LoadBalancer before ") };
}

/** Where a field of the Service is set. */
function placed(path: string, { type, annotations, ranges, balancerClass }: ServicePlace): string {
  const places: [string, string | undefined][] = [
    ["metadata.annotations", annotations],
    ["spec.type", type],
    ["spec.loadBalancerSourceRanges", ranges],
    ["spec.loadBalancerClass", balancerClass],
  ];
  const [field = "", place = ""] = places.find(([field]) => path.startsWith(field)) ?? [];
  return place + path.slice(field.length);
}

function* judgeIngress(tree: Tree, console: Console, place: { path: string; enabled: string }): Iterable<Judgement> {
  const given = nodeAt(tree, place.path);
  const enabled = `${place.path}.${place.enabled}`;
  const [annotations, ingressClassName, tls] = ["annotations", "ingressClassName", "tls"].map((f) => childAt(given, f));
  const ingress: Tree = { metadata: { annotations }, spec: { ingressClassName, tls } };
  const isExposed = allOf([
    isOneOf(nodeAt(tree, enabled), true),
    isOpenIngress(ingress),
    not(allOf([console.hasLogin, hasTls(ingress)])),
  ]);
  if (isUnknown(isExposed)) {
    yield undecided(!isUnknown(given) && isUnknown(nodeAt(tree, enabled)) ? enabled : place.path);
  }
  if (isExposed === true) yield { path: enabled, ...describeExposure(console, "true for ") };
}
