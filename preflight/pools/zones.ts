import { isUnknown, stringAt } from "../../components/model";
import type { PoolUnknown } from "./planned-pool";
import type { PoolSource } from "./pool-source";
import { unknownOf } from "./pool-unknowns";
import type { StackIndex } from "./stack-index";

const SUBNET_TYPE = "aws:ec2/subnet:Subnet";

/** Zones of a pool, and whether some of them are not known. */
export interface PoolZones {
  /** At least one; the empty text where nothing is said of zones. */
  names: string[];
  unknowns: PoolUnknown[];
}

/** Zones that new nodes of a pool may be in: those that it names, or those of the subnets that it waits for. */
export function zonesOf({ shape, makers, machines }: PoolSource, stack: StackIndex): PoolZones {
  const { availabilityZones: said } = shape;
  if (isUnknown(said)) return { names: [""], unknowns: [unknownOf(shape, "availabilityZones")] };
  const known = (said ?? []).filter((zone) => typeof zone === "string");
  const hidden = known.length < (said ?? []).length ? [unknownOf(shape, "availabilityZones")] : [];
  if (known.length > 0) return { names: [...new Set(known)], unknowns: hidden };
  const awaited = [...makers, ...(machines === undefined ? [] : [machines])].flatMap(
    ({ dependencies = [] }) => dependencies,
  );
  const subnets = awaited.map((urn) => stack.byUrn.get(urn)).filter((resource) => resource?.type === SUBNET_TYPE);
  const zones = subnets.map((subnet) => stringAt(subnet?.properties, "availabilityZone"));
  const ofSubnets = zones.filter((zone) => zone !== undefined);
  return { names: ofSubnets.length === 0 ? [""] : [...new Set(ofSubnets)], unknowns: hidden };
}
