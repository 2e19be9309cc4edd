import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceName } from "./stand-in";

/** Environment variable with the faults of a run: a JSON list of {@link Fault}, or the path of a file with one. */
export const FAULTS_VARIABLE = "MLSTACK_STAND_IN_FAULTS";

/** What a stand-in does to a resource when it is not previewing. */
export type Operation = "create" | "update" | "delete";

/** An operation that a stand-in is told to spoil. All that is named must match; a fault that names nothing hits all. */
export interface Fault {
  /** Token of the type, for example `aws:eks/nodeGroup:NodeGroup`. */
  type?: string;
  /** Name of the resource in the program. */
  name?: string;
  operation?: Operation;
  /** Counts operations across all providers and runs that share the folder. */
  count?: FaultCount;
  /** Whether the operation fails, or never ends until the engine cancels it. */
  action: "fail" | "hang";
}

/** Which of many operations is spoilt. */
export interface FaultCount {
  /** Folder that keeps the count; operations are counted from the moment that it is empty. */
  folder: string;
  /** Place of the operation, from 1. */
  at: number;
  /** Whether every further multiple of `at` is spoilt as well; only that one by default. */
  repeats?: boolean;
}

/** The fault that an operation runs into; undefined where it goes on as usual. Operations are counted on the way. */
export function faultFor(resource: ResourceName, operation: Operation, faults: Fault[]): Fault | undefined {
  return faults.find(
    (fault) =>
      (fault.type ?? resource.token) === resource.token &&
      (fault.name ?? resource.name) === resource.name &&
      (fault.operation ?? operation) === operation &&
      (fault.count === undefined || isTurn(fault.count)),
  );
}

/** The faults that the environment asks for; none by default. */
export function faultsOfEnvironment(): Fault[] {
  const setting = process.env[FAULTS_VARIABLE];
  if (setting === undefined || setting === "") return [];
  const text = setting.startsWith("[") ? setting : existsSync(setting) ? readFileSync(setting, "utf8") : "[]";
  return JSON.parse(text) as Fault[];
}

function isTurn({ folder, at, repeats = false }: FaultCount): boolean {
  const place = nextPlace(folder);
  return repeats ? place % at === 0 : place === at;
}

/** Of several processes that count at once, one gets to create the file of a place; the others take the next. */
function nextPlace(folder: string): number {
  mkdirSync(folder, { recursive: true });
  for (let place = readdirSync(folder).length + 1; ; place++) {
    try {
      closeSync(openSync(join(folder, String(place)), "wx"));
      return place;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
