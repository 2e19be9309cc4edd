import type * as pulumi from "@pulumi/pulumi";
import {
  checkDnsLabel,
  checkEnum,
  checkQuantity,
  checkTaintSyntax,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  problemAt,
  type Toleration,
} from "../../internal";
import { type ChartPartArgs, checkPart, checkPartResources, type PartResources } from "../part/part-args";
import { checkHost, checkLabels } from "./mesh-checks";
import type { ExternalAuthorizer } from "./mesh-facts";

/** How traffic of pods gets into the mesh. */
export const MeshDataPlane = {
  /** A proxy in each pod; rules on paths and headers hold everywhere. */
  sidecar: "sidecar",
  /** A proxy on each node (ztunnel), nothing in pods; rules on paths and headers need waypoints. */
  ambient: "ambient",
} as const;
/** How traffic of pods gets into the mesh. */
export type MeshDataPlane = (typeof MeshDataPlane)[keyof typeof MeshDataPlane];

/** From where the gateway is reached. */
export const GatewayExposure = {
  /** From within the cluster only. */
  none: "none",
  /** By a load balancer with private addresses. */
  internal: "internal",
  /** By a load balancer with public addresses, for some address ranges and over TLS alone. */
  public: "public",
} as const;
/** From where the gateway is reached. */
export type GatewayExposure = (typeof GatewayExposure)[keyof typeof GatewayExposure];

/** The gateway through which requests come into the mesh. */
export interface IstioGatewayArgs {
  /** Namespace to create for it; `istio-ingress` by default. */
  namespace?: string;
  /** Pods, from 1; 2 by default. */
  replicas?: number;
  /** What each pod asks for; 250m and 512Mi by default. */
  resources?: PartResources;
  /** From where it is reached; `none` by default. */
  exposure?: GatewayExposure;
  /** Address ranges that may reach a load balancer; required for `public`, and never the whole internet. */
  sourceRanges?: string[];
  /** Secret of the type `kubernetes.io/tls` in the gateway's namespace, for the names in `hosts`; required for `public`. */
  tlsSecret?: pulumi.Input<string>;
  /** Names that it answers to over TLS with `tlsSecret`; every name by default. */
  hosts?: string[];
  /** Annotations of the load balancer's Service, laid over the component's own; none by default. */
  annotations?: Record<string, string>;
  /** Controller of the load balancer, for example `service.k8s.aws/nlb`; the cluster's own by default. */
  loadBalancerClass?: string;
}

/** Pods that may be talked to without mutual TLS. */
export interface MtlsException {
  /** Name of the policy, unique in its namespace. */
  name: string;
  /** Namespace of the pods. */
  namespace: string;
  /** Labels of the pods; all pods of the namespace by default. */
  workload?: Record<string, string>;
  /** Ports of the pods that are excepted; all by default. They need `workload`. */
  ports?: number[];
}

/** What the proxy in each pod asks for. */
export interface SidecarResources {
  /** CPU request; 100m by default. */
  cpu?: string;
  /** Memory request; 128Mi by default. */
  memory?: string;
  /** Memory limit; 1Gi by default. */
  memoryLimit?: string;
}

/** What an {@link Istio} is made from. Every argument has a default. */
export interface IstioArgs extends ChartPartArgs {
  /** How traffic of pods gets into the mesh; `sidecar` by default, which Kubeflow's rules are written for. */
  dataPlane?: MeshDataPlane;
  /** The gateway. */
  gateway?: IstioGatewayArgs;
  /** Whether there is a gateway; true by default. */
  hasGateway?: boolean;
  /** Pods that may be talked to without mutual TLS, which the mesh demands everywhere else; none by default. */
  mtlsExceptions?: MtlsException[];
  /** Whether requests that no AuthorizationPolicy allows are refused, in the whole mesh; false by default. */
  defaultDeny?: boolean;
  /** Services that the mesh asks whether requests may pass, beside that of `ConsoleAccess`; none by default. */
  authorizers?: ExternalAuthorizer[];
  /** Namespaces whose pods never get a proxy, beside Kubernetes' and Istio's own; none by default. */
  excludedNamespaces?: string[];
  /** What the proxy in each pod asks for. */
  sidecarResources?: SidecarResources;
  /** Namespace to create for what reaches into nodes (the CNI plugin, ztunnel); `istio-cni` by default. */
  nodeNamespace?: string;
  /** What the CNI plugin asks for on each node; 100m and 256Mi by default. */
  cniResources?: PartResources;
  /** What ztunnel asks for on each node, in the mode `ambient`; 200m and 512Mi by default. */
  ztunnelResources?: PartResources;
  /** Taints that the CNI plugin and ztunnel tolerate; every taint by default, as pods without them get no network. */
  nodeTolerations?: Toleration[];
  /** Folder of CNI plugins on nodes; `/opt/cni/bin` by default. */
  cniBinDirectory?: string;
  /** Folder of CNI configuration on nodes; `/etc/cni/net.d` by default. */
  cniConfigDirectory?: string;
  /** Registry of Istio's images, for mirrors; `registry.istio.io/release` by default. */
  hub?: string;
  /** Values of the chart `base`; `values` are those of `istiod`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the chart takes is known to the chart alone
  baseValues?: Record<string, any>;
  /** Values of the chart `cni`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the chart takes is known to the chart alone
  cniValues?: Record<string, any>;
  /** Values of the chart `ztunnel`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the chart takes is known to the chart alone
  ztunnelValues?: Record<string, any>;
  /** Values of the chart `gateway`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the chart takes is known to the chart alone
  gatewayValues?: Record<string, any>;
}

/** Checks the inputs of {@link Istio}. */
export function validateIstio(_name: string, args: IstioArgs): InputProblem[] {
  const { gateway = {}, mtlsExceptions = [], excludedNamespaces = [], authorizers = [], sidecarResources } = args;
  return [
    ...checkPart(args, { prefix: false }),
    ...checkEnum("dataPlane", args.dataPlane, MeshDataPlane),
    ...checkGateway(gateway),
    ...(args.hasGateway === false && Object.keys(gateway).length > 0 ? [unusedGateway] : []),
    ...mtlsExceptions.flatMap((exception, index) => checkException(exception, `mtlsExceptions[${index}]`)),
    ...authorizers.flatMap((authorizer, index) => checkAuthorizer(authorizer, `authorizers[${index}]`)),
    ...excludedNamespaces.flatMap((name, index) => checkDnsLabel(`excludedNamespaces[${index}]`, name)),
    ...checkPartResources("sidecarResources", sidecarResources, { cpu: "100m", memory: "128Mi" }),
    ...checkQuantity("sidecarResources.memoryLimit", sidecarResources?.memoryLimit, "1Gi"),
    ...(args.nodeNamespace === undefined ? [] : checkDnsLabel("nodeNamespace", args.nodeNamespace)),
    ...checkPartResources("cniResources", args.cniResources, resourceExamples),
    ...checkPartResources("ztunnelResources", args.ztunnelResources, resourceExamples),
    ...checkTaintSyntax("nodeTolerations", args.nodeTolerations),
    ...checkFolder("cniBinDirectory", args.cniBinDirectory),
    ...checkFolder("cniConfigDirectory", args.cniConfigDirectory),
    ...checkNamespaces(args),
  ];
}

const unusedGateway = problemAt("gateway", "given", "none where hasGateway is false", "Remove it, or set hasGateway.");

/** How resources of the gateway and of what runs on nodes are written. */
const resourceExamples = { cpu: "200m", memory: "512Mi" };

function checkFolder(path: string, folder: string | undefined): InputProblem[] {
  if (folder === undefined || /^(\/[A-Za-z0-9._-]+)+$/.test(folder)) return [];
  return [inputProblem(path, folder, "an absolute path", 'Write it like "/opt/cni/bin".')];
}

/** What reaches into nodes must not share a namespace with what must not. */
function checkNamespaces({ namespace = "istio-system", nodeNamespace = "istio-cni", gateway = {} }: IstioArgs) {
  const names = [namespace, nodeNamespace, gateway.namespace ?? "istio-ingress"];
  if (new Set(names).size === names.length) return [];
  const remedy = "Give the control plane, the node programs and the gateway a namespace each.";
  return [problemAt("namespace", names.join(", "), "three different namespaces", remedy)];
}

function checkGateway(gateway: IstioGatewayArgs): InputProblem[] {
  const { namespace, replicas, exposure = GatewayExposure.none, sourceRanges = [], tlsSecret, hosts = [] } = gateway;
  const isPublic = exposure === GatewayExposure.public;
  const ranges = problemAt("gateway.sourceRanges", "missing", "address ranges for public", "Name who may come in.");
  const secret = problemAt("gateway.tlsSecret", "missing", "a TLS Secret for public", "Make a certificate first.");
  const unused = problemAt(
    "gateway.sourceRanges",
    "given",
    "none without a load balancer",
    "Remove them, or set exposure.",
  );
  return [
    ...(namespace === undefined ? [] : checkDnsLabel("gateway.namespace", namespace)),
    ...checkWholeNumber("gateway.replicas", replicas, { min: 1 }),
    ...checkPartResources("gateway.resources", gateway.resources, resourceExamples),
    ...checkEnum("gateway.exposure", exposure, GatewayExposure),
    ...sourceRanges.flatMap((range, index) => checkRange(`gateway.sourceRanges[${index}]`, range)),
    ...(isPublic && sourceRanges.length === 0 ? [ranges] : []),
    ...(isPublic && tlsSecret === undefined ? [secret] : []),
    ...(exposure === GatewayExposure.none && sourceRanges.length > 0 ? [unused] : []),
    ...hosts.flatMap((host, index) => (host === "*" ? [] : checkHost(`gateway.hosts[${index}]`, host, true))),
  ];
}

/** Checks a range of IPv4 or IPv6 addresses that is not all of them. */
function checkRange(path: string, range: string): InputProblem[] {
  const isRange = /^(\d{1,3}(\.\d{1,3}){3}\/([1-9]|[12]\d|3[0-2])|[0-9a-fA-F:]+:[0-9a-fA-F:]*\/[1-9]\d{0,2})$/.test(
    range,
  );
  if (isRange) return [];
  const allowed = "a range of addresses that is not the whole internet";
  return [inputProblem(path, range, allowed, 'Write it like "203.0.113.0/24".')];
}

function checkException({ name, namespace, workload, ports = [] }: MtlsException, path: string): InputProblem[] {
  const needsWorkload = problemAt(`${path}.workload`, "missing", "labels where ports are given", "Say whose ports.");
  return [
    ...checkDnsLabel(`${path}.name`, name),
    ...checkDnsLabel(`${path}.namespace`, namespace),
    ...checkLabels(`${path}.workload`, workload),
    ...ports.flatMap((port, index) => checkWholeNumber(`${path}.ports[${index}]`, port, { min: 1, max: 65535 })),
    ...(ports.length > 0 && workload === undefined ? [needsWorkload] : []),
  ];
}

function checkAuthorizer({ name, service, port }: ExternalAuthorizer, path: string): InputProblem[] {
  return [
    ...checkDnsLabel(`${path}.name`, name),
    ...checkHost(`${path}.service`, service, false),
    ...checkWholeNumber(`${path}.port`, port, { min: 1, max: 65535 }),
  ];
}
