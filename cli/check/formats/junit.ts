import { describeFinding } from "../../../components/model";
import { isBlocking, type CheckedFinding, type CheckResult } from "../checking";

/**
 * Findings as JUnit XML, which CI systems show as tests: one test case per document and rule that found something, and one
 * for each document that is in order. Advisory findings do not fail; exempted ones are skipped.
 *
 * @see https://github.com/testmoapp/junitxml
 */
export function asJunit({ findings }: CheckResult, objects: { file: string; title: string }[]): string {
  const cases = findings.map(caseOf);
  const told = new Set(findings.map(({ finding, document }) => `${document?.file ?? ""} ${finding.object}`));
  const inOrder = objects
    .filter(({ file, title }) => !told.has(`${file} ${title}`))
    .map(({ file, title }) => `    <testcase classname="${escaped(file)}" name="${escaped(title)}"/>`);
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

function caseOf(checked: CheckedFinding): string {
  const { finding, document, position, exemption, level } = checked;
  const name = escaped(`${finding.rule} ${finding.object}`);
  const text = escaped(describeFinding(finding));
  const place = document === undefined ? "" : ` line="${position.line}"`;
  const outcome =
    exemption !== undefined
      ? `<skipped message="${escaped(`${exemption.reason} (${exemption.owner}, until ${exemption.until})`)}"/>`
      : isBlocking(checked)
        ? `<failure type="${finding.severity}" message="${text}"/>`
        : `<system-out>${level}: ${text}</system-out>`;
  return `    <testcase classname="${escaped(document?.file ?? "policies")}" name="${name}"${place}>${outcome}</testcase>`;
}

/** XML 1.0 has no way at all to write most control characters. */
function escaped(text: string): string {
  const names: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&apos;" };
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[<>&"']/g, (sign) => names[sign] ?? sign);
}
