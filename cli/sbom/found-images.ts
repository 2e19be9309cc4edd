import { containersOf, podSetsOf } from "../../components/model/pod-sets";
import type { PlannedResource } from "../../preflight/planned-resource";
import type { BillComponent } from "./bill";
import { imageComponent } from "./platform-sources";

/** Every image that pods of these resources run, once each, in the order of their names. */
export function foundImages(resources: readonly PlannedResource[]): BillComponent[] {
  const trees = resources.map(({ properties }) => properties);
  const references = trees.flatMap((tree) =>
    podSetsOf(tree, trees).flatMap((set) =>
      containersOf(set).flatMap(({ container: { image } }) =>
        typeof image === "string" && image !== "" ? [image] : [],
      ),
    ),
  );
  return [...new Set(references)].sort().map((reference) => imageComponent(reference));
}
