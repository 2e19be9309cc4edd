import { isUnknown, type Tree } from "../../components/model";
import { quantityOf } from "./quantities";
import { isExtendedResource, isHugePages } from "./resource-names";

const NANO_PER_UNIT = 10n ** 9n;

/** Marks of variables that an operator fills in when the work runs, of Argo and of Katib. */
const VARIABLE = /\{\{|\$\{/;

/** Whether a value stands for one that is filled in later, so that what it is now says nothing. */
export function isFilledInLater(value: Tree): boolean {
  return isUnknown(value) || (typeof value === "string" && VARIABLE.test(value));
}

/**
 * Why the API server takes no pod with such an amount of a resource; undefined where it does, or it is not known yet.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go
 * `ValidateResourceQuantityValue`
 */
export function amountFault(resource: string, value: Tree): string | undefined {
  if (isFilledInLater(value)) return undefined;
  const quantity = quantityOf(value);
  const given = JSON.stringify(value);
  if (quantity === undefined) return `${given} is no quantity`;
  if (quantity < 0n) return `${given} is below 0`;
  const isPart = isExtendedResource(resource) && quantity % NANO_PER_UNIT !== 0n;
  return isPart ? `${given} is no whole number, and there are no parts of ${resource}` : undefined;
}

/**
 * Why the API server takes no container that asks for so much of a resource within such a limit; undefined where it does.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go
 * `validateContainerResourceRequirements`
 */
export function excessFault(resource: string, asked: Tree, limit: Tree): string | undefined {
  const [request, most] = [quantityOf(asked), quantityOf(limit)];
  if (request === undefined || most === undefined || request === most) return undefined;
  const [given, bound] = [JSON.stringify(asked), JSON.stringify(limit)];
  if (request > most) return `${given} is more than the limit ${bound}`;
  return isOvercommitted(resource) ? undefined : `${given} is not the limit ${bound}, as it must be of ${resource}`;
}

/** Whether containers may use more of a resource than they ask for: of devices and huge pages they may not. */
function isOvercommitted(resource: string): boolean {
  return !isExtendedResource(resource) && !isHugePages(resource);
}
