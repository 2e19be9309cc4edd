import { checkEnum, checkWholeNumber, type InputProblem, inputProblem, isPlain, problemAt } from "../../internal";
import { checkCronSchedule, checkTimeZone } from "../object/cron-schedule";
import { checkObject, checkQueue } from "../object";
import { checkPod } from "../pods";
import {
  type DriftDataArgs,
  DriftFormat,
  type DriftMonitorArgs,
  QualityMetric,
  type RetrainArgs,
} from "./drift-monitor-args";
import { podOf } from "./drift-monitor-manifest";
import { rowsOf } from "./drift-monitor-program";

/** Characters that a CronJob, and a run that is started, add to the name: a hyphen and a time. */
const TIME_LENGTH = 11;

/** Checks a DriftMonitor's inputs as far as they are known. */
export function validateDriftMonitor(name: string, args: DriftMonitorArgs): InputProblem[] {
  const { thresholds = {} } = args;
  return [
    ...checkPod("", podOf(args), { pods: 1, defaultGpus: 0, pools: args.pools }),
    ...checkNoDevices(args),
    ...checkObject(name, args, { taken: TIME_LENGTH, reason: "for a schedule" }),
    ...checkQueue(args),
    ...checkCronSchedule("schedule", args.schedule ?? ""),
    ...checkTimeZone("timeZone", args.timeZone),
    ...checkData("reference", args.reference),
    ...checkData("recent", args.recent),
    ...checkFeatures(args.features),
    ...checkAbove("thresholds.psi", thresholds.psi, 0),
    ...checkAbove("thresholds.ks", thresholds.ks, 0, 1),
    ...checkWholeNumber("minFeatures", args.minFeatures, { min: 1, max: args.features?.length ?? Infinity }),
    ...checkWholeNumber("bins", args.bins, { min: 2, max: 100 }),
    ...checkRows(args),
    ...checkQuality(args.quality),
    ...checkRetrain(args.retrain),
    ...checkReports(args.reports),
    ...checkPushgateway(args.pushgateway),
    ...checkWholeNumber("activeDeadlineSeconds", args.activeDeadlineSeconds, { min: 1 }),
  ];
}

/** A monitor counts, which no GPU helps with. */
function checkNoDevices(args: DriftMonitorArgs): InputProblem[] {
  const devices = ["gpus", "gpuMemoryGib", "gpuSharing", "migProfile", "efa"] as const;
  return devices
    .filter((device) => args[device] !== undefined && args[device] !== 0)
    .map((device) => inputProblem(device, args[device], "nothing: a monitor only counts", "Leave it out."));
}

function checkData(path: string, data: DriftDataArgs | undefined): InputProblem[] {
  if (data === undefined) return [inputProblem(path, data, "a claim and its files", "Say where the rows are.")];
  const { persistentVolumeClaim, files, format, columns, windowHours } = data;
  const remedy = "Name them, or set format to kserve.";
  return [
    ...checkClaim(`${path}.persistentVolumeClaim`, persistentVolumeClaim),
    ...checkBelow(`${path}.files`, files, "requests/*.jsonl"),
    ...checkEnum(`${path}.format`, format, DriftFormat),
    ...(columns !== undefined && format !== DriftFormat.kserve
      ? [inputProblem(`${path}.columns`, columns, "nothing but with format kserve: rows name their own", remedy)]
      : []),
    ...checkAbove(`${path}.windowHours`, windowHours, 0),
  ];
}

function checkClaim(path: string, claim: DriftDataArgs["persistentVolumeClaim"] | undefined): InputProblem[] {
  const isMissing = claim === undefined || (isPlain(claim) && claim.trim() === "");
  return isMissing ? [inputProblem(path, claim, "the name of a PersistentVolumeClaim", "Name it.")] : [];
}

/** Checks a path that leads nowhere but below a volume's root. */
function checkBelow(path: string, given: string | undefined, example: string): InputProblem[] {
  const isBelow = given !== undefined && /^[^/]/.test(given) && !given.split("/").includes("..");
  return isBelow ? [] : [inputProblem(path, given, "a path below the volume's root", `Write it like ${example}.`)];
}

/** Checks a number above, and perhaps not above, another; undefined passes. */
function checkAbove(path: string, value: number | undefined, low: number, high = Infinity): InputProblem[] {
  if (value === undefined || (value > low && value <= high && Number.isFinite(value))) return [];
  const allowed = high === Infinity ? `a number above ${low}` : `a number above ${low}, at most ${high}`;
  return [inputProblem(path, value, allowed, `Set ${path} within that range.`)];
}

function checkFeatures(features: string[] | undefined): InputProblem[] {
  if (features === undefined) return [];
  if (features.length === 0) {
    return [inputProblem("features", features, "at least one column", "Name some, or leave it out for all.")];
  }
  return features.flatMap((feature, index) =>
    features.indexOf(feature) === index && feature !== ""
      ? []
      : [inputProblem(`features[${index}]`, feature, "each column once", "Remove it.")],
  );
}

function checkRows(args: DriftMonitorArgs): InputProblem[] {
  const { minRows, maxRows } = rowsOf(args);
  const problems = [
    ...checkWholeNumber("minRows", args.minRows, { min: 2 }),
    ...checkWholeNumber("maxRows", args.maxRows, { min: 2 }),
  ];
  if (problems.length > 0 || minRows <= maxRows) return problems;
  return [inputProblem("maxRows", args.maxRows, `minRows, ${minRows}, or more`, "Raise it, or lower minRows.")];
}

function checkQuality(quality: DriftMonitorArgs["quality"]): InputProblem[] {
  if (quality === undefined) return [];
  const { prediction, label, metric, worst } = quality;
  const isShare = metric === QualityMetric.accuracy;
  return [
    ...[["prediction", prediction] as const, ["label", label] as const].flatMap(([key, column]) =>
      column ? [] : [inputProblem(`quality.${key}`, column, "a column", "Name it as the rows do.")],
    ),
    ...(metric === undefined
      ? [inputProblem("quality.metric", metric, Object.values(QualityMetric).join(", "), "Say how good they are.")]
      : checkEnum("quality.metric", metric, QualityMetric)),
    ...checkAbove("quality.worst", worst ?? NaN, 0, isShare ? 1 : Infinity),
    ...(prediction === label && prediction !== undefined
      ? [inputProblem("quality.label", label, "another column than prediction", "Name what came true.")]
      : []),
  ];
}

function checkRetrain(retrain: RetrainArgs | undefined): InputProblem[] {
  if (retrain === undefined) return [];
  const { cronJob, workflowTemplate, parameters, serviceAccountName, coolDownHours, limit } = retrain;
  const given = Object.entries({ cronJob, workflowTemplate }).filter(([, value]) => value !== undefined);
  const observed = given.length === 0 ? "without either" : `made from ${given.map(([key]) => key).join(" and ")}`;
  const ofWorkflows = Object.entries({ parameters, serviceAccountName }).filter(([, value]) => value !== undefined);
  return [
    ...(given.length === 1
      ? []
      : [problemAt("retrain", observed, "exactly one of cronJob and workflowTemplate", "Say what trains the model.")]),
    ...given
      .filter(([, value]) => value === "")
      .map(([key, value]) => inputProblem(`retrain.${key}`, value, "a name", "Name it.")),
    ...(workflowTemplate !== undefined
      ? []
      : ofWorkflows.map(([key, value]) =>
          inputProblem(`retrain.${key}`, value, "nothing without workflowTemplate", "A Job is as its CronJob says."),
        )),
    ...checkWholeNumber("retrain.coolDownHours", coolDownHours, { min: 1 }),
    ...checkWholeNumber("retrain.limit", limit, { min: 1 }),
  ];
}

function checkReports(reports: DriftMonitorArgs["reports"]): InputProblem[] {
  if (reports === undefined) return [];
  return [
    ...checkClaim("reports.persistentVolumeClaim", reports.persistentVolumeClaim),
    ...checkBelow("reports.folder", reports.folder, "drift/churn"),
  ];
}

function checkPushgateway(address: DriftMonitorArgs["pushgateway"]): InputProblem[] {
  if (!isPlain(address) || /^https?:\/\/[^\s/]/.test(address)) return [];
  return [inputProblem("pushgateway", address, "an address", "Write it like http://pushgateway.monitoring.svc:9091.")];
}
