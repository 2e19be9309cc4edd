import { arrayAt, childAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { anyOf, not, type Truth } from "../../engine/truth";
import { shown } from "../../engine/shown";
import { LOCAL_GATEWAYS, isLocalGateway } from "./mesh-gateway";
import { unlessNamed } from "../names";

/**
 * NET-04: gateways of the mesh and the routes behind them name the hosts that they answer for.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/#Server v1.30
 * @see https://istio.io/latest/docs/ops/best-practices/security/#avoid-overly-broad-hosts-configurations v1.30
 */
export const wildcardHost: ResourceRule<{ gateways: string[] }> = {
  id: "NET-04",
  title: "Gateways and their routes name their hosts",
  why: "What answers for every host can be taken over by routes of other teams, and answers attackers' names as well.",
  remediation: "Name the hosts, or a domain such as `*.ml.example.com`.",
  url: "https://istio.io/latest/docs/ops/best-practices/security/#avoid-overly-broad-hosts-configurations",
  severity: "high",
  level: "advisory",
  family: "platform",
  parameters: { gateways: LOCAL_GATEWAYS },
  examples: {
    bad: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: istio-ingress }
spec:
  servers:
    - hosts: ["*"]
      port: { number: 443, name: https, protocol: HTTPS }
      tls: { mode: SIMPLE, credentialName: public-tls }
`,
    good: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: istio-ingress }
spec:
  servers:
    - hosts: [ml.example.com]
      port: { number: 443, name: https, protocol: HTTPS }
      tls: { mode: SIMPLE, credentialName: public-tls }
`,
  },
  judge(subject, { gateways }) {
    if (subject.is("networking.istio.io/Gateway")) return unlessNamed(subject, gateways, judgeGateway(subject.tree));
    return subject.is("networking.istio.io/VirtualService") ? judgeRoute(subject, gateways) : [];
  },
};

function* judgeGateway(tree: Tree): Iterable<Judgement> {
  const servers = nodeAt(tree, "spec.servers");
  if (isUnknown(servers)) yield undecided("spec.servers");
  for (const [index, server] of arrayAt({ servers }, "servers").entries()) {
    yield* judgeHosts(server, `spec.servers[${index}].hosts`, true);
  }
}

/** Routes without gateways are those of the mesh itself, which nobody outside reaches. */
function* judgeRoute({ tree }: Subject, locals: string[]): Iterable<Judgement> {
  const gateways = nodeAt(tree, "spec.gateways");
  const list = arrayAt({ gateways }, "gateways");
  const isOutside = isUnknown(gateways) ? UNKNOWN : anyOf(list.map((gateway) => not(isLocalGateway(gateway, locals))));
  yield* judgeHosts(nodeAt(tree, "spec"), "spec.hosts", isOutside);
}

function* judgeHosts(holder: Tree, path: string, isOutside: Truth): Iterable<Judgement> {
  if (isOutside === false) return;
  if (isUnknown(childAt(holder, "hosts"))) yield undecided(path);
  for (const [index, host] of arrayAt(holder, "hosts").entries()) {
    if (isUnknown(host)) yield undecided(`${path}[${index}]`);
    if (!isEveryHost(host)) continue;
    if (isUnknown(isOutside)) {
      yield undecided("spec.gateways");
    } else {
      yield {
        path: `${path}[${index}]`,
        observed: `${shown(host)}, which stands for every host`,
        allowed: "names of hosts, or a domain after *",
        remedy: "Name the hosts that are meant.",
      };
    }
  }
}

/** Gateways may say before the slash which namespaces routes come from. */
function isEveryHost(host: Tree): boolean {
  return typeof host === "string" && host.slice(host.indexOf("/") + 1) === "*";
}
