import { childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../../components/model";
import { materialise } from "./materialise";
import { podGroupsOf, type PodGroup } from "./pods";

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
    const isObject = this.type.startsWith("kubernetes:") && stringAt(this.tree, "apiVersion") !== undefined;
    return isObject ? stringAt(this.tree, "kind") : undefined;
  }

  /** The groups of pods that this object brings about; none for anything but a Kubernetes object. */
  get pods(): PodGroup[] {
    this.#pods ??= this.kind === undefined ? [] : podGroupsOf(this.tree, this.#others);
    return this.#pods;
  }

  /** The API group of a Kubernetes object, empty for the core group; undefined for anything else. */
  get group(): string | undefined {
    if (this.kind === undefined) return undefined;
    const [group, version] = (stringAt(this.tree, "apiVersion") ?? "").split("/");
    return version === undefined ? "" : group;
  }

  /** Whether the object is of a Kubernetes kind, given as group and kind: `apps/Deployment`, `/Service`. */
  is(...kinds: string[]): boolean {
    return this.kind !== undefined && kinds.includes(`${this.group ?? ""}/${this.kind}`);
  }

  /** The namespace that the object names, or the default one; undefined where that is not known or there is none. */
  get namespace(): string | undefined {
    if (this.kind === undefined) return undefined;
    const namespace = childAt(objectAt(this.tree, "metadata"), "namespace") ?? "default";
    return typeof namespace === "string" ? namespace : undefined;
  }

  /** Whether pods take fields from an object that is not at hand, so that their absence here says nothing. */
  get isIncomplete(): boolean {
    return this.pods.some((pods) => pods.completedBy !== undefined);
  }

  /** The same resource beside others. */
  beside(others: readonly Tree[]): Subject {
    const { type, name, urn, isProtected } = this;
    const facts = { type, name, urn, props: this.tree, ...(isProtected === undefined ? {} : { isProtected }) };
    return new Subject(facts, others);
  }

  /** How messages call it: `Job ml/mnist` for Kubernetes objects, `NodeGroup train` for others. */
  get title(): string {
    if (this.kind === undefined) return `${this.type.slice(this.type.lastIndexOf(":") + 1)} ${this.name}`;
    const metadata = objectAt(this.tree, "metadata");
    const namespace = stringAt(metadata, "namespace");
    const name = stringAt(metadata, "name") ?? this.name;
    return `${this.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  }
}
