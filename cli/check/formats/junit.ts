import { isBlocking, type CheckedFinding, type CheckResult } from "../checking";
import { plain } from "../plain";
import { justificationOf, messageOf } from "./message";

/**
 * Findings as JUnit XML, which CI systems show as tests: one test case per document and rule that found something, and one
 * for each document that is in order. Advisory findings do not fail; exempted ones are skipped.
 *
 * @see https://github.com/testmoapp/junitxml
 */
export function asJunit({ findings }: CheckResult, objects: { file: string; title: string }[]): string {
  const unique = uniqueNames();
  const cases = findings.map((finding) => caseOf(finding, unique));
  const told = new Set(findings.map(({ finding, document }) => `${document?.file ?? ""} ${finding.object}`));
  const inOrder = objects
    .filter(({ file, title }) => !told.has(`${file} ${title}`))
    .map(({ file, title }) => `    <testcase ${attributes(file, unique(file, title))}/>`);
  const failures = findings.filter(isBlocking).length;
  const skipped = findings.filter(({ exemption }) => exemption !== undefined).length;
  const counts = `tests="${cases.length + inOrder.length}" failures="${failures}" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mlstack check" ${counts}>`,
    `  <testsuite name="mlstack check" ${counts}>`,
    ...cases,
    ...inOrder,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function caseOf(checked: CheckedFinding, unique: (file: string, name: string) => string): string {
  const { finding, document, position, exemption, level } = checked;
  const file = document?.file ?? "policies";
  const name = unique(file, `${finding.rule} ${finding.object}: ${finding.path}`);
  const text = escaped(messageOf(checked));
  const place = document === undefined ? "" : ` line="${position.line}"`;
  const outcome =
    exemption !== undefined
      ? `<skipped message="${escaped(justificationOf(exemption))}"/>`
      : isBlocking(checked)
        ? `<failure type="${finding.severity}" message="${text}"/>`
        : `<system-out>${level}: ${text}</system-out>`;
  return `    <testcase ${attributes(file, name)}${place}>${outcome}</testcase>`;
}

function attributes(file: string, name: string): string {
  return `classname="${escaped(plain(file))}" name="${escaped(plain(name))}"`;
}

/** Numbers the names of a file that come again: what shows test cases takes equal ones for one. */
function uniqueNames(): (file: string, name: string) => string {
  const counts = new Map<string, number>();
  return (file, name) => {
    const key = JSON.stringify([file, name]);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? name : `${name} (${count})`;
  };
}

/** XML 1.0 has no way at all to write most control characters. */
function escaped(text: string): string {
  const names: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&apos;" };
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[<>&"']/g, (sign) => names[sign] ?? sign);
}
