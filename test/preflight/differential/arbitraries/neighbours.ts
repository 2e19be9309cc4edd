import fc from "fast-check";
import { NAMESPACES } from "../cluster-objects";
import { LABELS, POD_LABELS, RUN_LABEL } from "../vocabulary";
import { sometimes, withSome } from "./chance";

type Tree = Record<string, unknown>;

const namespace = fc.constantFrom(...Object.keys(NAMESPACES));

/** Labels of a pod: few and of few values, so that selectors often find one. */
export const podLabels: fc.Arbitrary<Record<string, string>> = withSome({
  app: [9 / 10, fc.constantFrom(...POD_LABELS.app)],
  role: [1 / 2, fc.constantFrom(...POD_LABELS.role)],
  [RUN_LABEL]: [1 / 3, fc.constantFrom(...POD_LABELS[RUN_LABEL])],
});

/** Selectors over given labels, empty ones among them. */
function selector(labels: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<Tree> {
  const key = fc.constantFrom(...Object.keys(labels));
  const matchLabels = key.chain((key) => fc.constantFrom(...labels[key]!).map((value) => ({ [key]: value })));
  const listed = key.chain((key) =>
    fc.record({
      key: fc.constant(key),
      operator: fc.constantFrom("In", "NotIn"),
      values: fc.uniqueArray(fc.constantFrom(...labels[key]!), { minLength: 1, maxLength: 2 }),
    }),
  );
  const present = fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist") });
  const matchExpressions = fc.array(fc.oneof({ weight: 2, arbitrary: listed }, present), {
    minLength: 1,
    maxLength: 2,
  });
  return fc.oneof(
    { weight: 4, arbitrary: matchLabels.map((matchLabels): Tree => ({ matchLabels })) },
    { weight: 3, arbitrary: matchExpressions.map((matchExpressions): Tree => ({ matchExpressions })) },
    { weight: 1, arbitrary: fc.record<Tree>({ matchLabels, matchExpressions }) },
    { weight: 1, arbitrary: fc.constant<Tree>({}) },
  );
}

const podSelector = selector({ app: POD_LABELS.app, role: POD_LABELS.role });
const namespaceSelector = selector({
  team: ["a", "b", "c"],
  tier: ["research", "serving"],
  "kubernetes.io/metadata.name": Object.keys(NAMESPACES),
});

const topologyKey = fc.constantFrom(
  LABELS.zone,
  LABELS.zone,
  LABELS.hostname,
  LABELS.hostname,
  LABELS.hostname,
  LABELS.pool,
  LABELS.odd,
);

/** Keys whose values the selector takes from the pod itself; they need a selector beside them. */
const runKeys = sometimes(1 / 8, fc.constant([RUN_LABEL]), undefined);

const term = fc
  .record({
    topologyKey,
    labelSelector: sometimes(9 / 10, podSelector, undefined),
    namespaces: sometimes(1 / 5, fc.uniqueArray(namespace, { minLength: 1, maxLength: 2 }), undefined),
    namespaceSelector: sometimes(1 / 4, namespaceSelector, undefined),
    matchLabelKeys: runKeys,
    mismatchLabelKeys: runKeys,
  })
  .map(({ topologyKey, labelSelector, namespaces, namespaceSelector, matchLabelKeys, mismatchLabelKeys }): Tree => ({
    topologyKey,
    ...(labelSelector && { labelSelector }),
    ...(namespaces && { namespaces }),
    ...(namespaceSelector && { namespaceSelector }),
    ...(labelSelector && matchLabelKeys && { matchLabelKeys }),
    ...(labelSelector && !matchLabelKeys && mismatchLabelKeys && { mismatchLabelKeys }),
  }));

/** A required pod affinity or anti-affinity, together with a preferred one that must not count. */
export const podAffinity: fc.Arbitrary<Tree> = fc
  .tuple(fc.array(term, { minLength: 1, maxLength: 2 }), sometimes(1 / 6, term, undefined))
  .map(([required, preferred]) => ({
    requiredDuringSchedulingIgnoredDuringExecution: required,
    ...(preferred && {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: preferred }],
    }),
  }));

const policy = fc.constantFrom("Honor", "Ignore", undefined);

const constraint = fc
  .record({
    topologyKey,
    maxSkew: fc.constantFrom(1, 1, 2, 3),
    whenUnsatisfiable: sometimes(9 / 10, fc.constant("DoNotSchedule"), "ScheduleAnyway"),
    minDomains: sometimes(1 / 3, fc.integer({ min: 1, max: 4 }), undefined),
    labelSelector: sometimes(9 / 10, podSelector, undefined),
    matchLabelKeys: runKeys,
    nodeAffinityPolicy: policy,
    nodeTaintsPolicy: policy,
  })
  .map(({ minDomains, labelSelector, matchLabelKeys, nodeAffinityPolicy, nodeTaintsPolicy, ...rest }) => ({
    ...rest,
    ...(minDomains !== undefined && rest.whenUnsatisfiable === "DoNotSchedule" && { minDomains }),
    ...(labelSelector && { labelSelector }),
    ...(labelSelector && matchLabelKeys && { matchLabelKeys }),
    ...(nodeAffinityPolicy && { nodeAffinityPolicy }),
    ...(nodeTaintsPolicy && { nodeTaintsPolicy }),
  }));

/** Topology spread constraints, of which no two are over the same topology. */
export const spread: fc.Arbitrary<Tree[]> = fc.uniqueArray(constraint, {
  minLength: 1,
  maxLength: 2,
  selector: ({ topologyKey, whenUnsatisfiable }) => topologyKey + whenUnsatisfiable,
});

/** Namespace of a pod: mostly the same one, since most selectors stay within it. */
export const podNamespace: fc.Arbitrary<string> = sometimes(1 / 4, namespace, "default");
