import { isUnknown, pathInPodSet, UNKNOWN, type Tree } from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import { allOf, anyOf, not, type Truth } from "../../engine/truth";
import { NODE_AFFINITY, requirementsOf, selectorOf, termsOf, type Requirement } from "../node-requirement";
import { repels, withValue } from "../taint";
import { isTolerated, tolerationsOf } from "../toleration";
import { gpuModelsOf, offerOf, type StackPool, type StackPools } from "./node-labels";
import { textOf } from "./text-of";

/** Label by which GPU Feature Discovery names the product, for example `NVIDIA-A100-SXM4-40GB` or `Tesla-T4`. */
const PRODUCT_LABEL = "nvidia.com/gpu.product";

/**
 * Tells whether a pool may have a node with the labels that some pods require. What somebody else may put on a node
 * counts as being there.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ v1.36
 */
export function isSelected(pods: PodGroup, pool: StackPool, { declaredKeys }: StackPools): Truth {
  const fits = (requirement: Requirement) => isOffered(requirement, pool, declaredKeys);
  const terms = termsOf(pods);
  const ofTerms = isUnknown(terms)
    ? UNKNOWN
    : terms.length === 0 || anyOf(terms.map((term) => allOf(requirementsOf(term).map(fits))));
  return allOf([...selectorOf(pods).map(fits), ofTerms]);
}

/** Tells whether the scheduler may put some pods on nodes of a pool: by their labels, and by their taints. */
export function mayRunOn(pods: PodGroup, pool: StackPool, stack: StackPools): Truth {
  const { taints = [] } = pool.shape;
  const { tolerations } = tolerationsOf(pods);
  const admits = isUnknown(taints)
    ? UNKNOWN
    : allOf(
        taints.map((told) => {
          const taint = withValue(isUnknown(told) ? UNKNOWN : { ...told });
          return not(allOf([repels(taint), not(isTolerated(tolerations, taint))]));
        }),
      );
  return allOf([isSelected(pods, pool, stack), admits]);
}

/** Tells whether some pods require anything of the labels of their node. */
export function selectsNodes(pods: PodGroup): boolean {
  const terms = termsOf(pods);
  return selectorOf(pods).length > 0 || isUnknown(terms) || terms.length > 0;
}

/** Where some pods say which nodes they run on: the selector, and where there is none, the affinity. */
export function selectionPath(pods: PodGroup): string {
  const hasSelector = selectorOf(pods).length > 0;
  return pathInPodSet(pods, hasSelector ? "spec.nodeSelector" : `spec.${NODE_AFFINITY}`);
}

/** How messages show what pods require: `mlstack.dev/pool=train`, and `or` between the terms of an affinity. */
export function describeSelection(pods: PodGroup): string {
  const terms = termsOf(pods);
  const ofTerms = isUnknown(terms) ? [] : terms.map((term) => requirementsOf(term).map(describe).join(" and "));
  const parts = [...selectorOf(pods).map(describe), ofTerms.join(" or ")];
  return parts.filter((part) => part !== "").join(" and ");
}

/** The keys of the labels that some pods require, each once. */
export function selectedKeys(pods: PodGroup): string[] {
  const terms = termsOf(pods);
  const all = [...selectorOf(pods), ...(isUnknown(terms) ? [] : terms.flatMap(requirementsOf))];
  return [...new Set(all.flatMap(({ key }) => (typeof key === "string" ? [key] : [])))];
}

/** Whether some node of the pool may meet the requirement. */
function isOffered({ key, operator, values }: Requirement, pool: StackPool, declaredKeys: ReadonlySet<string>): Truth {
  if (isUnknown(key) || isUnknown(operator)) return UNKNOWN;
  const offer = key === PRODUCT_LABEL ? productOffer(pool, values) : offerOf(pool, textOf(key), declaredKeys);
  if (offer === "open") return true;
  if (isUnknown(offer)) return UNKNOWN;
  const has = (wanted: (offered: Tree) => Truth) => anyOf(offer.map(wanted));
  switch (operator) {
    case "In":
      return has((offered) => isAmong(offered, values));
    case "Exists":
      return offer.length > 0;
    case "NotIn":
      return offer.length === 0 || has((offered) => not(isAmong(offered, values)));
    case "DoesNotExist":
      return offer.length === 0;
    default:
      // Numbers are compared by Gt and Lt, which few pods do.
      return true;
  }
}

function isAmong(offered: Tree, values: Tree[]): Truth {
  return anyOf(values.map((value) => (isUnknown(offered) || isUnknown(value) ? UNKNOWN : offered === value)));
}

/** The product is told by the driver; of the values that are asked for, those of the pool's models are offered. */
function productOffer(pool: StackPool, values: Tree[]): Tree[] | "open" | typeof UNKNOWN {
  const declared = offerOf(pool, PRODUCT_LABEL, new Set());
  if (declared !== "open") return declared;
  const models = gpuModelsOf(pool.shape);
  if (models === undefined) return "open";
  if (models.some(isUnknown)) return UNKNOWN;
  return values.filter((value) => isUnknown(value) || models.some((model) => isProductOf(String(model), value)));
}

/** `NVIDIA-A100-SXM4-40GB` is an `a100`: every word of the model is one of the product. */
function isProductOf(model: string, product: Tree): boolean {
  const words = textOf(product).toLowerCase().split(/[-_ ]/);
  return model.split("-").every((word) => words.includes(word));
}

function describe({ key, operator, values }: Requirement): string {
  const list = values.map((value) => (typeof value === "string" ? value : "?")).join(" or ");
  const sign = operator === "In" ? "=" : ` ${textOf(operator)} `;
  return `${textOf(key)}${sign}${list}`.trim();
}
