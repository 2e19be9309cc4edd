import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS, type PinnedChart } from "../../model/versions";
import { type ChartValues, RenderedObjects, type Rendering } from "../../rendering";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { type IstioArgs, validateIstio } from "./istio-args";
import {
  controlAdjustment,
  gatewayAdjustment,
  istioHttpsGateway,
  istioMonitors,
  istioPolicies,
} from "./istio-manifests";
import {
  ISTIO_NAMESPACE,
  ISTIO_NODE_NAMESPACE,
  isAmbient,
  istioBaseValues,
  istioCniValues,
  istiodValues,
  istioGatewayValues,
  ztunnelValues,
} from "./istio-values";
import { type MeshGateway, meshGateway } from "./mesh-facts";
import { createMeshObject } from "./mesh-object";

/** Keeps proxies out of a namespace. */
const notInjected = { "istio-injection": "disabled" };

/**
 * Istio: encrypts what pods say to each other, knows them by their service accounts, and decides who may talk to whom.
 * Kubeflow's consoles and profiles rely on it.
 *
 * Creates namespaces for the control plane, for what reaches into nodes, and for the gateway; the resource types; istiod
 * with its webhooks; the CNI plugin; ztunnel in the mode `ambient`; the gateway; and the mesh's demand for mutual TLS.
 */
export class Istio extends pulumi.ComponentResource {
  /** Namespace of the control plane, whose policies hold in the whole mesh. */
  public readonly namespace: pulumi.Output<string>;
  /** The gateway; undefined where there is none. */
  public readonly gateway: MeshGateway | undefined;
  /** True once pods get proxies, the gateway answers, and the mesh's policies hold. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when a namespace is Kubernetes' own or used twice, when a public gateway has no
   * address ranges or no TLS Secret, when ports are excepted for no labels, or when a name, host, number, quantity, range or
   * version is misspelt.
   */
  constructor(name: string, args: IstioArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateIstio(name, args);
    super("mlstack:index:Istio", name, checkedInputs("Istio", name, args, errors), opts);

    const { nodeNamespace = ISTIO_NODE_NAMESPACE, hasGateway = true } = args;
    const control = istioControlRendering(args);
    const namespace = partNamespace(name, control.namespace, PodSecurityLevel.restricted, this, notInjected);
    const nodes = partNamespace(`${name}-nodes`, nodeNamespace, PodSecurityLevel.privileged, this, notInjected);
    const render = (suffix: string, rendering: Rendering, dependsOn: pulumi.Resource[]) =>
      new RenderedObjects(`${name}-${suffix}`, rendering, { parent: this, dependsOn });

    const istiod = render("control", control, [namespace]);
    const cni = render("cni", istioCniRendering(args), [nodes, istiod]);
    const ztunnel = isAmbient(args) ? [render("ztunnel", ztunnelRendering(args), [nodes, cni])] : [];
    this.gateway = hasGateway ? meshGateway(args.gateway?.namespace) : undefined;
    const gateways = this.gateway === undefined ? [] : this.createGateway(name, args, this.gateway, [cni, ...ztunnel]);
    const policies = [...istioPolicies(args), ...istioMonitors(args)].map((object) =>
      createMeshObject(name, object, { parent: this, dependsOn: [istiod] }),
    );

    this.namespace = namespace.metadata.name;
    const parts = [istiod, cni, ...ztunnel, ...gateways.map(({ objects }) => objects)].map(({ ready }) => ready);
    const objects = [...policies, ...gateways.flatMap(({ routes }) => routes)].map(({ id }) => id);
    this.ready = pulumi.all([...parts, ...objects.map((id) => id.apply(() => true))]).apply(() => true);
    this.registerOutputs({ namespace: this.namespace, gateway: this.gateway, ready: this.ready });
  }

  private createGateway(name: string, args: IstioArgs, gateway: MeshGateway, after: pulumi.Resource[]) {
    const { restricted } = PodSecurityLevel;
    const namespace = partNamespace(`${name}-gateway`, gateway.namespace, restricted, this);
    const objects = new RenderedObjects(`${name}-gateway`, istioGatewayRendering(args), {
      parent: this,
      dependsOn: [namespace, ...after],
    });
    const opts = { parent: this, dependsOn: [namespace, ...after] };
    const routes = istioHttpsGateway(args).map((object) => createMeshObject(name, object, opts));
    return [{ objects, routes }];
  }
}

function source(args: IstioArgs, chart: PinnedChart, release: string, namespace: string, values: ChartValues) {
  return compact({ chart, release, namespace, values, version: args.version });
}

/**
 * The resource types and the control plane: the charts `base` and `istiod` together, as a webhook of `base` has its
 * certificate only once istiod runs.
 */
export function istioControlRendering(args: IstioArgs): Rendering {
  const { namespace = ISTIO_NAMESPACE, platform = {} } = args;
  const sources = [
    source(args, CHARTS.istioBase, "istio-base", namespace, istioBaseValues(args)),
    source(args, CHARTS.istiod, "istiod", namespace, istiodValues(args)),
  ];
  return { sources, facts: platform, namespace, adjust: controlAdjustment(args) };
}

/** The plugin that leads the traffic of pods into their proxies. */
export function istioCniRendering(args: IstioArgs): Rendering {
  const { nodeNamespace: namespace = ISTIO_NODE_NAMESPACE, platform = {} } = args;
  const sources = [source(args, CHARTS.istioCni, "istio-cni", namespace, istioCniValues(args))];
  return { sources, facts: platform, namespace, adjust: withoutNamespaces };
}

/** The proxy on each node, in the mode `ambient`. */
export function ztunnelRendering(args: IstioArgs): Rendering {
  const { nodeNamespace: namespace = ISTIO_NODE_NAMESPACE, platform = {} } = args;
  const sources = [source(args, CHARTS.ztunnel, "ztunnel", namespace, ztunnelValues(args))];
  return { sources, facts: platform, namespace, adjust: withoutNamespaces };
}

/** The gateway, beside its namespace. */
export function istioGatewayRendering(args: IstioArgs): Rendering {
  const { platform = {}, gateway = {} } = args;
  const { namespace, serviceAccount } = meshGateway(gateway.namespace);
  const sources = [source(args, CHARTS.istioGateway, serviceAccount, namespace, istioGatewayValues(args))];
  return { sources, facts: platform, namespace, adjust: gatewayAdjustment(args) };
}
