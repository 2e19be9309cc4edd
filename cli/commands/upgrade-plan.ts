import { PART_VERSIONS } from "../../components/model/version-matrix";
import { upgradePlan, type UpgradePlan } from "../../components/model/upgrade-plan";
import { versionsOfFile, versionsOfStack } from "../running-versions";
import type { StackOptions } from "../stack-file";
import { table } from "../table";

/** Options of `mlstack versions --plan`. */
export interface UpgradePlanOptions extends StackOptions {
  /** File with what runs, in place of the state of the stack. */
  from?: string;
  /** Minor version of Kubernetes to go to. */
  kubernetes: string;
  /** Print JSON. */
  json: boolean;
}

/**
 * Prints the ordered steps from what an environment runs to what this release installs.
 *
 * @returns 0, also where nothing is to be done: a plan is no verdict.
 * @throws {Problem} when what runs cannot be told.
 */
export async function planUpgrade({ from, kubernetes, json, ...stack }: UpgradePlanOptions): Promise<number> {
  const running = from === undefined ? await versionsOfStack(stack) : await versionsOfFile(from);
  const plan = upgradePlan(running, { kubernetes, parts: PART_VERSIONS });
  const output = json ? JSON.stringify({ running, ...numbered(plan) }, undefined, 2) : described(plan);
  process.stdout.write(`${output}\n`);
  return 0;
}

function numbered({ steps, remarks }: UpgradePlan) {
  return { steps: steps.map((step, index) => ({ number: index + 1, ...step })), remarks };
}

function described(plan: UpgradePlan): string {
  const { steps, remarks } = numbered(plan);
  const rows = steps.map(({ number, part, from, to, kind, what }) => [
    String(number),
    part,
    `${from} to ${to}`,
    kind,
    what,
  ]);
  const told =
    rows.length === 0
      ? "Nothing is to be upgraded: what runs is what this release installs."
      : table(["", "part", "hop", "step", "what"], rows);
  return [told, ...(remarks.length === 0 ? [] : ["", ...remarks])].join("\n");
}
