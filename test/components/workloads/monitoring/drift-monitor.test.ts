import * as k8s from "@pulumi/kubernetes";
import { beforeEach, describe, expect, it } from "vitest";
import {
  DriftMonitor,
  type DriftMonitorArgs,
  driftMonitorManifests,
} from "../../../../components/workloads/monitoring";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const minimal: DriftMonitorArgs = {
  schedule: "15 * * * *",
  reference: { persistentVolumeClaim: "training", files: "churn/*.csv" },
  recent: { persistentVolumeClaim: "requests", files: "churn/*.jsonl" },
};

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

interface Scheduled {
  jobTemplate: { spec: { template: { spec: Record<string, unknown> } } };
}

const podOf = (args: DriftMonitorArgs) =>
  (driftMonitorManifests("churn-drift", args).schedule.spec as Scheduled).jobTemplate.spec.template.spec;

describe("DriftMonitor", () => {
  it("creates a CronJob, its program, its memory, and an account with rights of its own", async () => {
    new DriftMonitor("churn-drift", minimal);
    expect(childList(await program.resources()).sort()).toEqual([
      "kubernetes:batch/v1:CronJob churn-drift-schedule < churn-drift",
      "kubernetes:core/v1:ConfigMap churn-drift-program < churn-drift",
      "kubernetes:core/v1:ConfigMap churn-drift-state < churn-drift",
      "kubernetes:core/v1:ServiceAccount churn-drift-account < churn-drift",
      "kubernetes:rbac.authorization.k8s.io/v1:Role churn-drift-role < churn-drift",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding churn-drift-binding < churn-drift",
      "mlstack:index:DriftMonitor churn-drift",
    ]);
  });

  it("looks for the first time once it may", async () => {
    new DriftMonitor("churn-drift", minimal);
    expect((await program.resource("churn-drift-schedule")).dependsOn).toEqual([
      "churn-drift-binding",
      "churn-drift-program",
      "churn-drift-state",
    ]);
  });

  it("gives rights to the account of the namespace that the provider takes", async () => {
    new DriftMonitor("churn-drift", minimal);
    const { subjects } = await program.inputsOf("churn-drift-binding");
    expect(subjects).toEqual([{ kind: "ServiceAccount", name: "churn-drift", namespace: "default" }]);
  });

  it("tells its name, and where its last report is", async () => {
    const monitor = new DriftMonitor("churn-drift", { ...minimal, namespace: "ml" });
    expect(await valueOf(monitor.objectName)).toBe("churn-drift");
    expect(await valueOf(monitor.namespace)).toBe("ml");
    expect(await valueOf(monitor.reportName)).toBe("churn-drift-state");
  });

  it("knows its settings once all of them are known", async () => {
    program = await startMocks({ preview: true });
    const source = new k8s.core.v1.ConfigMap("source", {});
    const args = { ...minimal, retrain: { cronJob: source.id } };
    const { data } = driftMonitorManifests("churn-drift", args).program;
    expect(await isKnown(data!["config.json"] as never)).toBe(false);
    new DriftMonitor("churn-drift", args);
    expect(childList(await program.resources())).toContain(
      "kubernetes:batch/v1:CronJob churn-drift-schedule < churn-drift",
    );
  });

  it("collects every problem, throws once and registers nothing", async () => {
    const { message, reasons } = problemsOf(
      () => new DriftMonitor("churn-drift", { ...minimal, schedule: "hourly", retrain: {} }),
    );
    expect(message).toBe('DriftMonitor "churn-drift": 2 invalid inputs');
    expect(reasons.at(-1)).toBe(
      "retrain is without either; allowed: exactly one of cronJob and workflowTemplate. Say what trains the model.",
    );
    expect(await program.resources()).toEqual([]);
  });
});

describe("the rights of a monitor", () => {
  const memory = {
    apiGroups: [""],
    resources: ["configmaps"],
    resourceNames: ["churn-drift-state"],
    verbs: ["get", "update"],
  };

  it.each<[string, Partial<DriftMonitorArgs>, object[]]>([
    ["are its own memory alone", {}, [memory]],
    [
      "are one CronJob, and to create Jobs",
      { retrain: { cronJob: "churn-train" } },
      [
        memory,
        { apiGroups: ["batch"], resources: ["cronjobs"], resourceNames: ["churn-train"], verbs: ["get"] },
        { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] },
      ],
    ],
    [
      "are to create Workflows",
      { retrain: { workflowTemplate: "churn-loop" } },
      [memory, { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["create"] }],
    ],
  ])("%s", (_what, args, rules) => {
    expect(driftMonitorManifests("churn-drift", { ...minimal, ...args }).role.rules).toEqual(rules);
  });
});

describe("the pod of a monitor", () => {
  it("has a token, and no more rights on its node than others", () => {
    expect(podOf(minimal)).toMatchObject({
      automountServiceAccountToken: true,
      serviceAccountName: "churn-drift",
      restartPolicy: "Never",
      securityContext: { runAsNonRoot: true, runAsUser: 1000 },
    });
  });

  it("mounts each claim once, however often it is used, and writes only where reports go", () => {
    const args: DriftMonitorArgs = {
      ...minimal,
      recent: { ...minimal.recent, persistentVolumeClaim: "training" },
      reports: { persistentVolumeClaim: "reports", folder: "drift" },
    };
    const { volumes, containers } = podOf(args) as { volumes: object[]; containers: { volumeMounts: object[] }[] };
    expect(volumes.slice(1)).toEqual([
      { name: "claim-0", persistentVolumeClaim: { claimName: "training" } },
      { name: "claim-1", persistentVolumeClaim: { claimName: "reports" } },
    ]);
    expect(containers[0]?.volumeMounts.slice(1)).toEqual([
      { name: "claim-0", mountPath: "/claims/0", readOnly: true },
      { name: "claim-1", mountPath: "/claims/1" },
    ]);
  });

  it("is told where the files are then", () => {
    const { data } = driftMonitorManifests("churn-drift", {
      ...minimal,
      reports: { persistentVolumeClaim: "requests", folder: "drift" },
    }).program;
    expect(JSON.parse(data!["config.json"] as string)).toMatchObject({
      reference: { path: "/claims/0/churn/*.csv" },
      recent: { path: "/claims/1/churn/*.jsonl" },
      reports: "/claims/1/drift",
    });
  });
});
