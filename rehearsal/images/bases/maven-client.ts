import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Problem } from "../../problem";

const run = promisify(execFile);

/** The plugin that gets files from Maven Central, as the Dockerfiles have it. */
const DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/**
 * Runs this machine's Maven, which gets what images have of Maven Central.
 *
 * @throws {Problem} when there is no Maven, or it fails.
 */
export async function maven(args: string[], folder: string): Promise<void> {
  try {
    await run("mvn", ["--batch-mode", "--quiet", ...args], { cwd: folder, maxBuffer: 1 << 26 });
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === "ENOENT") {
      throw new Problem(
        "what images have of Maven Central is got by Maven, and there is no mvn on PATH",
        "Install it: apt-get install maven, with a JDK from 17.",
      );
    }
    const reason = /\[ERROR\] (.+)/.exec(stdout + stderr)?.[1] ?? String(code);
    throw new Problem(`mvn fails: ${reason}`, "See to it that mvn reaches Maven Central, or a mirror of it.");
  }
}

/** Gets one file. @param artifact `group:artifact:version`, with `:type` and `:classifier` where it is no jar. */
export async function getArtifact(artifact: string, folder: string): Promise<void> {
  await maven([`${DEPENDENCY_PLUGIN}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], folder);
}

/**
 * Gets jars, with all that they need.
 *
 * @param artifacts `group:artifact:version` of each.
 * @param without `group:artifact` of what is left out all the same, with `*` for all of a group.
 * @param work Folder for a project that needs them.
 * @param folder Where they go.
 */
export async function getJars(artifacts: string[], without: string[], work: string, folder: string): Promise<void> {
  const exclusions = without.map((each) => element("exclusion", coordinates(each))).join("");
  const dependencies = artifacts.map((artifact) =>
    element("dependency", `${coordinates(artifact)}${element("exclusions", exclusions)}`),
  );
  const own = coordinates("mlstack:jars:1");
  const project = element(
    "project",
    `<modelVersion>4.0.0</modelVersion>${own}${element("dependencies", dependencies.join(""))}`,
  );
  await writeFile(join(work, "pom.xml"), project);
  await maven(
    [`${DEPENDENCY_PLUGIN}:copy-dependencies`, "-DincludeScope=runtime", `-DoutputDirectory=${folder}`],
    work,
  );
}

/** Names of parts, in the order in which they stand between colons. */
const COORDINATES = ["groupId", "artifactId", "version"];

function coordinates(text: string): string {
  return text
    .split(":")
    .map((part, index) => element(COORDINATES[index]!, part))
    .join("");
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}
