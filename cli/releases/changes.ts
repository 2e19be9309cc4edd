import { isTreeObject, type Tree } from "../../components/model";
import { nameOf, REMOVED_SECRET, typeOf } from "./recorded-state";

/** What becomes of a resource that is there: it is made anew, it goes, or it stays and is changed. */
export const CHANGE_KINDS = ["replace", "delete", "update"] as const;

/** A name of {@link CHANGE_KINDS}. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What an upgrade would do to a resource that is there. */
export interface Change {
  kind: ChangeKind;
  /** Token of the type, for example `aws:eks/nodeGroup:NodeGroup`. */
  type: string;
  /** Name in the program. */
  name: string;
  /** Paths of the properties that differ; of a replacement, those that demand it. Sorted; none of a deletion. */
  properties: string[];
}

/** A step of `pulumi preview --json`, as far as it matters. */
interface PreviewStep {
  op: string;
  urn: string;
  /** Properties that differ. */
  diffReasons?: string[] | null;
  /** Properties that demand a replacement. */
  replaceReasons?: string[] | null;
  /** Every path that differs, where the provider tells it. */
  detailedDiff?: Record<string, { kind: string }> | null;
  /** The resource as it is in the state. */
  oldState?: { inputs?: Tree } | null;
}

/** Steps that are a change, by how Pulumi calls them; a replacement has other steps for each of its halves. */
const KIND_OF: Record<string, ChangeKind> = { replace: "replace", delete: "delete", update: "update" };

/**
 * Changes of what is there, by type and name. Providers are left out, as their configuration is no resource of an environment,
 * and so are components, whose arguments act through what is in them.
 *
 * @param json what `pulumi preview --json` printed.
 */
export function changesOfPreview(json: string): Change[] {
  const { steps } = JSON.parse(json) as { steps: PreviewStep[] };
  const changes = steps.flatMap((step): Change[] => {
    const [kind, type] = [KIND_OF[step.op], typeOf(step.urn)];
    if (kind === undefined || type.startsWith("pulumi:providers:") || isComponent(type)) return [];
    const properties = propertiesOf(kind, step);
    // Whether a secret changes is not known, as it was not recorded.
    const judged = properties.filter((path) => valueUnder(step.oldState?.inputs, path) !== REMOVED_SECRET);
    if (judged.length < properties.length && judged.length === 0) return [];
    return [{ kind, type, name: nameOf(step.urn), properties: judged }];
  });
  return changes.sort((one, other) => (describeChange(one) < describeChange(other) ? -1 : 1));
}

/** One line that tells a change, for example `replace aws:eks/nodeGroup:NodeGroup system-nodes (amiType)`. */
export function describeChange({ kind, type, name, properties }: Change): string {
  return `${kind} ${type} ${name}${properties.length === 0 ? "" : ` (${properties.join(", ")})`}`;
}

function propertiesOf(kind: ChangeKind, { diffReasons, replaceReasons, detailedDiff }: PreviewStep): string[] {
  if (kind === "delete") return [];
  const detailed = Object.entries(detailedDiff ?? {}).flatMap(([path, { kind: how }]) =>
    kind === "update" || how.endsWith("-replace") ? [path] : [],
  );
  const told = (kind === "replace" ? replaceReasons : diffReasons) ?? [];
  return (detailed.length > 0 ? detailed : [...told]).sort();
}

/** Value under a path as Pulumi writes it, for example `data["tls.key"]` or `spec.ports[0]`; undefined where there is none. */
function valueUnder(tree: Tree, path: string): Tree {
  const names = [...path.matchAll(/\["([^"]*)"\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  return names.reduce<Tree>((node, name) => {
    if (Array.isArray(node)) return node[Number(name)];
    return isTreeObject(node) ? node[name] : undefined;
  }, tree);
}

/** Components of this package and of `@pulumi/eks`, and the stack itself. */
function isComponent(type: string): boolean {
  return type === "pulumi:pulumi:Stack" || /^(mlstack|eks):/.test(type);
}
