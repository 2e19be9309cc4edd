import { isTreeObject, objectAt, stringAt, type TreeObject } from "../../components/model";
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
}

/**
 * One resource as the rules of a family see it: its properties are copied once, on first use, however many rules read
 * them and however many of these need its pods.
 */
export class Subject {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly #props: object;
  #tree: TreeObject | undefined;
  #pods: PodGroup[] | undefined;

  constructor(facts: ResourceFacts) {
    this.type = facts.type;
    this.name = facts.name;
    this.urn = facts.urn;
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
    this.#pods ??= this.kind === undefined ? [] : podGroupsOf(this.tree);
    return this.#pods;
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
