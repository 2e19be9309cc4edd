import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../rehearsal/toolchain/cache";
import { exclusively, userLock } from "../../rehearsal/toolchain/lock";

const run = promisify(execFile);

/** A Maven project whose repository of dependencies and plugins is filled once, then kept in the tool cache. */
export interface JavaProject {
  /** What it is, as part of its repository's name. */
  name: string;
  /** Folder with `pom.xml`; nothing is ever written there. */
  folder: string;
}

/** Why a project can not be built here; undefined where it can. Asks the package index only for a new repository. */
export function missingJava(project: JavaProject): string | undefined {
  const { stderr, error } = spawnSync("java", ["-version"], { encoding: "utf8" });
  if (error !== undefined) return "there is no java on PATH";
  if (Number(/version "(\d+)/.exec(stderr)?.[1]) < 17) return "java is older than 17";
  if (spawnSync("mvn", ["--version"]).error !== undefined) return "there is no mvn on PATH";
  return existsSync(repositoryOf(project)) || indexAnswers() ? undefined : "mvn reaches no package index";
}

/**
 * Path of a repository with all that `mvn --offline verify` of the project needs, for the property `maven.repo.local`.
 *
 * @throws when a dependency or a plugin is not to be had, or the project does not compile.
 */
export async function mavenRepository(project: JavaProject): Promise<string> {
  const repository = repositoryOf(project);
  await exclusively(userLock(project.name), async () => {
    if (existsSync(repository)) return;
    // Only a whole repository gets the name.
    const partial = join(dirname(repository), `.partial-${project.name}`);
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    const copy = join(partial, "project");
    await cp(project.folder, copy, { recursive: true });
    // Only a run of the tests fetches what runs them; they may fail, without what a real build is given.
    const verify = ["--batch-mode", "--quiet", "-Dmaven.test.failure.ignore", "verify"];
    await run("mvn", ["-f", join(copy, "pom.xml"), `-Dmaven.repo.local=${join(partial, "repository")}`, ...verify]);
    await rename(join(partial, "repository"), repository);
    await rm(partial, { recursive: true });
  });
  return repository;
}

function repositoryOf({ name, folder }: JavaProject): string {
  const hash = createHash("sha256")
    .update(readFileSync(join(folder, "pom.xml")))
    .digest("hex");
  return join(cacheFolder(), "test", `${name}-${hash.slice(0, 12)}`);
}

function indexAnswers(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "mlstack-maven-"));
  const get = ["dependency:get", "-Dartifact=junit:junit:4.13.2:pom", "-Dtransitive=false"];
  try {
    return spawnSync("mvn", ["--batch-mode", "--quiet", `-Dmaven.repo.local=${folder}`, ...get]).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
