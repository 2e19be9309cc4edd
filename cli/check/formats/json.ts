import { isBlocking, type CheckResult } from "../checking";

/** Findings for programs; a stable format, told apart by its `version`. */
export function asJson({ findings }: CheckResult): string {
  const found = findings.map(({ finding, level, document, position, exemption, isUndecided = false, fix }) => ({
    ...finding,
    level,
    ...(document === undefined ? {} : { file: document.file, ...position }),
    undecided: isUndecided,
    fixable: fix !== undefined,
    ...(exemption === undefined ? {} : { exemption }),
  }));
  const mandatory = findings.filter(isBlocking).length;
  const exempted = findings.filter(({ exemption }) => exemption !== undefined).length;
  const summary = { mandatory, advisory: findings.length - mandatory - exempted, exempted };
  return `${JSON.stringify({ version: 1, findings: found, summary }, undefined, 2)}\n`;
}
