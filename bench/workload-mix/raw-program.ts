import { readFileSync } from "node:fs";
import type { MixedObject } from "./kinds";
import { benchmarkProvider, programVariable } from "./program";
import { registerRaw } from "./raw-objects";

/*
 * A Pulumi program: the objects of the mix, read from a file, without components.
 */
const manifests = JSON.parse(readFileSync(programVariable("manifests"), "utf8")) as MixedObject[];
registerRaw(manifests, benchmarkProvider());
