import { createHash } from "node:crypto";
import { type InputFault, inputFaults } from "../input-check";
import type { ResourceShape } from "../resource-shape";
import { sdkPackage } from "../sdk-package";
import { ShapeStore } from "../shape-store";
import {
  type Checked,
  type Effect,
  type Made,
  type Plan,
  type ResourceName,
  type StandIn,
  unknownType,
} from "../stand-in";
import { hasUnknown, isProperties, type Properties, UNKNOWN } from "../values";
import { answered } from "./functions";
import { CLUSTER_WIDE, READY, REPLACED_DATA, REPLACEMENTS } from "./kinds";
import { isOnThisMachine, type Renderer } from "./renderer";
import { unrendered } from "./unrendered";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const CONFIGURATION = "pulumi:providers:kubernetes";

/** Inputs of a release whose change makes another release of it. */
const RELEASE_REPLACEMENTS = ["name", "namespace"];

/** What a custom resource must be, as far as anyone knows without its definition. */
const CUSTOM_RESOURCE: ResourceShape = {
  inputs: {
    apiVersion: { type: { kind: "string" }, required: true },
    kind: { type: { kind: "string" }, required: true },
    metadata: { type: { kind: "map", values: { kind: "any" } }, required: false },
  },
  outputs: {},
  objects: {},
};

/** Kubeconfig in place of one that is not known yet; the engine does not ask an unconfigured provider for checks. */
const UNKNOWN_KUBECONFIG = "not known before the cluster is there";

/**
 * Stands in for the Kubernetes provider. Kinds of Kubernetes itself and Helm releases are checked against the SDK. Of a
 * custom resource only `apiVersion`, `kind` and `metadata` are checked, and of a release no more than its own arguments:
 * no definition is asked, and without a renderer no chart is opened. Every object is ready at once; no object is sent anywhere.
 */
export class KubernetesStandIn implements StandIn {
  readonly version: string;
  private readonly shapes: ShapeStore;
  private readonly source: string;
  private readonly said = new Set<string>();
  private configuration: Properties = {};

  /**
   * @param say Tells the user what is not as it would be; nobody is told by default.
   * @param renderer Renders charts and manifests that lie on this machine, and others become an object that tells of them; by
   * default all are empty.
   */
  constructor(
    private readonly say: (line: string) => void = () => undefined,
    private readonly renderer?: Renderer,
  ) {
    const sdk = sdkPackage("kubernetes");
    this.version = sdk.version;
    this.source = `@pulumi/kubernetes ${sdk.version}`;
    this.shapes = new ShapeStore(sdk);
  }

  checkConfig(inputs: Properties): Checked {
    const isUnknown = inputs["kubeconfig"] === UNKNOWN;
    return { inputs: isUnknown ? { ...inputs, kubeconfig: UNKNOWN_KUBECONFIG } : inputs, faults: [] };
  }

  configure(inputs: Properties): void {
    this.configuration = inputs;
  }

  check(resource: ResourceName, olds: Properties | undefined, news: Properties): Checked {
    const shape = this.shapeOf(resource.token);
    const inputs = resource.token === RELEASE ? namedRelease(resource, news) : namedObject(resource, olds, news);
    return { inputs, faults: this.faults(shape, inputs) };
  }

  effect(resource: ResourceName, olds: Properties, news: Properties): Effect {
    const { token } = resource;
    const data = REPLACED_DATA[token];
    const mayChange = data && String(this.configuration[data.setting]) === "true" && news["immutable"] !== true;
    const fields =
      token === RELEASE
        ? RELEASE_REPLACEMENTS
        : [
            ...["apiVersion", "kind", "metadata.name", "metadata.namespace"],
            ...(REPLACEMENTS[token] ?? []),
            ...(data && !mayChange ? data.fields : []),
          ];
    const [before, after] = [this.placeOf(resource, olds), this.placeOf(resource, news)];
    return {
      replaces: ({ names }) => fields.some((field) => `${names.join(".")}.`.startsWith(`${field}.`)),
      deletesFirst: before.name === after.name && before.namespace === after.namespace,
    };
  }

  create(plan: Plan): Made {
    const { name, namespace } = this.placeOf(plan, plan.inputs);
    if (plan.preview && hasUnknown([name, namespace])) return { id: "", outputs: this.outputs(plan) };
    return { id: namespace === undefined ? name : `${namespace}/${name}`, outputs: this.outputs(plan) };
  }

  update(plan: Plan): Properties {
    return this.outputs(plan);
  }

  read({ token }: ResourceName, id: string): Properties {
    const [namespace, name] = id.includes("/") ? id.split("/") : [undefined, id];
    const [, apiVersion, kind] = /^kubernetes:(?:core\/)?([^:]+):(.+)$/.exec(token) ?? [];
    return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
  }

  invoke(token: string, args: Properties): Properties | Promise<Properties> {
    const { answer, remark } = answered(token, args);
    if (this.renderer !== undefined) {
      return isOnThisMachine(args) ? this.renderer(token, args) : { result: [unrendered(args)] };
    }
    if (!this.said.has(remark)) this.say(remark);
    this.said.add(remark);
    return answer;
  }

  private outputs(plan: Plan): Properties {
    const { token, urn, inputs, preview } = plan;
    if (token === RELEASE) return { ...inputs, status: preview ? UNKNOWN : releaseStatus(inputs) };
    const metadata = isProperties(inputs["metadata"]) ? inputs["metadata"] : {};
    const { name, namespace } = this.placeOf(plan, inputs);
    const spec = isProperties(inputs["spec"]) ? inputs["spec"] : {};
    const ready = READY[token];
    return {
      ...inputs,
      metadata: {
        ...metadata,
        name,
        ...(namespace === undefined ? {} : { namespace }),
        uid: preview
          ? UNKNOWN
          : digestOf(urn)
              .slice(0, 32)
              .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
      },
      ...(ready ? { status: preview ? UNKNOWN : ready(spec) } : {}),
    };
  }

  /** Name and namespace of an object; a custom resource without a namespace may belong to none. */
  private placeOf(resource: ResourceName, inputs: Properties): { name: string; namespace: string | undefined } {
    const { token } = resource;
    const metadata = isProperties(inputs["metadata"]) ? inputs["metadata"] : {};
    const { name, generateName, namespace } = token === RELEASE ? inputs : metadata;
    const isNamespaced = this.shapeOf(token) !== "custom" && !CLUSTER_WIDE.has(token.split(":")[2] ?? "");
    const prefix = typeof generateName === "string" ? generateName : "";
    return {
      name: typeof name === "string" ? name : `${prefix}${digestOf(resource.urn).slice(0, 5)}`,
      namespace: typeof namespace === "string" ? namespace : isNamespaced ? "default" : undefined,
    };
  }

  private faults(shape: ResourceShape | "custom", inputs: Properties): InputFault[] {
    if (shape !== "custom") return inputFaults(shape, inSdkNames(inputs) as Properties, this.source);
    const { apiVersion, kind, metadata } = inputs;
    return inputFaults(CUSTOM_RESOURCE, { apiVersion, kind, metadata }, "a custom resource");
  }

  private shapeOf(token: string): ResourceShape | "custom" {
    const shape = token === CONFIGURATION ? undefined : this.shapes.shapeOf(token);
    if (shape === undefined) throw unknownType(token, this.source);
    return shape;
  }
}

/**
 * The same with extensions of schemas as the SDK spells them, `x_kubernetes_…`; rendered resource types have Kubernetes' own
 * `x-kubernetes-…`, and the provider takes both.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/provider/provider.go "underscoreToDashMap"
 */
function inSdkNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSdkNames);
  if (!isProperties(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.startsWith("x-kubernetes-") ? key.replaceAll("-", "_") : key,
      inSdkNames(inner),
    ]),
  );
}

/** Like the provider, which names an object after its resource and marks it as named so. */
function namedObject(resource: ResourceName, olds: Properties | undefined, news: Properties): Properties {
  const metadata = news["metadata"] ?? {};
  if (!isProperties(metadata) || metadata["name"] !== undefined || metadata["generateName"] !== undefined) return news;
  const given = isProperties(metadata["annotations"]) ? metadata["annotations"] : {};
  const before = isProperties(olds?.["metadata"]) ? olds["metadata"]["name"] : undefined;
  const name = before ?? madeName(resource);
  return { ...news, metadata: { ...metadata, name, annotations: { ...given, "pulumi.com/autonamed": "true" } } };
}

function namedRelease(resource: ResourceName, news: Properties): Properties {
  return news["name"] === undefined ? { ...news, name: madeName(resource) } : news;
}

function madeName({ urn, name }: ResourceName): string {
  return `${name.toLowerCase()}-${digestOf(urn).slice(0, 8)}`;
}

function releaseStatus({ name, namespace, chart, version }: Properties): Properties {
  return { name, namespace: namespace ?? "default", chart, version: version ?? "", revision: 1, status: "deployed" };
}

function digestOf(urn: string): string {
  return createHash("sha256").update(urn).digest("hex");
}
