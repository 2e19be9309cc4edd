import { describe, expect, it } from "vitest";
import { planFindings } from "../../../cli/plan/findings";
import { planOf } from "../../../preflight/plan";
import { sectionOf } from "../../../cli/plan/finding-sections";
import type { TreeObject } from "../../../components/model";
import { FINDING_SECTIONS } from "../../../cli/plan/report";
import { ALL_RULES, PACKS } from "../../../policies/packs";

/** Rules over a whole stack that are about access and traffic rather than about machines and what runs on them. */
const ELSEWHERE = ["ML-11", "RBAC-03"];

describe("the sections of a plan", () => {
  it("have every rule of the GPU pack that is about how the parts of a stack fit together", () => {
    const ofStack = PACKS["gpu-ml"]!.filter((rule) => "judgeStack" in rule && !rule.id.startsWith("NET-"));
    const missing = ofStack.map(({ id }) => id).filter((id) => sectionOf(id) === undefined);
    expect([...new Set(missing)].sort()).toEqual(ELSEWHERE);
  });

  it.each(FINDING_SECTIONS.filter((section) => section !== "other"))("%s has rules", (section) => {
    expect(ALL_RULES.filter(({ id }) => sectionOf(id) === section)).not.toEqual([]);
  });
});

const PODS = { template: { spec: { containers: [{ name: "main", image: "registry.example/main:1" }] } } };
const runPolicy = (kind: string, replicas: string, version = "kubeflow.org/v1") =>
  [
    `${version}/${kind}`,
    { [replicas]: { Worker: { replicas: 1, ...PODS } } },
    "spec.runPolicy.ttlSecondsAfterFinished",
  ] as const;

describe("the advice of a plan", () => {
  it.each<readonly [kind: string, spec: TreeObject, path: string]>([
    ["batch/v1/Job", PODS, "spec.ttlSecondsAfterFinished"],
    runPolicy("PyTorchJob", "pytorchReplicaSpecs"),
    runPolicy("TFJob", "tfReplicaSpecs"),
    runPolicy("XGBoostJob", "xgbReplicaSpecs"),
    runPolicy("PaddleJob", "paddleReplicaSpecs"),
    runPolicy("JAXJob", "jaxReplicaSpecs"),
    runPolicy("MPIJob", "mpiReplicaSpecs", "kubeflow.org/v2beta1"),
    [
      "jobset.x-k8s.io/v1alpha2/JobSet",
      { replicatedJobs: [{ name: "w", template: { spec: PODS } }] },
      "spec.ttlSecondsAfterFinished",
    ],
    [
      "trainer.kubeflow.org/v1alpha1/TrainingRuntime",
      { template: { spec: { replicatedJobs: [{ name: "node", template: { spec: PODS } }] } } },
      "spec.template.spec.ttlSecondsAfterFinished",
    ],
    ["sparkoperator.k8s.io/v1beta2/SparkApplication", { driver: {}, executor: {} }, "spec.timeToLiveSeconds"],
    ["argoproj.io/v1alpha1/Workflow", { templates: [] }, "spec.ttlStrategy.secondsAfterCompletion"],
    ["ray.io/v1/RayJob", { rayClusterSpec: {} }, "spec.shutdownAfterJobFinishes"],
  ])("tells of a %s that stays when it has ended", (name, spec, path) => {
    const [kind = "", ...version] = name.split("/").reverse();
    const apiVersion = version.reverse().join("/");
    const metadata = { name: "it", namespace: "ml" };
    const properties = { apiVersion, kind, metadata, spec };
    const resources = [{ type: `kubernetes:${apiVersion}:${kind}`, name: "it", urn: "urn", properties }];
    const findings = planFindings({ resources, plan: planOf(resources), market: {} }, {}, "2026-11-27");

    expect(findings.filter(({ section }) => section === "advice").map((finding) => finding.path)).toContain(path);
  });
});
