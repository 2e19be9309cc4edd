import { isFixable, sumOf, type CheckResult } from "../checking";

/** Findings for programs; a stable format, told apart by its `version`. */
export function asJson({ findings }: CheckResult): string {
  const found = findings.map((checked) => {
    const { finding, level, document, position, exemption, isUndecided = false } = checked;
    return {
      ...finding,
      level,
      ...(document === undefined ? {} : { file: document.file, ...position }),
      undecided: isUndecided,
      fixable: isFixable(checked),
      ...(exemption === undefined ? {} : { exemption }),
    };
  });
  return `${JSON.stringify({ version: 1, findings: found, summary: sumOf(findings) }, undefined, 2)}\n`;
}
