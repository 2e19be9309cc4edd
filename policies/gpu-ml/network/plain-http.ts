import { arrayAt, isUnknown, nodeAt, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { isOneOf } from "../../engine/truth";
import { LOCAL_GATEWAYS } from "./mesh-gateway";
import { unlessNamed } from "../names";

/**
 * NET-04: gateways of the mesh answer plain requests with a redirect only.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings "httpsRedirect", v1.30
 */
export const plainHttp: ResourceRule<{ gateways: string[] }> = {
  id: "NET-04",
  title: "Gateways take requests over TLS",
  why: "Over plain HTTP, cookies, tokens and data can be read and changed by whoever is on the way.",
  remediation: "Serve HTTPS, and let the plain port redirect to it.",
  url: "https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/",
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
    - hosts: [ml.example.com]
      port: { number: 80, name: http, protocol: HTTP }
`,
    good: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: istio-ingress }
spec:
  servers:
    - hosts: [ml.example.com]
      port: { number: 80, name: http, protocol: HTTP }
      tls: { httpsRedirect: true }
`,
  },
  judge(subject, { gateways }) {
    if (!subject.is("networking.istio.io/Gateway")) return [];
    return unlessNamed(subject, gateways, judgeServers(nodeAt(subject.tree, "spec.servers")));
  },
};

function* judgeServers(servers: Tree): Iterable<Judgement> {
  if (isUnknown(servers)) yield undecided("spec.servers");
  for (const [index, server] of arrayAt({ servers }, "servers").entries()) {
    yield* judgeServer(server, `spec.servers[${index}]`);
  }
}

function* judgeServer(server: Tree, path: string): Iterable<Judgement> {
  const given = nodeAt(server, "port.protocol");
  const protocol = typeof given === "string" ? given.toUpperCase() : "";
  const plain = isOneOf(isUnknown(given) ? given : protocol, "HTTP", "HTTP2", "GRPC");
  const redirects = nodeAt(server, "tls.httpsRedirect");
  if (plain === false || redirects === true) return;
  if (isUnknown(plain)) {
    yield undecided(`${path}.port.protocol`);
  } else if (isUnknown(redirects)) {
    yield undecided(`${path}.tls.httpsRedirect`);
  } else {
    yield {
      path: `${path}.tls.httpsRedirect`,
      observed: `${redirects === false ? "false" : "absent"} on a port of protocol ${protocol}`,
      allowed: "true on ports without TLS",
      remedy: "Set it to true, and serve HTTPS on a port beside.",
    };
  }
}
