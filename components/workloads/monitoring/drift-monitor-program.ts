import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { textOf } from "../object/known";
import { driftClaims } from "./drift-claims";
import type { DriftDataArgs, DriftMonitorArgs, RetrainArgs } from "./drift-monitor-args";

/** Folder with the program, a few modules of Python. */
const FOLDER = join(__dirname, "drift-monitor");

const CONFIG = "config.json";

/** Where the program and its settings are, inside of the pod. */
export const PROGRAM_FOLDER = "/opt/drift-monitor";

/** What a pod runs to look once. `-B` keeps Python from writing beside the program, where it may not. */
export const PROGRAM = ["python3", "-B", `${PROGRAM_FOLDER}/main.py`, `${PROGRAM_FOLDER}/${CONFIG}`];

/** Name of the ConfigMap in which a monitor keeps what it knows of itself, and its last report. */
export function stateName(objectName: string): string {
  return `${objectName}-state`;
}

/** The files of the program, and its settings. */
export function programFiles(objectName: string, args: DriftMonitorArgs): Record<string, pulumi.Input<string>> {
  const modules = readdirSync(FOLDER).filter((name) => name.endsWith(".py"));
  return {
    ...Object.fromEntries(modules.sort().map((name) => [name, readFileSync(join(FOLDER, name), "utf8")])),
    [CONFIG]: textOf(settings(objectName, args), (known) => `${JSON.stringify(known, undefined, 2)}\n`),
  };
}

/** Everything that the program is told; defaults are filled in here, so that they can be read in the ConfigMap. */
function settings(objectName: string, args: DriftMonitorArgs): object {
  const { reference, recent, reports, retrain, thresholds = {} } = args;
  const { pathOf } = driftClaims(args);
  return compact({
    monitor: objectName,
    state: stateName(objectName),
    reference: source(reference, pathOf(reference.persistentVolumeClaim, reference.files)),
    recent: source(recent, pathOf(recent.persistentVolumeClaim, recent.files)),
    features: args.features,
    thresholds: { psi: thresholds.psi ?? 0.2, ks: thresholds.ks ?? 0.2 },
    minFeatures: args.minFeatures ?? 1,
    bins: args.bins ?? 10,
    ...rowsOf(args),
    quality: args.quality,
    retrain: retrain && retraining(objectName, retrain),
    reports: reports && pathOf(reports.persistentVolumeClaim, reports.folder),
    pushgateway: args.pushgateway,
  });
}

/** Rows without which nothing is said, and those that are looked at. */
export function rowsOf({ minRows = 200, maxRows = 20_000 }: DriftMonitorArgs) {
  return { minRows, maxRows };
}

function source({ format, columns, windowHours }: DriftDataArgs, path: string) {
  return compact({ path, format, columns, windowHours });
}

function retraining(objectName: string, { coolDownHours = 24, limit = 3, ...retrain }: RetrainArgs) {
  return { ...retrain, prefix: objectName, coolDownHours, limit };
}
