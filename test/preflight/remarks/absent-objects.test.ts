import { describe, expect, it } from "vitest";
import { planOf } from "../../../preflight/plan";
import { stackOf } from "../pools/written-stack";

const remarksOf = (...documents: string[]) => planOf(stackOf(documents.join("\n---\n"))).remarks;

const pod = (name: string, spec: string, labels = "{}") => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ml, labels: ${labels} }
spec: { containers: [{ name: main }], ${spec} }`;

const mounting = (claim: string) =>
  pod(`p-${claim}`, `volumes: [{ persistentVolumeClaim: { claimName: "${claim}" } }]`);
const cluster = (apiVersion: string, kind: string, name: string, more = "{}") => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: ${name} }
spec: ${more}`;
const own = (apiVersion: string, kind: string, name: string, spec = "{}") => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: ${name}, namespace: ml }
spec: ${spec}`;

describe("what pods name and the stack does not declare", () => {
  it.each<[string, string[], string]>([
    [
      "a claim",
      [mounting("data")],
      "PersistentVolumeClaim ml/data is not in the stack: that its volume can be reached from the zones of the nodes is " +
        "not proven.",
    ],
    [
      "several claims",
      ["a", "b", "c", "d"].map(mounting),
      "PersistentVolumeClaims ml/a, ml/b, ml/c and ml/d are not in the stack: that their volumes can be reached from the " +
        "zones of the nodes is not proven.",
    ],
    [
      "many claims, each once",
      ["a", "b", "c", "d", "e", "a"].map(mounting).map((each, at) => each.replace("name: p-", `name: p-${at}-`)),
      "PersistentVolumeClaims ml/a, ml/b, ml/c and 2 more are not in the stack: that their volumes can be reached from " +
        "the zones of the nodes is not proven.",
    ],
    [
      "a queue",
      [pod("p", "", "{ kueue.x-k8s.io/queue-name: night }")],
      "LocalQueue ml/night is not in the stack: that it admits the pods which wait in it, and on which nodes, is not proven.",
    ],
    [
      "the queue behind one",
      [own("kueue.x-k8s.io/v1beta1", "LocalQueue", "night", "{ clusterQueue: research }")],
      "ClusterQueue research is not in the stack: that it admits the pods which wait in it, and on which nodes, is not proven.",
    ],
    [
      "a priority",
      [pod("p", "priorityClassName: high")],
      "PriorityClass high is not in the stack: the API server refuses pods that name it unless the cluster has it.",
    ],
    [
      "priorities",
      [pod("p", "priorityClassName: high"), pod("q", "priorityClassName: low")],
      "PriorityClasses high and low are not in the stack: the API server refuses pods that name them unless the cluster " +
        "has them.",
    ],
    [
      "a runtime",
      [pod("p", "runtimeClassName: gvisor")],
      "RuntimeClass gvisor is not in the stack: the API server refuses pods that name it unless the cluster has it.",
    ],
    [
      "the class of a claim",
      [own("v1", "PersistentVolumeClaim", "data", "{ storageClassName: fast }")],
      "StorageClass fast is not in the stack: that it makes volumes in the zones of the nodes is not proven.",
    ],
    [
      "the class of a claim that is made",
      [
        own(
          "apps/v1",
          "StatefulSet",
          "db",
          "{ replicas: 1, template: { spec: { containers: [] } }, volumeClaimTemplates: [{ spec: { storageClassName: fast } }] }",
        ),
      ],
      "StorageClass fast is not in the stack: that it makes volumes in the zones of the nodes is not proven.",
    ],
  ])("is told: %s", (_, documents, remark) => {
    expect(remarksOf(...documents)).toEqual([remark]);
  });

  it.each<[string, string[]]>([
    ["a claim that is there", [mounting("data"), own("v1", "PersistentVolumeClaim", "data")]],
    [
      "a claim that a volume is kept for",
      [mounting("data"), cluster("v1", "PersistentVolume", "v", "{ claimRef: { namespace: ml, name: data } }")],
    ],
    [
      "a claim that a StatefulSet makes",
      [
        mounting("disk-db-0"),
        own(
          "apps/v1",
          "StatefulSet",
          "db",
          "{ replicas: 1, template: { spec: { containers: [] } }, volumeClaimTemplates: [{ metadata: { name: disk } }] }",
        ),
      ],
    ],
    ["a claim whose name is filled in later", [mounting("{{workflow.name}}")]],
    ["a claim without a name", [mounting("")]],
    [
      "queues that are there",
      [
        pod("p", "", "{ kueue.x-k8s.io/queue-name: night }"),
        own("kueue.x-k8s.io/v1beta1", "LocalQueue", "night", "{ clusterQueue: research }"),
        cluster("kueue.x-k8s.io/v1beta1", "ClusterQueue", "research"),
      ],
    ],
    [
      "a priority that is there",
      [pod("p", "priorityClassName: high"), cluster("scheduling.k8s.io/v1", "PriorityClass", "high")],
    ],
    ["a priority that every cluster has", [pod("p", "priorityClassName: system-node-critical")]],
    ["no priority", [pod("p", 'priorityClassName: ""')]],
    ["a runtime that is there", [pod("p", "runtimeClassName: g"), cluster("node.k8s.io/v1", "RuntimeClass", "g")]],
    [
      "a class of a claim that has a volume",
      [own("v1", "PersistentVolumeClaim", "data", "{ storageClassName: fast, volumeName: v }")],
    ],
    ["no class at all", [own("v1", "PersistentVolumeClaim", "data", '{ storageClassName: "" }')]],
    [
      "a class that is there",
      [
        own("v1", "PersistentVolumeClaim", "data", "{ storageClassName: fast }"),
        cluster("storage.k8s.io/v1", "StorageClass", "fast"),
      ],
    ],
  ])("is not told: %s", (_, documents) => {
    expect(remarksOf(...documents)).toEqual([]);
  });

  it("is told of a claim that is numbered unlike those that a StatefulSet makes", () => {
    const set = own(
      "apps/v1",
      "StatefulSet",
      "db",
      "{ replicas: 1, template: { spec: { containers: [] } }, volumeClaimTemplates: [{ metadata: { name: disk } }] }",
    );
    expect(remarksOf(set, mounting("disk-db"))).toHaveLength(1);
    expect(remarksOf(set, mounting("disk-db-x"))).toHaveLength(1);
  });
});
