import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS } from "../../model/versions";
import { type Adjustment, type ChartValues, inTurn, RenderedObjects, type Rendering } from "../../rendering";
import { partNamespace, PodSecurityLevel } from "../part/part-namespace";
import { hardened, restrictedContainer } from "./hardening";
import { DEFAULT_RUNTIMES, type KServeArgs, KServeRuntime, validateKServe } from "./kserve-args";
import { chartVersion, KSERVE_NAMESPACE, kserveRuntimeValues, kserveValues } from "./kserve-values";
import { edited, type ManifestContainer, podOf, setEnvironment } from "./manifest-edits";

/**
 * KServe: serves models. An InferenceService names a model and where it lies; KServe downloads it, picks a server for its
 * format, and scales it.
 *
 * Creates a namespace, the resource types, the controller with its webhooks and certificate, and the runtimes that every
 * namespace can use. Needs cert-manager.
 */
export class KServe extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** True once models can be served: types are established, the webhooks answer, runtimes are there. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when cert-manager is missing, the namespace is Kubernetes' own, the domain is not one's
   * own, vLLM's image is not exact, or a name, number, quantity or version is misspelt.
   */
  constructor(name: string, args: KServeArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateKServe(name, args);
    super("mlstack:index:KServe", name, checkedInputs("KServe", name, args, errors), opts);

    const rendering = kserveRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    // A webhook judges runtimes, so they come once it answers.
    const runtimes = new RenderedObjects(`${name}-runtimes`, kserveRuntimesRendering(args), {
      parent: this,
      dependsOn: [objects],
    });
    this.namespace = namespace.metadata.name;
    this.ready = pulumi.all([objects.ready, runtimes.ready]).apply(() => true);
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** What KServe consists of, beside its namespace and runtimes. */
export function kserveRendering(args: KServeArgs): Rendering {
  const { namespace = KSERVE_NAMESPACE, platform = {}, replicas = 2 } = args;
  const version = chartVersion(args);
  const types = compact({ chart: CHARTS.kserveTypes, release: "kserve-crd", namespace, version });
  const values = kserveValues(args);
  const controller = compact({ chart: CHARTS.kserve, release: "kserve", namespace, values, version });
  const adjust = inTurn(
    withoutExamples,
    withResources(values),
    withRestrictedDownloads,
    hardened({ platform, replicas: { "kserve-controller-manager": replicas } }),
  );
  return { sources: [types, controller], facts: platform, namespace, adjust };
}

/** What KServe has for every namespace to serve models with. */
export function kserveRuntimesRendering(args: KServeArgs): Rendering {
  const { namespace = KSERVE_NAMESPACE, platform = {}, runtimes = DEFAULT_RUNTIMES, vllmImage } = args;
  const values = kserveRuntimeValues(args);
  const version = chartVersion(args);
  const source = compact({
    chart: CHARTS.kserveRuntimes,
    release: "kserve-runtime-configs",
    namespace,
    values,
    version,
  });
  const names = runtimes.map((runtime) => `kserve-${runtime}`);
  const allowed: Adjustment = (objects) => objects.filter(({ metadata }) => names.includes(metadata.name));
  return {
    sources: [source],
    facts: platform,
    namespace,
    adjust: inTurn(allowed, withRestrictedServers, withVllm(vllmImage)),
  };
}

/** The chart lays values over resources of its own, a CPU limit of 100m among them, which would slow the controller. */
function withResources(values: ChartValues): Adjustment {
  const { resources } = (values["kserve"] as { controller: { resources: ManifestContainer["resources"] } }).controller;
  return edited("Deployment", "kserve-controller-manager", (controller) => {
    const manager = podOf(controller).containers.find(({ name }) => name === "manager")!;
    manager.resources = resources!;
  });
}

/** Leaves out the documentation in the configuration, which is as long as the rest of it and names other images. */
const withoutExamples = edited("ConfigMap", "inferenceservice-config", (config) => {
  delete (config["data"] as Record<string, unknown>)["_example"];
});

/** Downloads of models run in the namespaces of the models, which may be held to `restricted`. */
const withRestrictedDownloads = edited("ClusterStorageContainer", undefined, ({ spec }) => {
  restrict((spec as { container: ManifestContainer }).container);
});

/** Pods of models have no security context of their own, so each server has all of it. */
const withRestrictedServers = edited("ClusterServingRuntime", undefined, ({ spec }) => {
  const { containers, workerSpec } = spec as ServingPod & { workerSpec?: ServingPod };
  [...containers, ...(workerSpec?.containers ?? [])].forEach(restrict);
});

interface ServingPod {
  containers: ManifestContainer[];
}

function restrict(container: ManifestContainer): void {
  container.securityContext = { ...restrictedContainer, ...container.securityContext };
}

/** User of vLLM's image, which would run as root otherwise. */
const VLLM_USER = 1000;

function withVllm(image: string | undefined): Adjustment {
  return edited("ClusterServingRuntime", `kserve-${KServeRuntime.vllm}`, ({ spec }) => {
    const [container] = (spec as ServingPod).containers;
    container!.image = image ?? container!.image;
    container!.securityContext = { runAsUser: VLLM_USER, ...container!.securityContext };
    // The image may not know the user, who then has neither a folder for caches nor a name.
    setEnvironment(container!, { HOME: "/tmp", USER: "vllm" });
  });
}
