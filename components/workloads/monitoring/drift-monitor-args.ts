import type * as pulumi from "@pulumi/pulumi";
import type { ObjectArgs, QueueArgs } from "../object";
import type { HardwareArgs } from "../pods";

/** How files of rows are written. */
export const DriftFormat = {
  /** Comma-separated values, names in the first line. */
  csv: "csv",
  /** A JSON object on each line. */
  jsonl: "jsonl",
  /** Requests as the logger of KServe stores them. */
  kserve: "kserve",
} as const;
/** How files of rows are written. */
export type DriftFormat = (typeof DriftFormat)[keyof typeof DriftFormat];

/** How good predictions are. */
export const QualityMetric = {
  /** Share of predictions that are right; worse where it is lower. */
  accuracy: "accuracy",
  /** Mean absolute error; worse where it is higher. */
  meanAbsoluteError: "meanAbsoluteError",
  /** Root mean squared error; worse where it is higher. */
  rootMeanSquaredError: "rootMeanSquaredError",
} as const;
/** How good predictions are. */
export type QualityMetric = (typeof QualityMetric)[keyof typeof QualityMetric];

/** Rows in files of a volume. */
export interface DriftDataArgs {
  /** Name of the PersistentVolumeClaim with the files, in the monitor's namespace; it is only read. */
  persistentVolumeClaim: pulumi.Input<string>;
  /** Which files, below the volume's root: a path with `*`, `?` and `**` in it, for example `requests/**\/*.jsonl.gz`. */
  files: string;
  /** How they are written; by the end of each name (`.csv`, else JSON on each line; `.gz` is unpacked) by default. */
  format?: DriftFormat;
  /** Names of features in requests of KServe that are mere lists; `0`, `1` and so on by default. */
  columns?: string[];
  /** Hours back from now within which files were changed, above 0; all files by default. */
  windowHours?: number;
}

/** How far a feature may move. */
export interface DriftThresholds {
  /** Population stability index from which a feature has drifted, above 0; 0.2 by default, which is commonly taken. */
  psi?: number;
  /**
   * Kolmogorov-Smirnov distance from which a number has drifted, from 0 to 1; 0.2 by default. What chance alone explains
   * never counts.
   */
  ks?: number;
}

/** How good predictions must be. */
export interface PredictionQualityArgs {
  /** Column with what the model predicted. */
  prediction: string;
  /** Column with what came true; rows where it is not known yet are left out. */
  label: string;
  /** How good they are. */
  metric: QualityMetric;
  /** Worst that is good enough: the least accuracy, or the largest error. */
  worst: number;
}

/** What trains the model again where there is drift. Exactly one of `cronJob` and `workflowTemplate` is given. */
export interface RetrainArgs {
  /** Name of a CronJob in the monitor's namespace, for example that of a CronTask: a Job is made of it. It may be suspended. */
  cronJob?: pulumi.Input<string>;
  /** Name of a WorkflowTemplate in the monitor's namespace: a Workflow is made of it. */
  workflowTemplate?: pulumi.Input<string>;
  /** Parameters of the workflow; the template's own by default. */
  parameters?: Record<string, pulumi.Input<string>>;
  /** Service account of the workflow; the template's own by default. */
  serviceAccountName?: pulumi.Input<string>;
  /** Hours after a run within which no other is started, from 1; 24 by default. */
  coolDownHours?: number;
  /** Runs in a row that may leave the drift as it is, from 1, before somebody must look; 3 by default. */
  limit?: number;
}

/** Where reports are kept. */
export interface DriftReportArgs {
  /** Name of a PersistentVolumeClaim in the monitor's namespace that can be written to. */
  persistentVolumeClaim: pulumi.Input<string>;
  /** Folder below the volume's root. */
  folder: string;
}

/** What a {@link DriftMonitor} is made from. Of hardware, its pods have no GPUs and no adapters. */
export interface DriftMonitorArgs extends ObjectArgs, QueueArgs, HardwareArgs {
  /** When it looks: a cron expression of five fields, for example `15 * * * *`, or a macro such as `@daily`. */
  schedule: string;
  /** Time zone of the schedule, for example `Europe/Berlin`; `UTC` by default. */
  timeZone?: string;
  /** Whether it does not look any more; false by default. */
  suspend?: boolean;
  /** What the model was trained on. */
  reference: DriftDataArgs;
  /** What the model is asked now, and what came of it. */
  recent: DriftDataArgs;
  /** Features to look at; all columns of the reference, prediction and label aside, by default. */
  features?: string[];
  /** How far a feature may move. */
  thresholds?: DriftThresholds;
  /** Features that must have moved for there to be drift, from 1; 1 by default. */
  minFeatures?: number;
  /** Bins that numbers are put in, from 2 to 100; 10 by default. */
  bins?: number;
  /** Rows without which nothing is said, from 2; 200 by default. */
  minRows?: number;
  /** Rows that are looked at on each side, from `minRows`: a sample of all; 20000 by default. */
  maxRows?: number;
  /** How good predictions must be; not looked at by default. */
  quality?: PredictionQualityArgs;
  /** What trains the model again; drift is only told by default. */
  retrain?: RetrainArgs;
  /** Where reports are kept, beside the last one in the ConfigMap; nowhere by default. */
  reports?: DriftReportArgs;
  /** Address of a Pushgateway that gets the numbers, for example `http://pushgateway.monitoring.svc:9091`; none by default. */
  pushgateway?: pulumi.Input<string>;
  /** Image with Python 3.9 or newer; `docker.io/library/python:3.13.7-slim` by default. */
  image?: pulumi.Input<string>;
  /** User id to run as, from 1, who must be able to read the files; 1000 by default. */
  runAsUser?: number;
  /** Seconds after which a look is given up, from 1; 3600 by default. */
  activeDeadlineSeconds?: number;
}
