import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { busyboxLayer } from "../busybox";
import { link } from "../layer-entry";
import { PATH } from "../program-image";
import { keptLayer, type Layer } from "../store";
import type { Base } from "./base";
import { COMMON, distribution, packageEntries, unpackPackages } from "./debian";

/** Where images of Temurin have it; the distribution's own place is another one. */
export const JAVA_HOME = "/opt/java/openjdk";

/** What a Java is needed for, by the package that has it. */
const PACKAGES = { run: "openjdk-17-jre-headless", compile: "openjdk-17-jdk-headless" };

/**
 * Java and nothing else, in place of Docker's `eclipse-temurin:…-jre`.
 *
 * @throws {Problem} when there is no apt, no busybox, or no package index.
 */
export async function javaBase(): Promise<Base> {
  return { layers: [await busyboxLayer(), await javaLayer("run")], start: { environment: javaEnvironment() } };
}

/** Variables of an image with Java. */
export function javaEnvironment(): Record<string, string> {
  return { PATH: `${JAVA_HOME}/bin:${PATH}`, JAVA_HOME, LANG: "C.UTF-8" };
}

/**
 * The layer with Java 17: to run programs, or also to compile them.
 *
 * @throws {Problem} when there is no apt, or it does not get it.
 */
export async function javaLayer(purpose: keyof typeof PACKAGES): Promise<Layer> {
  const packages = [PACKAGES[purpose], ...COMMON];
  const inputs = { packages, distribution: distribution(), architecture: process.arch };
  return keptLayer({ from: `apt ${packages.join(" ")}`, inputs }, async (work) => {
    const unpacked = await unpackPackages(packages, work);
    // The folder has the architecture in its name.
    const [home = ""] = (await readdir(join(unpacked.folder, "usr", "lib", "jvm"))).filter((name) =>
      /^java-\d+-openjdk-/.test(name),
    );
    const entries = [...(await packageEntries(unpacked)), link(JAVA_HOME, `/usr/lib/jvm/${home}`)];
    return { entries, with: unpacked.versions.join(" ") };
  });
}
