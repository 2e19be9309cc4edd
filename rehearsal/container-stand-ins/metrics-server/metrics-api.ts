import {
  CoreV1Api,
  type KubeConfig,
  type V1APIResource,
  type V1Node,
  type V1ObjectMeta,
  type V1Pod,
} from "@kubernetes/client-node";
import { formatQuantity } from "../../../components/model/quantity";
import { hasCode, reasonOf } from "../../cluster/api-errors";
import { MEASURED, type Measured, toldUsage, type Usage, USAGE_ANNOTATION } from "./told-usage";

/** Group of the API. */
export const GROUP = "metrics.k8s.io";
/** Its version. */
export const VERSION = "v1beta1";

const GROUP_VERSION = `${GROUP}/${VERSION}`;

/**
 * Seconds that a measurement tells of. Those here hold at the moment; the HorizontalPodAutoscaler takes none of a pod that has
 * not been ready for as long.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/replica_calculator.go `groupPods`
 */
const WINDOW_SECONDS = 1;

/** What is answered to a request. */
export interface Answer {
  code: number;
  body: object;
}

/** Which objects are asked for. */
interface Selection {
  labelSelector?: string;
  fieldSelector?: string;
}

/**
 * The API by which HorizontalPodAutoscalers, recommenders and `kubectl top` learn what pods and nodes use: what pods say in
 * their annotation `mlstack.dev/simulate-usage`, read anew at each request. Pods that say nothing are not measured; a node uses
 * what its pods do.
 *
 * @see https://github.com/kubernetes/metrics/blob/v0.36.3/pkg/apis/metrics/v1beta1/types.go
 */
export class MetricsApi {
  private readonly core: CoreV1Api;
  private readonly told = new Set<string>();

  /** @param log is told of what cannot be read, once. */
  constructor(
    config: KubeConfig,
    private readonly log: (line: string) => void,
  ) {
    this.core = config.makeApiClient(CoreV1Api);
  }

  /** Answers a GET. */
  async answer(url: URL): Promise<Answer> {
    const { pathname, searchParams } = url;
    const known = DISCOVERY[pathname.replace(/\/$/, "")];
    if (known !== undefined) return { code: 200, body: known };
    if (searchParams.has("watch")) return failure(405, "MethodNotAllowed", "what pods use cannot be watched");
    try {
      return (await this.measurements(pathname, selectionOf(searchParams))) ?? notFound(pathname);
    } catch (error) {
      // A selector that cannot be read, or that pods do not have.
      if (hasCode(error, 400)) return failure(400, "BadRequest", reasonOf(error));
      this.log(`what pods use: ${reasonOf(error)}`);
      return failure(503, "ServiceUnavailable", reasonOf(error));
    }
  }

  private async measurements(path: string, selection: Selection): Promise<Answer | undefined> {
    const [, resource, name] = /^\/apis\/metrics\.k8s\.io\/v1beta1\/(pods|nodes)(?:\/([^/]+))?$/.exec(path) ?? [];
    if (resource === "nodes") return name === undefined ? this.nodes(selection) : this.node(name);
    if (resource === "pods" && name === undefined) return listOf("PodMetricsList", await this.pods(selection));
    const [, namespace, pod] =
      /^\/apis\/metrics\.k8s\.io\/v1beta1\/namespaces\/([^/]+)\/pods(?:\/([^/]+))?$/.exec(path) ?? [];
    if (namespace === undefined) return undefined;
    if (pod === undefined) return listOf("PodMetricsList", await this.pods(selection, namespace));
    const [found] = await this.pods({ fieldSelector: `metadata.name=${pod}` }, namespace);
    return found && { code: 200, body: found };
  }

  private async pods(selection: Selection, namespace?: string): Promise<object[]> {
    const { items } = await (namespace === undefined
      ? this.core.listPodForAllNamespaces(selection)
      : this.core.listNamespacedPod({ namespace, ...selection }));
    return items.flatMap((pod) => {
      const containers = this.usageOf(pod);
      if (containers === undefined) return [];
      const amounts = containers.map(({ name, usage }) => ({ name, usage: amountsOf(usage) }));
      return [{ ...measured("PodMetrics", pod.metadata), containers: amounts }];
    });
  }

  private async nodes(selection: Selection): Promise<Answer> {
    const [{ items: nodes }, { items: pods }] = await Promise.all([
      this.core.listNode(selection),
      this.core.listPodForAllNamespaces(),
    ]);
    const byNode = new Map<string | undefined, V1Pod[]>(nodes.map(({ metadata }) => [metadata?.name, []]));
    for (const pod of pods) byNode.get(pod.spec?.nodeName)?.push(pod);
    return listOf(
      "NodeMetricsList",
      nodes.map((node) => this.nodeMetrics(node, byNode.get(node.metadata?.name) ?? [])),
    );
  }

  private async node(name: string): Promise<Answer | undefined> {
    const { items: nodes } = await this.core.listNode({ fieldSelector: `metadata.name=${name}` });
    const { items: pods } = await this.core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${name}` });
    return nodes[0] && { code: 200, body: this.nodeMetrics(nodes[0], pods) };
  }

  private nodeMetrics({ metadata }: V1Node, pods: readonly V1Pod[]): object {
    const all = pods.flatMap((pod) => this.usageOf(pod) ?? []);
    const sum = (name: Measured) => all.reduce((total, { usage }) => total + (usage[name] ?? 0n), 0n);
    return { ...measured("NodeMetrics", metadata), usage: amountsOf({ cpu: sum("cpu"), memory: sum("memory") }) };
  }

  /** What a pod that runs says that its containers use. */
  private usageOf(pod: V1Pod): ReturnType<typeof toldUsage> {
    if (pod.status?.phase !== "Running") return undefined;
    try {
      return toldUsage(pod);
    } catch (error) {
      const { namespace, name, uid, annotations } = pod.metadata ?? {};
      const key = `${uid} ${annotations?.[USAGE_ANNOTATION]}`;
      if (!this.told.has(key)) this.log(`${USAGE_ANNOTATION} of pod ${namespace}/${name}: ${reasonOf(error)}`);
      this.told.add(key);
      return undefined;
    }
  }
}

const DISCOVERED: V1APIResource[] = [
  { name: "nodes", kind: "NodeMetrics", namespaced: false, singularName: "", verbs: ["get", "list"] },
  { name: "pods", kind: "PodMetrics", namespaced: true, singularName: "", verbs: ["get", "list"] },
];

const DISCOVERED_GROUP = {
  name: GROUP,
  versions: [{ groupVersion: GROUP_VERSION, version: VERSION }],
  preferredVersion: { groupVersion: GROUP_VERSION, version: VERSION },
};

/** What there is to ask for, by path. */
const DISCOVERY: Record<string, object> = {
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [DISCOVERED_GROUP] },
  [`/apis/${GROUP}`]: { kind: "APIGroup", apiVersion: "v1", ...DISCOVERED_GROUP },
  [`/apis/${GROUP_VERSION}`]: {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: GROUP_VERSION,
    resources: DISCOVERED,
  },
};

function selectionOf(parameters: URLSearchParams): Selection {
  const entries = ["labelSelector", "fieldSelector"].map((name) => [name, parameters.get(name)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

/** What measurements begin with. */
function measured(kind: string, { name, namespace, labels }: V1ObjectMeta = {}): object {
  const timestamp = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const metadata = { name, namespace, labels, creationTimestamp: timestamp };
  return { kind, apiVersion: GROUP_VERSION, metadata, timestamp, window: `${WINDOW_SECONDS}s` };
}

function amountsOf(usage: Usage): Record<string, string> {
  const entries = Object.entries(usage) as [Measured, bigint][];
  return Object.fromEntries(entries.map(([name, amount]) => [name, formatQuantity(amount, MEASURED[name].format)]));
}

function listOf(kind: string, items: object[]): Answer {
  return { code: 200, body: { kind, apiVersion: GROUP_VERSION, metadata: {}, items } };
}

function notFound(path: string): Answer {
  return failure(404, "NotFound", `nothing is measured at ${path}; a pod has to run and to say what it uses`);
}

/** A refusal as the API server writes it. */
export function failure(code: number, reason: string, message: string): Answer {
  return { code, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code, reason, message } };
}
