import { compact } from "../../internal";
import type { KubernetesObject } from "../../rendering";
import type { NetworkPeer, TenantArgs } from "./tenant-args";

/**
 * Addresses at which machines on AWS tell about themselves, credentials of their role among it.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
const METADATA_ADDRESS = "169.254.169.254";
/** The same by IPv6. */
const METADATA_ADDRESS_V6 = "fd00:ec2::254";

/**
 * Where the agent of EKS Pod Identity answers on every node.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 */
const POD_IDENTITY_AGENT = { cidr: "169.254.170.23/32", port: 80 };

/** Label of Katib's own pods, with what they are. */
const KATIB_LABEL = "katib.kubeflow.org/component";

/**
 * Collectors report metrics to Katib's database manager.
 *
 * @see https://github.com/kubeflow/katib/tree/v0.19.0/manifests/v1beta1/components/db-manager
 */
const katibDatabase: NetworkPeer = { namespace: "kubeflow", podLabels: { [KATIB_LABEL]: "db-manager" }, ports: [6789] };

/**
 * Katib's controller asks the services that run beside an experiment: for suggestions, and whether to stop a trial early.
 *
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/controller.v1beta1/consts/const.go
 */
const katibController: NetworkPeer = {
  namespace: "kubeflow",
  podLabels: { [KATIB_LABEL]: "controller" },
  ports: [6789, 6788],
};

/**
 * Proxies get their certificate and configuration from Istio, and are not ready without.
 *
 * @see https://istio.io/latest/docs/ops/deployment/application-requirements/ "Ports used by Istio" (1.30)
 */
const istiod: NetworkPeer = { namespace: "istio-system", podLabels: { app: "istiod" }, ports: [15012] };

/** NetworkPolicies of a tenant: refuse everything, then allow DNS, each other, and what was asked for. */
export function networkPolicies(namespace: string, args: TenantArgs): KubernetesObject[] {
  const { network = {}, katibMetrics = false, istioInjection = false } = args;
  const { isolated = true, podIdentity = false } = network;
  if (!isolated) return [];
  const to = [...(network.to ?? []), ...(katibMetrics ? [katibDatabase] : []), ...(istioInjection ? [istiod] : [])];
  const from = [...(network.from ?? []), ...(katibMetrics ? [katibController] : [])];
  const agent = { to: [{ ipBlock: { cidr: POD_IDENTITY_AGENT.cidr } }], ports: [tcp(POD_IDENTITY_AGENT.port)] };
  const egress = [...to.map(egressRule), ...(podIdentity ? [agent] : [])];
  return [
    policy("default-deny", namespace, { policyTypes: ["Ingress", "Egress"] }),
    policy("allow-dns", namespace, { policyTypes: ["Egress"], egress: [dnsRule] }),
    policy("allow-same-namespace", namespace, {
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }],
    }),
    ...(egress.length === 0 ? [] : [policy("allow-to", namespace, { policyTypes: ["Egress"], egress })]),
    ...(from.length === 0
      ? []
      : [policy("allow-from", namespace, { policyTypes: ["Ingress"], ingress: from.map(ingressRule) })]),
  ];
}

const dnsRule = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

function policy(name: string, namespace: string, spec: object): KubernetesObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: { podSelector: {}, ...spec },
  };
}

function egressRule(peer: NetworkPeer) {
  return compact({ to: [selector(peer)], ports: portsOf(peer) });
}

function ingressRule(peer: NetworkPeer) {
  return compact({ from: [selector(peer)], ports: portsOf(peer) });
}

function selector({ namespace, podLabels, cidr }: NetworkPeer) {
  if (cidr !== undefined) return { ipBlock: compact({ cidr, except: metadataWithin(cidr) }) };
  return compact({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: podLabels === undefined ? undefined : { matchLabels: podLabels },
  });
}

function portsOf({ ports, cidr }: NetworkPeer) {
  const given = ports ?? (cidr === undefined ? undefined : [443]);
  return given?.map(tcp);
}

function tcp(port: number) {
  return { protocol: "TCP", port };
}

/** Exceptions must lie within the range, so they are named only where they do. */
function metadataWithin(cidr: string): string[] | undefined {
  const [address = "", prefix = ""] = cidr.split("/");
  if (address.includes(":")) return prefix === "0" ? [`${METADATA_ADDRESS_V6}/128`] : undefined;
  const bits = BigInt(32 - Number(prefix));
  const isWithin = bits > 0n && bitsOf(address) >> bits === bitsOf(METADATA_ADDRESS) >> bits;
  return isWithin ? [`${METADATA_ADDRESS}/32`] : undefined;
}

function bitsOf(address: string): bigint {
  return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}
