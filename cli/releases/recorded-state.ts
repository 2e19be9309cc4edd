import { isTreeObject, type Tree, type TreeObject } from "../../components/model";
import { sdkPackage, STAND_IN_PACKAGES } from "../../rehearsal/stand-ins/sdk-package";
import { differenceOf, withDifference } from "./tree-difference";

/** A resource in the state of a stack, as Pulumi exports it; beside what is named here there are its options. */
export interface StateResource {
  urn: string;
  type: string;
  /** Whether a provider manages it; a component is not custom. */
  custom?: boolean;
  id?: string;
  parent?: string;
  /** Reference `URN::ID` of the provider that manages it. */
  provider?: string;
  propertyDependencies?: Record<string, string[] | null> | null;
  inputs?: Tree;
  outputs?: Tree;
  [option: string]: unknown;
}

/** A state as `pulumi stack export` writes it and `pulumi stack import` reads it, as far as it matters. */
export interface ExportedState {
  version: number;
  deployment: { resources?: StateResource[] };
}

/** Stands in a recorded state for each text of a secret. */
export const REMOVED_SECRET = "secret-removed";

/** Stands in a recorded state for the folder that it was made in. */
const FOLDER = "/recorded";

const STACK = "pulumi:pulumi:Stack";

/** Form of the states that Pulumi exports and imports. */
const STATE_VERSION = 3;

/**
 * What says how a resource is looked after, beside what it is; it is recorded as it stands. Protection is not: a preview would
 * end at the first protected resource that goes, and tell nothing of the others.
 */
const OPTIONS = [
  "additionalSecretOutputs",
  "customTimeouts",
  "deletedWith",
  "id",
  "ignoreChanges",
  "replaceOnChanges",
  "retainOnDelete",
];

/** Properties that Pulumi keeps for itself, or that follow from others. */
const DERIVED = ["__internal", "tagsAll"];

/**
 * A resource as it is recorded, one a line: other resources are numbers of lines, from 0. Its URN follows from its type, its
 * name and its parent.
 */
interface RecordedResource {
  type: string;
  name: string;
  custom?: false;
  id?: string;
  parent?: number;
  provider?: number;
  /** Resources that each property follows from. */
  by?: Record<string, number[]>;
  inputs?: TreeObject;
  /** What has to be put over the inputs. */
  outputs?: Tree;
  [option: string]: unknown;
}

/**
 * The text that a state is recorded as: a line for each resource, after those that it needs, keys sorted. The order in which
 * they were made is another one each time and is not kept, so that recording anew shows what is new. Secrets, times, traces
 * and paths of the machine are left out, and so are the arguments of components and who merely waits for whom: nothing is
 * compared by them, and no replacement follows.
 *
 * @param state exported with its secrets in the clear, which is what their shape is known by.
 * @param folder where the stack was made, which paths in it begin with.
 */
export function recordedText({ deployment }: ExportedState, folder: string): string {
  const resources = inLastingOrder(deployment.resources ?? []);
  const lines = new Map(resources.map(({ urn }, index) => [urn, index]));
  const lineOf = (urn: string) => lines.get(urn)!;
  const recorded = resources.map((resource) => {
    const { urn, type, custom, parent, provider, propertyDependencies } = resource;
    const needs = Object.entries(propertyDependencies ?? {}).map(([property, others]): [string, number[]] => [
      property,
      (others ?? []).map(lineOf).sort((one, other) => one - other),
    ]);
    const inputs = withoutDerived(withoutSecrets(resource.inputs ?? {}, folder));
    const outputs = withoutDerived(withoutSecrets(resource.outputs ?? {}, folder));
    return compacted({
      type,
      name: nameOf(urn),
      parent: parent === undefined ? undefined : lineOf(parent),
      provider: provider === undefined ? undefined : lineOf(urnOfProvider(provider)),
      ...Object.fromEntries(OPTIONS.map((option) => [option, resource[option]])),
      by: compacted(Object.fromEntries(needs)),
      ...(custom === true ? { inputs, outputs: differenceOf(inputs, outputs) } : { custom: false }),
    });
  });
  const scope = resources[0]?.urn.split("::").slice(0, 2).join("::") ?? "";
  return [{ scope }, ...recorded].map((line) => `${JSON.stringify(sorted(line))}\n`).join("");
}

/** The state that was recorded as a text, with providers in the versions of the SDKs that are installed now. */
export function stateOfText(text: string): ExportedState {
  const [head = "{}", ...lines] = text.split("\n").filter(Boolean);
  const { scope } = JSON.parse(head) as { scope: string };
  const recorded = lines.map((line) => JSON.parse(line) as RecordedResource);
  const urns = recorded.map((resource) => `${scope}::${lineageOf(resource, recorded)}::${currentName(resource)}`);
  const resources = recorded.map((resource, index) => {
    const { type, name: _, custom, parent, provider, by = {}, inputs: own = {}, outputs = {}, ...options } = resource;
    const needs = Object.entries(by).map(([property, others]): [string, string[]] => [
      property,
      others.map((line) => urns[line]!),
    ]);
    const version = ownVersionOf(type);
    const inputs = version !== undefined && own["version"] !== undefined ? { ...own, version } : own;
    return compacted({
      ...options,
      urn: urns[index]!,
      type,
      custom: custom !== false,
      parent: parent === undefined ? undefined : urns[parent],
      provider: provider === undefined ? undefined : `${urns[provider]!}::${recorded[provider]!.id!}`,
      dependencies: [...new Set(needs.flatMap(([, others]) => others))],
      propertyDependencies: Object.fromEntries(needs),
      ...(custom === false ? {} : { inputs, outputs: withDifference(inputs, outputs) }),
    }) as StateResource;
  });
  return { version: STATE_VERSION, deployment: { resources } };
}

/** Type of a resource as its URN says it. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]!.split("$").at(-1)!;
}

/** Name of a resource as its URN says it. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Resources by their URNs, but each after those that it refers to. */
function inLastingOrder(resources: StateResource[]): StateResource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const ordered = new Set<StateResource>();
  const place = (urn: string) => {
    const resource = byUrn.get(urn);
    if (resource === undefined || ordered.has(resource)) return;
    const { parent, provider, propertyDependencies } = resource;
    if (parent !== undefined) place(parent);
    if (provider !== undefined) place(urnOfProvider(provider));
    const needs = Object.values(propertyDependencies ?? {}).flatMap((others) => others ?? []);
    [...needs].sort().forEach(place);
    ordered.add(resource);
  };
  [...byUrn.keys()].sort().forEach(place);
  return [...ordered];
}

function urnOfProvider(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

/** The types of a resource and of all that it is in, as a URN has them; the stack itself is not among them. */
function lineageOf({ type, parent }: RecordedResource, all: RecordedResource[]): string {
  const above = parent === undefined ? undefined : all[parent]!;
  return above === undefined || above.type === STACK ? type : `${lineageOf(above, all)}$${type}`;
}

/** Providers that no program makes are named after their version, and no other one than the SDK's is installed. */
function currentName({ type, name }: RecordedResource): string {
  const version = ownVersionOf(type);
  return version === undefined ? name : name.replace(/^default_\d\w*$/, `default_${version.replaceAll(/\W/g, "_")}`);
}

function ownVersionOf(type: string): string | undefined {
  const name = STAND_IN_PACKAGES.find((each) => type === `pulumi:providers:${each}`);
  return name === undefined ? undefined : sdkPackage(name).version;
}

/** Key and value by which Pulumi tells a secret from other values. */
const [SIGNATURE, SECRET] = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"];

function withoutSecrets(value: Tree, folder: string, isSecret = false): Tree {
  if (typeof value === "string") return isSecret ? REMOVED_SECRET : value.replaceAll(folder, FOLDER);
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, folder, isSecret));
  if (!isTreeObject(value)) return isSecret ? REMOVED_SECRET : value;
  if (value[SIGNATURE] === SECRET)
    return withoutSecrets(JSON.parse(value["plaintext"] as string) as Tree, folder, true);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner, folder, isSecret)]),
  );
}

/** Ids that Kubernetes gives objects are of no use to any program. */
function withoutDerived(value: Tree): Tree {
  if (!isTreeObject(value)) return value;
  const kept = Object.fromEntries(Object.entries(value).filter(([key]) => !DERIVED.includes(key)));
  if (!isTreeObject(kept["metadata"])) return kept;
  const { uid: _, ...metadata } = kept["metadata"];
  return { ...kept, metadata };
}

/** Without what is missing or empty at the top. */
function compacted(value: Record<string, unknown>): Record<string, unknown> {
  const isEmpty = (inner: unknown) =>
    inner === undefined || inner === null || (typeof inner === "object" && Object.keys(inner).length === 0);
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => !isEmpty(inner)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]): [string, unknown] => [key, sorted(inner)]));
}
