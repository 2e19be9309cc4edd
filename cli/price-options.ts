import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { awsRegion, type PriceRow, type Tree } from "../components/model";
import { shown } from "../policies/engine/shown";
import { priceFileProblems, readPriceFile } from "../preflight/cost";
import { callersPath } from "../rehearsal/checkout";
import { Problem } from "../rehearsal/problem";
import { reasonOf } from "./check/files";
import { plain } from "./check/plain";
import { FAULTS } from "./check/yaml";

/** Refuses a region that AWS does not have. @throws {Problem} */
export function refuseUnknownRegion(region: string | undefined): void {
  if (region === undefined || awsRegion(region) !== undefined) return;
  throw new Problem(`there is no region "${plain(region)}"`, "Name a region of AWS, for example us-east-1.");
}

/**
 * Reads a file with prices.
 *
 * @throws {Problem} with every mistake in it.
 */
export async function pricesOf(path: string): Promise<PriceRow[]> {
  const text = await readFile(callersPath(path), "utf8").catch((error: unknown) => {
    throw new Problem(
      `the prices cannot be read: ${plain(path)}: ${reasonOf(error)}`,
      "Name another file by --prices.",
    );
  });
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) {
    const line = fault.linePos?.[0].line ?? 1;
    throw new Problem(`the prices cannot be read: ${plain(path)}:${line}: ${FAULTS[fault.code]}`, "Mend the YAML.");
  }
  const tree = document.toJS() as Tree;
  const problems = priceFileProblems(tree);
  if (problems.length === 0) return readPriceFile(tree);
  const lines = problems.map(
    (problem) =>
      `${problem.path || "the file"} is ${shown(problem.given as Tree)}; allowed: ${problem.allowed}. ${problem.remedy}`,
  );
  throw new Problem(
    `the prices of ${plain(path)} cannot be used:\n${lines.map(plain).join("\n")}`,
    "docs/plan.md shows such a file.",
  );
}
