import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Folder of the checkout: the nearest one above this file that holds `Pulumi.yaml`. */
export function checkoutRoot(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  }
  throw new Error(`no folder above ${__dirname} holds Pulumi.yaml; run this from a checkout`);
}

/** Absolute path of a file that the user named: npm runs scripts in the checkout and keeps the user's folder in INIT_CWD. */
export function callersPath(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
}

/**
 * Folder of the state that belongs to this checkout: the embedded cluster's data and the local Pulumi state.
 *
 * Default `.mlstack` in the checkout; the environment variable `MLSTACK_STATE` names another one.
 */
export function stateFolder(): string {
  return resolve(checkoutRoot(), process.env["MLSTACK_STATE"] || ".mlstack");
}
