import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";
import { EXAMPLE_REGISTRY } from "../../rehearsal/images";

const { version } = JSON.parse(readFileSync(join(checkoutRoot(), "package.json"), "utf8")) as { version: string };

const image = (name: string) => `${EXAMPLE_REGISTRY}/${name}:${version}`;

/** Images of the stories' programs, as real nodes have them. */
export const EXAMPLE_IMAGES = {
  parameterServer: image("parameter-server"),
  demandTrain: image("scooter-demand-train"),
  demandServe: image("scooter-demand-serve"),
  demandFleet: image("scooter-demand-fleet"),
} as const;
