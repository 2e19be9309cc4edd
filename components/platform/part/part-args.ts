import {
  checkDnsLabel,
  checkExactVersion,
  checkQuantity,
  checkWholeNumber,
  compact,
  type InputProblem,
  inputProblem,
  type VersionForm,
} from "../../internal";
import { kubernetesVersion, POOL_LABEL, SUPPORTED_KUBERNETES } from "../../model";
import type { PlatformFacts } from "../../rendering";

/** What a controller's container asks for. */
export interface PartResources {
  /** CPU request, a Kubernetes quantity; each part has a default of its own. */
  cpu?: string;
  /** Memory request and limit, a Kubernetes quantity; each part has a default of its own. */
  memory?: string;
}

/** What every part of the platform is made from, beside what is particular to it. */
export interface PartArgs {
  /** What is known of the platform around the part; a real cluster without cert-manager and Prometheus by default. */
  platform?: PlatformFacts;
  /** Namespace to create for the part; each part has a default of its own. */
  namespace?: string;
  /** Exact version of the chart or manifests in place of the pinned one. */
  version?: string;
  /** Pods of each controller, from 1; 2 by default where controllers elect a leader, so that the loss of a node stops nothing. */
  replicas?: number;
  /** What the controller's container asks for. */
  resources?: PartResources;
}

/** What a part that is a Helm chart is made from. */
export interface ChartPartArgs extends PartArgs {
  /** Values of the chart that are set instead of or beside those of the component; none by default. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the chart takes is known to the chart alone
  values?: Record<string, any>;
}

/** Namespaces that every cluster has, and that go with no part. */
const sharedNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Checks what all parts have in common; the form is that of versions of the chart or of the manifests. */
export function checkPart(args: PartArgs, versionForm?: VersionForm): InputProblem[] {
  const { namespace, version, platform = {} } = args;
  return [
    ...(namespace === undefined ? [] : checkPartNamespace(namespace)),
    ...checkExactVersion("version", version, versionForm),
    ...checkWholeNumber("replicas", args.replicas, { min: 1 }),
    ...checkPartResources("resources", args.resources, { cpu: "500m", memory: "512Mi" }),
    ...(platform.systemPool === undefined ? [] : checkDnsLabel("platform.systemPool", platform.systemPool)),
    ...checkKubernetes("platform.kubernetesVersion", platform.kubernetesVersion),
  ];
}

function checkPartNamespace(namespace: string): InputProblem[] {
  if (!sharedNamespaces.includes(namespace)) return checkDnsLabel("namespace", namespace);
  const remedy = "The namespace is made with the part and deleted with it; give the part one of its own.";
  return [inputProblem("namespace", namespace, "a namespace that is not Kubernetes' own", remedy)];
}

function checkKubernetes(path: string, minor: string | undefined): InputProblem[] {
  if (minor === undefined || kubernetesVersion(minor) !== undefined) return [];
  return [inputProblem(path, minor, SUPPORTED_KUBERNETES.join(", "), "Upgrade the cluster first.")];
}

/** Checks what a container asks for, at a path; examples say how it is written. */
export function checkPartResources(
  path: string,
  given: PartResources | undefined,
  examples: Required<PartResources>,
): InputProblem[] {
  return [
    ...checkQuantity(`${path}.cpu`, given?.cpu, examples.cpu),
    ...checkQuantity(`${path}.memory`, given?.memory, examples.memory),
  ];
}

/** Requests and limits of a part's container, with the part's own defaults. */
export function partResources(given: PartResources | undefined, defaults: Required<PartResources>) {
  const { cpu, memory } = { ...defaults, ...given };
  return { requests: { cpu, memory }, limits: { memory } };
}

/** Nodes that the controllers of a part run on. */
export function systemNodes({ systemPool }: PlatformFacts = {}): Record<string, string> {
  return compact({ "kubernetes.io/os": "linux", [POOL_LABEL]: systemPool });
}
