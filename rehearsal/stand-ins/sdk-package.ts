import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutRoot } from "../checkout";

/** Pulumi packages that a stand-in provider exists for, by the names that tokens begin with. */
export const STAND_IN_PACKAGES = ["aws", "eks", "kubernetes"] as const;

/** Name of a Pulumi package that a stand-in provider exists for. */
export type StandInPackage = (typeof STAND_IN_PACKAGES)[number];

/** The npm package of a provider, in whose type declarations the stand-ins read what resources look like. */
export interface SdkPackage {
  /** Name of the Pulumi package, for example `aws`. */
  name: StandInPackage;
  /** Version of the npm package; Pulumi asks for a provider plugin of the same one. */
  version: string;
  /** Folder of the npm package. */
  folder: string;
}

/** The installed npm package of a provider. */
export function sdkPackage(name: StandInPackage): SdkPackage {
  const folder = join(checkoutRoot(), "node_modules", "@pulumi", name);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return { name, version, folder };
}
