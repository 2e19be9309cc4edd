import { childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../../components/model";
import { withoutLogins } from "./discretion";
import { materialise } from "./materialise";
import { podGroupsOf, type PodGroup } from "./pods";

/** Groups whose objects take pods from others, or hold objects that do, so that only their pods are looked for it. */
const LEADING_GROUPS = [
  "argoproj.io",
  "kubeflow.org",
  "serving.kserve.io",
  "trainer.kubeflow.org",
  "workload.codeflare.dev",
];

/** What a policy call tells of the resource it is about. */
export interface ResourceFacts {
  /** Pulumi type token, for example `kubernetes:batch/v1:Job`. */
  type: string;
  /** Name in the Pulumi program. */
  name: string;
  urn: string;
  /** The properties as CrossGuard hands them over; reading an unknown one may throw. */
  props: object;
  /** Whether Pulumi refuses to delete it (the option `protect`); undefined where that is not told. */
  isProtected?: boolean;
}

/**
 * One resource as the rules of a family see it: its properties are copied once, on first use, however many rules read
 * them and however many of these need its pods.
 */
export class Subject {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Whether Pulumi refuses to delete it; undefined outside Pulumi. */
  readonly isProtected: boolean | undefined;
  readonly #props: object;
  #tree: TreeObject | undefined;
  #pods: PodGroup[] | undefined;
  /** Read once, as every rule asks for it; null for anything but a Kubernetes object. */
  #readGroupKind: GroupKind | null | undefined;
  readonly #others: readonly Tree[];

  /** @param others Objects of the same stack that this one may name; without them, what they add to its pods is unknown. */
  constructor(facts: ResourceFacts, others: readonly Tree[] = []) {
    this.#others = others;
    this.type = facts.type;
    this.name = facts.name;
    this.urn = facts.urn;
    this.isProtected = facts.isProtected;
    this.#props = facts.props;
  }

  /** The properties as a plain tree. */
  get tree(): TreeObject {
    if (this.#tree === undefined) {
      const tree = materialise(this.#props);
      this.#tree = isTreeObject(tree) ? tree : {};
    }
    return this.#tree;
  }

  /** The kind of a Kubernetes object; undefined for anything else, such as components, Helm releases and cloud resources. */
  get kind(): string | undefined {
    return this.#groupKind?.kind;
  }

  /** The API group of a Kubernetes object, empty for the core group; undefined for anything else. */
  get group(): string | undefined {
    return this.#groupKind?.group;
  }

  /** Whether the object is of a Kubernetes kind, given as group and kind: `apps/Deployment`, `/Service`. */
  is(...kinds: string[]): boolean {
    const known = this.#groupKind;
    return known !== undefined && kinds.includes(known.name);
  }

  /** The groups of pods that this object brings about; none for anything but a Kubernetes object. */
  get pods(): PodGroup[] {
    this.#pods ??= this.kind === undefined ? [] : podGroupsOf(this.tree, this.#others);
    return this.#pods;
  }

  /** The namespace that the object names, or the default one; undefined where that is not known or there is none. */
  get namespace(): string | undefined {
    if (this.kind === undefined) return undefined;
    const namespace = childAt(objectAt(this.tree, "metadata"), "namespace") ?? "default";
    return typeof namespace === "string" ? namespace : undefined;
  }

  /** Whether pods take fields from an object that is not at hand, so that their absence here says nothing. */
  get isIncomplete(): boolean {
    if (this.kind === undefined || !(LEADING_GROUPS.includes(this.group ?? "") || this.kind.endsWith("List")))
      return false;
    return this.pods.some((pods) => pods.completedBy !== undefined);
  }

  /** The same resource beside others. */
  beside(others: readonly Tree[]): Subject {
    const { type, name, urn, isProtected } = this;
    const facts = { type, name, urn, props: this.tree, ...(isProtected === undefined ? {} : { isProtected }) };
    const subject = new Subject(facts, others);
    subject.#tree = this.tree;
    return subject;
  }

  /** How messages call it: `Job ml/mnist` for Kubernetes objects, `NodeGroup train` for others. */
  get title(): string {
    return withoutLogins(this.#written);
  }

  get #written(): string {
    if (this.kind === undefined) return `${this.type.slice(this.type.lastIndexOf(":") + 1)} ${this.name}`;
    const metadata = objectAt(this.tree, "metadata");
    const namespace = stringAt(metadata, "namespace");
    const name = stringAt(metadata, "name") ?? madeUpName(metadata) ?? this.name;
    return `${this.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  }

  /**
   * Every name under which exemptions may know it: its title, its URN, and its title with and without the namespace
   * `default`, which Pulumi writes out and manifests mostly leave out.
   */
  get names(): string[] {
    const { title, kind = "", urn } = this;
    const name = title.slice(kind.length + 1);
    const other = name.startsWith("default/") ? name.slice("default/".length) : `default/${name}`;
    return kind === "" || (name.includes("/") && other.startsWith("default/"))
      ? [title, urn]
      : [title, `${kind} ${other}`, urn];
  }

  get #groupKind(): GroupKind | undefined {
    this.#readGroupKind ??= groupKindOf(this.type, this.tree) ?? null;
    return this.#readGroupKind ?? undefined;
  }
}

/** The API server puts something behind `generateName`. */
function madeUpName(metadata: Tree): string | undefined {
  const start = stringAt(metadata, "generateName");
  return start === undefined ? undefined : `${start}*`;
}

/** API group and kind of a Kubernetes object, apart and together. */
interface GroupKind {
  group: string;
  kind: string;
  name: string;
}

function groupKindOf(type: string, tree: TreeObject): GroupKind | undefined {
  const [apiVersion, kind] = [stringAt(tree, "apiVersion"), stringAt(tree, "kind")];
  if (!type.startsWith("kubernetes:") || apiVersion === undefined || kind === undefined) return undefined;
  const [group = "", version] = apiVersion.split("/");
  const named = version === undefined ? "" : group;
  return { group: named, kind, name: `${named}/${kind}` };
}
