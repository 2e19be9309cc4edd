import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { type DriftMonitorArgs, validateDriftMonitor } from "../../../../components/workloads/monitoring";

const minimal: DriftMonitorArgs = {
  schedule: "15 * * * *",
  reference: { persistentVolumeClaim: "training", files: "churn/*.csv" },
  recent: { persistentVolumeClaim: "requests", files: "churn/*.jsonl" },
};

describe("validateDriftMonitor accepts", () => {
  it.each<[string, Partial<DriftMonitorArgs>]>([
    ["a schedule and two claims", {}],
    ["names that are not known yet", { retrain: { cronJob: pulumi.output("") }, pushgateway: pulumi.output("x") }],
    ["no GPU, said aloud", { gpus: 0, efa: 0 }],
    ["a name that leaves room for times", { objectName: "d".repeat(52) }],
  ])("%s", (_given, args) => {
    expect(validateDriftMonitor("churn-drift", { ...minimal, ...args })).toEqual([]);
  });
});

describe("validateDriftMonitor refuses", () => {
  it.each<[string, Partial<DriftMonitorArgs>, string[]]>([
    ["a GPU", { gpus: 1 }, ["gpus is 1; allowed: nothing: a monitor only counts. Leave it out."]],
    [
      "files elsewhere than in their volume",
      { reference: { persistentVolumeClaim: "training", files: "../../etc/*" } },
      ['reference.files is "../../etc/*"; allowed: a path below the volume\'s root. Write it like requests/*.jsonl.'],
    ],
    [
      "names of columns that rows have",
      { recent: { ...minimal.recent, columns: ["age"] } },
      [
        'recent.columns is ["age"]; allowed: nothing but with format kserve: rows name their own. ' +
          "Name them, or set format to kserve.",
      ],
    ],
    [
      "a share of more than all",
      { quality: { prediction: "p", label: "y", metric: "accuracy", worst: 90 } },
      ["quality.worst is 90; allowed: a number above 0, at most 1. Set quality.worst within that range."],
    ],
    [
      "two things that train",
      { retrain: { cronJob: "a", workflowTemplate: "b" } },
      [
        "retrain is made from cronJob and workflowTemplate; allowed: exactly one of cronJob and workflowTemplate. " +
          "Say what trains the model.",
      ],
    ],
    [
      "parameters that no Job takes",
      { retrain: { cronJob: "a", parameters: { data: "newest" } } },
      [
        'retrain.parameters is {"data":"newest"}; allowed: nothing without workflowTemplate. ' +
          "A Job is as its CronJob says.",
      ],
    ],
    [
      "fewer rows at most than at least",
      { minRows: 500, maxRows: 100 },
      ["maxRows is 100; allowed: minRows, 500, or more. Raise it, or lower minRows."],
    ],
    [
      "more features than are looked at",
      { features: ["age"], minFeatures: 2 },
      ["minFeatures is 2; allowed: a whole number from 1 to 1. Set minFeatures within that range."],
    ],
    [
      "a name without room for times",
      { objectName: "d".repeat(53) },
      [`objectName is "${"d".repeat(53)}"; allowed: at most 52 characters for a schedule. Shorten it.`],
    ],
  ])("%s", (_given, args, reasons) => {
    expect(validateDriftMonitor("churn-drift", { ...minimal, ...args }).map(({ reason }) => reason)).toEqual(reasons);
  });
});
