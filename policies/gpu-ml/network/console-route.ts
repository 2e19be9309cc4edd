import { arrayAt, childAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { consoleOf, describeExposure, PUBLIC_CONSOLES } from "./consoles";
import { coversAll, loginsOf, type Login } from "./login";
import { isLocalGateway, LOCAL_GATEWAYS } from "./mesh-gateway";
import { unlessNamed } from "../names";

/**
 * NET-06 over the stack: routes of gateways lead to a console only where something of the stack asks for a login.
 *
 * A login is asked for by an AuthorizationPolicy that hands the request to an authorizer or wants a token, for the hosts
 * of the route or for all; by an EnvoyFilter that does so; or by a SecurityPolicy of Envoy Gateway. What gateways of
 * another stack ask for is not seen, so that this is advice unless a profile says more. Consoles with a login of their
 * own are left to NET-04, which wants TLS from gateways.
 *
 * @see https://istio.io/latest/docs/tasks/security/authorization/authz-custom/ v1.30
 */
export const consoleRoute: StackRule<{ objects: string[]; gateways: string[] }> = {
  id: "NET-06",
  title: "Gateways ask for a login before they lead to a console",
  why: "Whoever reaches a console runs code on the cluster, reads its data and spends its GPUs.",
  remediation: "Add an AuthorizationPolicy with action CUSTOM, or one that wants a token, for the hosts of the route.",
  url: "https://istio.io/latest/docs/tasks/security/authorization/authz-custom/",
  severity: "critical",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "platform",
  parameters: { objects: PUBLIC_CONSOLES, gateways: LOCAL_GATEWAYS },
  frameworks: [{ name: "Kubescape", reference: "C-0021" }],
  examples: {
    bad: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: katib, namespace: kubeflow }
spec:
  gateways: [istio-ingress/https]
  hosts: [katib.example.com]
  http: [{ route: [{ destination: { host: katib-ui.kubeflow.svc.cluster.local, port: { number: 80 } } }] }]
`,
    good: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: katib, namespace: kubeflow }
spec:
  gateways: [istio-ingress/https]
  hosts: [katib.example.com]
  http: [{ route: [{ destination: { host: katib-ui.kubeflow.svc.cluster.local, port: { number: 80 } } }] }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: katib, namespace: istio-ingress }
spec:
  action: CUSTOM
  provider: { name: oauth2-proxy }
  rules: [{ to: [{ operation: { hosts: [katib.example.com] } }] }]
`,
  },
  *judgeStack(subjects, { objects, gateways }) {
    const logins = subjects.flatMap(loginsOf);
    for (const subject of subjects) {
      const judgements = judgeRoute(subject, logins, gateways);
      for (const judgement of unlessNamed(subject, objects, judgements)) yield [subject, judgement];
    }
  },
};

function* judgeRoute(subject: Subject, logins: Login[], locals: string[]): Iterable<Judgement> {
  const route = ROUTES.find(({ kind }) => subject.is(kind));
  if (route === undefined) return;
  const isOutside = route.isOutside(subject.tree, locals);
  const hosts = nodeAt(subject.tree, `spec.${route.hosts}`);
  const asks = anyOf(logins.map((login) => allOf([login.asks, coversAll(login.hosts, hosts)])));
  if (isOutside === false || asks === true) return;
  for (const { path, name, port } of route.backends(subject.tree)) {
    const console = consoleOf(name, [port]);
    if (console === undefined) continue;
    if (isUnknown(console)) yield undecided(path);
    else if (console.hasLogin) continue;
    else if (isUnknown(isOutside)) yield undecided(`spec.${route.parents}`);
    else if (isUnknown(asks)) yield undecided(`spec.${route.hosts}`);
    else yield { path, ...describeExposure(console) };
  }
}

/** A Service that a route leads to. */
interface Backend {
  path: string;
  name: Tree;
  port: Tree;
}

/** How a kind of route says where it comes from and leads to. */
interface Route {
  kind: string;
  hosts: string;
  parents: string;
  isOutside(tree: Tree, locals: string[]): Truth;
  backends(tree: Tree): Backend[];
}

const ROUTES: Route[] = [
  {
    kind: "networking.istio.io/VirtualService",
    hosts: "hosts",
    parents: "gateways",
    isOutside: (tree, locals) =>
      anyOf(itemsAt(tree, "spec.gateways").map(([, one]) => not(isLocalGateway(one, locals)))),
    backends: (tree) =>
      itemsAt(tree, "spec.http").flatMap(([at, http]) =>
        itemsAt(http, "route", at).map(([path, one]): Backend => {
          const host = nodeAt(one, "destination.host");
          const name: Tree = typeof host === "string" ? host.split(".")[0] : host;
          return { path: `${path}.destination.host`, name, port: nodeAt(one, "destination.port.number") };
        }),
      ),
  },
  {
    kind: "gateway.networking.k8s.io/HTTPRoute",
    hosts: "hostnames",
    parents: "parentRefs",
    isOutside: (tree, locals) =>
      anyOf(
        itemsAt(tree, "spec.parentRefs").map(([, one]) =>
          allOf([
            isOneOf(childAt(one, "kind") ?? "Gateway", "Gateway"),
            not(isLocalGateway(childAt(one, "name"), locals)),
          ]),
        ),
      ),
    backends: (tree) =>
      itemsAt(tree, "spec.rules").flatMap(([at, rule]) =>
        itemsAt(rule, "backendRefs", at).map(([path, one]) => ({
          path: `${path}.name`,
          name: childAt(one, "name"),
          port: childAt(one, "port"),
        })),
      ),
  },
];

/** The items of a list with their paths; a list that is not known yet stands for one item that is not. */
function itemsAt(holder: Tree, field: string, above?: string): [path: string, item: Tree][] {
  const list = nodeAt(holder, field);
  const path = above === undefined ? field : `${above}.${field}`;
  const items: Tree[] = isUnknown(list) ? [UNKNOWN] : arrayAt({ list }, "list");
  return items.map((item, index) => [`${path}[${index}]`, item]);
}
