import { isUnknown, nodeAt } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { unlessNamed } from "../names";
import { SERVICES } from "./public-load-balancer";

/**
 * NET-05: Services claim no addresses outside the cluster.
 *
 * @see https://github.com/kubernetes/kubernetes/issues/97076 CVE-2020-8554
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#external-ips v1.36
 */
export const externalIps: ResourceRule<{ services: string[] }> = {
  id: "NET-05",
  title: "Services claim no external addresses",
  why: "Whoever may name an external address takes all traffic of the cluster to it, and can read it (CVE-2020-8554).",
  remediation: "Leave externalIPs out; let a load balancer or a gateway have the address.",
  url: "https://github.com/kubernetes/kubernetes/issues/97076",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { services: SERVICES },
  examples: {
    bad: `
apiVersion: v1
kind: Service
metadata: { name: serving, namespace: ml }
spec:
  externalIPs: [203.0.113.7]
  ports: [{ port: 443 }]
`,
    good: `
apiVersion: v1
kind: Service
metadata: { name: serving, namespace: ml }
spec:
  ports: [{ port: 443 }]
`,
  },
  judge(subject, { services }) {
    return subject.is("/Service") ? unlessNamed(subject, services, judgeService(subject)) : [];
  },
};

function* judgeService({ tree }: Subject): Iterable<Judgement> {
  const addresses = nodeAt(tree, "spec.externalIPs");
  if (isUnknown(addresses)) yield undecided("spec.externalIPs");
  if (!Array.isArray(addresses) || addresses.length === 0) return;
  yield {
    path: "spec.externalIPs",
    observed: addresses.length === 1 ? "one address" : `${addresses.length} addresses`,
    allowed: "absent",
    remedy: "Remove it, and let a load balancer or a gateway have the address.",
  };
}
