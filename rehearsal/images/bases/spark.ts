import { execFile } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import { checkoutRoot } from "../../checkout";
import { Problem } from "../../problem";
import { busyboxLayer, GROUPS, USERS } from "../busybox";
import { entriesOf, folder, textFile } from "../layer-entry";
import { keptLayer, type Layer, layerOf } from "../store";
import type { Base } from "./base";
import { distribution, packageEntries, unpackPackages } from "./debian";
import { javaEnvironment, javaLayer } from "./java";
import { laidOutPython, pythonLayer } from "./python";

const run = promisify(execFile);

const SPARK_HOME = "/opt/spark";

/** Spark's scripts are written for it. */
const SHELL = ["bash"];

/** What the package of Python has where, and where Spark's own distribution has it. */
const PLACES = [
  { source: "deps/jars", target: `${SPARK_HOME}/jars` },
  { source: "deps/bin", target: `${SPARK_HOME}/bin` },
  { source: "deps/sbin", target: `${SPARK_HOME}/sbin` },
  { source: "pyspark", target: `${SPARK_HOME}/python/pyspark` },
  { source: "lib", target: `${SPARK_HOME}/python/lib` },
];

/** User of Spark's own image. Hadoop asks for its name. */
const USER = { id: 185, name: "spark" };

/**
 * Spark on Kubernetes, with Java and Python, in place of `apache/spark`: from the package of PyPI, which has all of it
 * but the script that containers start with.
 *
 * @param version Of Spark, such as `4.0.1`.
 * @throws {Problem} when there is no apt, no busybox, or no package index.
 * @see https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html#docker-images
 */
export async function sparkBase(version: string): Promise<Base> {
  const layers = [
    await busyboxLayer(),
    await pythonLayer(),
    await javaLayer("run"),
    await shellLayer(),
    await sparkLayer(version),
    await startLayer(),
  ];
  const { PATH, ...environment } = javaEnvironment();
  return {
    layers,
    start: {
      entrypoint: ["/opt/entrypoint.sh"],
      user: String(USER.id),
      folder: `${SPARK_HOME}/work-dir`,
      environment: { PATH: `${PATH!}:${SPARK_HOME}/bin`, ...environment, SPARK_HOME },
    },
  };
}

async function shellLayer(): Promise<Layer> {
  const inputs = { packages: SHELL, distribution: distribution(), architecture: process.arch };
  return keptLayer({ from: `apt ${SHELL.join(" ")}`, inputs }, async (work) => {
    const unpacked = await unpackPackages(SHELL, work);
    // Names of users and of the system are not this package's.
    const entries = (await packageEntries(unpacked)).filter(
      ({ path }) => path === "usr/bin/bash" || path.startsWith("usr/lib/"),
    );
    return { entries, with: unpacked.versions.join(" ") };
  });
}

async function sparkLayer(version: string): Promise<Layer> {
  return keptLayer({ from: `pip download pyspark==${version}`, inputs: { version } }, async (work) => {
    const { python, pip, environment } = await laidOutPython();
    const how = ["--quiet", "--no-cache-dir", "--disable-pip-version-check", "--no-deps", "--no-binary", ":all:"];
    await run(python, [join(pip, "pip"), "download", ...how, "--dest", work, `pyspark==${version}`], {
      env: environment,
    }).catch(() => {
      throw new Problem(
        `pip does not get pyspark ${version}`,
        "See to it that pip reaches a package index that has it.",
      );
    });
    const archive = (await readdir(work)).find((name) => name.endsWith(".tar.gz"))!;
    const unpacked = join(work, "pyspark");
    await mkdir(unpacked);
    await extract({ file: join(work, archive), cwd: unpacked, strip: 1 });
    return {
      entries: await entriesOf(PLACES.map(({ source, target }) => ({ source: join(unpacked, source), target }))),
    };
  });
}

/** What a container starts with, and as whom. */
async function startLayer(): Promise<Layer> {
  const { id, name } = USER;
  const script = join(checkoutRoot(), "rehearsal", "images", "bases", "spark-entrypoint.sh");
  return layerOf("start of Spark", [
    ...(await entriesOf([{ source: script, target: "/opt/entrypoint.sh", mode: 0o755 }])),
    textFile("etc/passwd", `${USERS}${name}:x:${id}:${id}::${SPARK_HOME}:/bin/bash\n`),
    textFile("etc/group", `${GROUPS}${name}:x:${id}:\n`),
    folder(`${SPARK_HOME}/work-dir`, 0o1777),
  ]);
}
