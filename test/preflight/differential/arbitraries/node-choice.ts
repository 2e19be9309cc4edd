import fc from "fast-check";
import { LABEL_VALUES, LABELS } from "../vocabulary";
import { TAINTS } from "./nodes";
import { sometimes } from "./chance";

type Tree = Record<string, unknown>;

const key = fc.constantFrom(...Object.values(LABELS));
const valueOf = (key: string) => fc.constantFrom(...LABEL_VALUES[key]!);

const only = (key: string) => valueOf(key).map((value): Record<string, string> => ({ [key]: value }));
const several = fc
  .uniqueArray(fc.constantFrom(LABELS.zone, LABELS.pool, LABELS.capacity, LABELS.arch, LABELS.product, LABELS.odd), {
    minLength: 1,
    maxLength: 2,
  })
  .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, valueOf(key)]))));

/** Labels that a node must have. */
export const nodeSelector: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 2, arbitrary: only(LABELS.zone) },
  { weight: 1, arbitrary: only(LABELS.arch) },
  { weight: 1, arbitrary: only(LABELS.pool) },
  { weight: 2, arbitrary: several },
);

const listed = key.chain((key) =>
  fc.record({
    key: fc.constant(key),
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.uniqueArray(valueOf(key), { minLength: 1, maxLength: 2 }),
  }),
);
const present = fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist") });
const compared = fc.record({
  key: fc.constantFrom(LABELS.memory, LABELS.odd, LABELS.zone),
  operator: fc.constantFrom("Gt", "Lt"),
  values: fc.constantFrom("0", "40000", "5", "81559", "081560", "9223372036854775806", "many").map((value) => [value]),
});

const expressions = fc.array(fc.oneof({ weight: 3, arbitrary: listed }, present, compared), { maxLength: 2 });
const field = (operator: string, ...names: string[]) =>
  fc.constantFrom(...names).map((name) => ({ key: "metadata.name", operator, values: [name] }));
const named = field("In", "node-0", "node-1", "node-2", "node-9");
const fields = fc.array(fc.oneof(named, field("NotIn", "node-0", "node-1")), { minLength: 1, maxLength: 2 });

const term = fc
  .tuple(sometimes(3 / 4, expressions, undefined), sometimes(1 / 5, fields, undefined))
  .map(([matchExpressions, matchFields]) => ({
    ...(matchExpressions && { matchExpressions }),
    ...(matchFields && { matchFields }),
  }));

/** Terms that all name a node, as the pods of DaemonSets have: those nodes are the only ones that are looked at. */
const namedTerm = fc
  .tuple(named, sometimes(1 / 4, expressions, undefined), sometimes(1 / 2, named, undefined))
  .map(([field, matchExpressions, other]) => ({
    ...(matchExpressions && { matchExpressions }),
    matchFields: other ? [field, other] : [field],
  }));

const terms = fc.oneof(
  { weight: 5, arbitrary: fc.array(term, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(namedTerm, { minLength: 1, maxLength: 2 }) },
);

/** A required node affinity, together with a preferred one that must not count. */
export const nodeAffinity: fc.Arbitrary<Tree> = fc
  .tuple(terms, sometimes(1 / 6, listed, undefined))
  .map(([nodeSelectorTerms, preferred]) => ({
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
    ...(preferred && {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [preferred] } }],
    }),
  }));

const effect = fc.constantFrom(undefined, "", "NoSchedule", "NoExecute", "PreferNoSchedule");
const taint = fc.constantFrom(...TAINTS);
const toleration = fc.oneof(
  { weight: 4, arbitrary: taint.map(({ key, value, effect }): Tree => ({ key, value: value ?? "", effect })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(taint, effect, fc.constantFrom("Exists", "Equal", undefined, ""))
      .map(([{ key, value }, effect, operator]): Tree => ({
        key,
        ...(operator !== undefined && { operator }),
        ...(operator !== "Exists" && value !== undefined && { value }),
        ...(effect !== undefined && { effect }),
      })),
  },
  {
    weight: 1,
    arbitrary: effect.map((effect): Tree => ({ operator: "Exists", ...(effect !== undefined && { effect }) })),
  },
  { weight: 1, arbitrary: fc.constant<Tree>({ key: "dedicated", operator: "Equal", value: "other" }) },
);

/** Tolerations of all forms. */
export const tolerations: fc.Arbitrary<Tree[]> = fc.array(toleration, { maxLength: 3 });
