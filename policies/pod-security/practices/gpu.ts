import { childAt, isTreeObject, isUnknown, tryParseQuantity, UNKNOWN, type Tree } from "../../../components/model";
import { anyOf, type Truth } from "../../engine/truth";

/** Resources that stand for accelerators: whole ones, slices and shared ones of NVIDIA, and those of AWS and AMD. */
const ACCELERATOR = /^(nvidia\.com\/(gpu(\.shared)?|mig-.+)|aws\.amazon\.com\/neuron.*|amd\.com\/gpu)$/;

/** Tells whether a container asks for accelerators; it asks for none where the amount is zero. */
export function asksForAccelerator(container: Tree): Truth {
  const resources = childAt(container, "resources");
  return anyOf(["limits", "requests"].map((side) => hasAccelerator(childAt(resources, side))));
}

function hasAccelerator(amounts: Tree): Truth {
  if (isUnknown(amounts)) return UNKNOWN;
  if (!isTreeObject(amounts)) return false;
  const found = Object.entries(amounts).filter(([resource]) => ACCELERATOR.test(resource));
  return anyOf(found.map(([, amount]) => (isUnknown(amount) ? UNKNOWN : (tryParseQuantity(amount) ?? 0n) !== 0n)));
}
