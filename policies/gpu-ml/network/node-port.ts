import { isUnknown, nodeAt } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { unlessNamed } from "../names";
import { SERVICES } from "./public-load-balancer";

/**
 * NET-05: Services open no port on every node.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport v1.36
 */
export const nodePort: ResourceRule<{ services: string[] }> = {
  id: "NET-05",
  title: "Services open no ports of nodes",
  why: "A port that is open on every node goes past load balancers and network policies that stand before the pods.",
  remediation:
    "Use ClusterIP, and let an ingress, a gateway or an internal load balancer with targets by IP lead to it.",
  url: "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",
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
  type: NodePort
  ports: [{ port: 80, nodePort: 30080 }]
`,
    good: `
apiVersion: v1
kind: Service
metadata: { name: serving, namespace: ml }
spec:
  type: ClusterIP
  ports: [{ port: 80 }]
`,
  },
  judge(subject, { services }) {
    return subject.is("/Service") ? unlessNamed(subject, services, judgeService(subject)) : [];
  },
};

function* judgeService({ tree }: Subject): Iterable<Judgement> {
  const type = nodeAt(tree, "spec.type");
  if (isUnknown(type)) yield undecided("spec.type");
  if (type !== "NodePort") return;
  yield {
    path: "spec.type",
    observed: "NodePort",
    allowed: "ClusterIP, or an internal load balancer",
    remedy: "Use ClusterIP, and lead traffic to it by an ingress or a gateway.",
  };
}
