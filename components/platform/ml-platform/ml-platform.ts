import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import type { ArtifactStoreFacts } from "../artifact-store/artifact-store-facts";
import { KUBEFLOW_NAMESPACE } from "../kubeflow/kubeflow-args";
import { partNamespace, PodSecurityLevel } from "../part/part-namespace";
import { Tenant } from "../tenants/tenant";
import {
  chosenParts,
  completedArgs,
  hasConsoleInKubeflow,
  partsInKubeflow,
  storeOf,
  usesKubeflow,
} from "./completed-parts";
import type { MlPlatformArgs, PlatformPart } from "./ml-platform-args";
import { validateMlPlatform } from "./ml-platform-validation";
import { type PartEntry, PARTS_AFTER_TENANTS, platformParts } from "./platform-parts";

/**
 * A platform for machine learning on a cluster: parts, each told of the others, in the order in which they need one another,
 * and the tenants that work on it.
 *
 * Parts go in the reverse order: tenants with their resources, then queues, then controllers, then what these stand on.
 */
export class MlPlatform extends pulumi.ComponentResource {
  /** Names of the parts that are installed, in the order in which they were created. */
  public readonly parts: string[];
  /** Where artifacts are kept; undefined where nothing holds them. */
  public readonly artifactStore: ArtifactStoreFacts | undefined;
  /** Namespaces of the tenants, by the tenants' names. */
  public readonly tenantNamespaces: pulumi.Output<Record<string, string>>;
  /** True once every part is ready, and the tenants can work. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the inputs of a part are wrong, when a part is missing that another one needs,
   * when two parts do the same, when versions do not go together, or when quotas of tenants, queues and pools do not agree.
   */
  constructor(name: string, args: MlPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateMlPlatform(name, args);
    super("mlstack:index:MlPlatform", name, checkedInputs("MlPlatform", name, args, errors), opts);

    const chosen = chosenParts(args);
    this.parts = chosen;
    this.artifactStore = storeOf(args);
    const late = (part: PlatformPart) => PARTS_AFTER_TENANTS.includes(part);
    const parts = createParts(
      name,
      args,
      chosen.filter((part) => !late(part)),
      this,
    );
    const tenants = createTenants(args, parts, this);
    const lateParts = createLateParts(name, args, chosen.filter(late), [...parts, ...tenants.values()], this);

    const namespaces = [...tenants].map(([tenant, { namespace }]) => [tenant, namespace] as const);
    this.tenantNamespaces = pulumi.output(Object.fromEntries(namespaces));
    const all = [...parts, ...tenants.values(), ...lateParts];
    this.ready = pulumi.all(all.map((part) => part.ready ?? true)).apply(() => true);
    this.registerOutputs({ parts: this.parts, tenantNamespaces: this.tenantNamespaces, ready: this.ready });
  }
}

/** A part as it was created. */
type CreatedPart = pulumi.Resource & { ready?: pulumi.Output<boolean> };

/** Each part comes after those that it stands on, wherever the platform has them. */
function createParts(name: string, args: MlPlatformArgs, parts: PlatformPart[], parent: MlPlatform): CreatedPart[] {
  const created = new Map<PlatformPart, CreatedPart>();
  const kubeflow = createKubeflowNamespace(name, args, parent);
  for (const part of parts) {
    const before = platformParts[part].after.flatMap((other) => created.get(other) ?? []);
    const home = usesKubeflow(part, args) ? kubeflow : [];
    created.set(part, createPart(name, part, args, { parent, dependsOn: [...home, ...before] }));
  }
  return [...kubeflow, ...created.values()];
}

/** Each part comes after everything before it. */
function createLateParts(
  name: string,
  args: MlPlatformArgs,
  parts: PlatformPart[],
  before: pulumi.Resource[],
  parent: MlPlatform,
): CreatedPart[] {
  const created: CreatedPart[] = [];
  for (const part of parts) created.push(createPart(name, part, args, { parent, dependsOn: [...before, ...created] }));
  return created;
}

/** The namespace that several parts share; none where none of them is there. */
function createKubeflowNamespace(name: string, args: MlPlatformArgs, parent: MlPlatform): CreatedPart[] {
  if (partsInKubeflow(args).length === 0) return [];
  const labels = hasConsoleInKubeflow(args) ? { "istio-injection": "enabled" } : {};
  return [partNamespace(`${name}-kubeflow`, KUBEFLOW_NAMESPACE, PodSecurityLevel.baseline, parent, labels)];
}

function createPart(
  name: string,
  part: PlatformPart,
  args: MlPlatformArgs,
  opts: pulumi.ComponentResourceOptions,
): CreatedPart {
  const { create } = platformParts[part] as unknown as PartEntry<Record<string, unknown>>;
  return create(`${name}-${inKebabCase(part)}`, completedArgs(part, args), opts);
}

/** Tenants come after the controllers: what is theirs goes before these, which have to let it go. */
function createTenants(
  { tenants = {} }: MlPlatformArgs,
  dependsOn: pulumi.Resource[],
  parent: MlPlatform,
): Map<string, Tenant> {
  const made = Object.entries(tenants).map(
    ([tenant, own]) => [tenant, new Tenant(tenant, own, { parent, dependsOn })] as const,
  );
  return new Map(made);
}

function inKebabCase(part: PlatformPart): string {
  return part.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
