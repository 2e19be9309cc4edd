import { createHash } from "node:crypto";
import { cp, mkdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { extract } from "tar";
import { busyboxLayer } from "../busybox";
import { entriesUnder, link } from "../layer-entry";
import { keptLayer, type Layer } from "../store";
import type { Base } from "./base";
import { javaEnvironment, javaLayer } from "./java";
import { getArtifact, getJars, maven } from "./maven-client";

const MAVEN_HOME = "/usr/share/maven";

/** What a repository notes about where and when things came; without it all that it has counts. */
const NOTES = /(^|\/)(_remote\.repositories|resolver-status\.properties|[^/]+\.lastUpdated)$/;

/** Jars that an image has beside its base. */
export interface Jars {
  /** Folder in the image. */
  into: string;
  /** `group:artifact:version` of each; what they need comes with them. */
  artifacts: string[];
  /** `group:artifact` of what is left out all the same, with `*` for all of a group. */
  without: string[];
}

/** A Maven project whose builds need no network in its image. */
export interface OfflineProject {
  /** Folder of the project on this machine; nothing is written there. */
  folder: string;
  /** Files and folders of the project that count, by their names. */
  files: string[];
  /** Folder of the repository in the image. */
  into: string;
}

/**
 * Maven with a JDK, in place of Docker's `maven:…-eclipse-temurin-17`.
 *
 * @param version Of Maven, such as `3.9.11`.
 * @throws {Problem} when there is no apt, no busybox, no Maven, or no package index.
 */
export async function mavenBase(version: string): Promise<Base> {
  const layers = [await busyboxLayer(), await javaLayer("compile"), await mavenLayer(version)];
  return { layers, start: { command: ["mvn"], environment: { ...javaEnvironment(), MAVEN_HOME } } };
}

/** The layer with jars of Maven Central. @throws {Problem} when Maven does not get them. */
export async function jarsLayer({ into, artifacts, without }: Jars): Promise<Layer> {
  return keptLayer({ from: `mvn ${artifacts.join(" ")}`, inputs: { into, artifacts, without } }, async (work) => {
    await getJars(artifacts, without, work, join(work, "jars"));
    return { entries: await entriesUnder(join(work, "jars"), into) };
  });
}

/**
 * The layer with a repository of all that `mvn --offline verify` of a project needs.
 *
 * @throws {Problem} when Maven does not get it, or the project does not compile.
 */
export async function repositoryLayer({ folder, files, into }: OfflineProject): Promise<Layer> {
  const pom = createHash("sha256")
    .update(await readFile(join(folder, "pom.xml")))
    .digest("hex");
  return keptLayer({ from: "mvn verify", inputs: { pom, into } }, async (work) => {
    const [project, repository] = [join(work, "project"), join(work, "repository")];
    await mkdir(project);
    for (const file of files) await cp(join(folder, file), join(project, basename(file)), { recursive: true });
    // Only a run of the tests fetches what runs them; they may fail, without what a real build is given.
    await maven([`-Dmaven.repo.local=${repository}`, "-Dmaven.test.failure.ignore", "verify"], project);
    return { entries: await entriesUnder(repository, into, { omits: (path) => NOTES.test(path) }) };
  });
}

async function mavenLayer(version: string): Promise<Layer> {
  const artifact = `org.apache.maven:apache-maven:${version}:tar.gz:bin`;
  return keptLayer({ from: `mvn ${artifact}`, inputs: { version } }, async (work) => {
    const folder = join(work, "maven");
    await mkdir(folder);
    await getArtifact(artifact, work);
    await extract({ file: join(work, `apache-maven-${version}-bin.tar.gz`), cwd: folder, strip: 1 });
    const entries = await entriesUnder(folder, MAVEN_HOME);
    return { entries: [...entries, link("/usr/bin/mvn", `${MAVEN_HOME}/bin/mvn`)] };
  });
}
