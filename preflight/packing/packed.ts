import type { Compiled } from "../placement/compiled";
import { Fleet } from "../placement/fleet";
import type { PlacementProof } from "../placement/proof";
import { leastByPool } from "./least";
import { Packer } from "./packer";
import { unitsOf, type Unit } from "./units";

/** Pools and sets after everything that may run at once was placed. */
export interface Packed {
  fleet: Fleet;
  units: readonly Unit[];
}

/** Places everything that may run at once, each unit where it fits first. */
export function packed(stack: Compiled, proofs: readonly PlacementProof[]): Packed {
  const units = unitsOf(stack.entries.all, proofs);
  const least = leastByPool(stack.grounds, stack.entries.kinds());
  const fleet = new Fleet(stack.grounds, ({ number }) => least[number]!);
  const packer = new Packer(fleet, stack);
  // Pods that must be near others find them only once these have been placed.
  const late = units.filter((unit) => !packer.place(unit) && unit.isDrawn);
  for (const unit of late) packer.place(unit);
  return { fleet, units };
}
