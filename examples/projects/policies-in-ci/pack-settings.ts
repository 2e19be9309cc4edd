import { writeFileSync } from "node:fs";
import { PACKS, packConfiguration } from "mlstack/policies";

const file = { profile: "restricted", rules: { "POD-23": "advisory" } };
for (const pack of Object.keys(PACKS)) {
  writeFileSync(`${pack}.json`, JSON.stringify(packConfiguration(pack, file)));
}
