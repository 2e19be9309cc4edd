import { describe, expect, it } from "vitest";
import { datasetReclaim } from "../../../../policies/gpu-ml/data/dataset-reclaim";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { notKnown } from "../helm/charts";
import { fixesOf } from "./fixes";

function storageClass(metadata: unknown, reclaimPolicy?: unknown): TestResource {
  const props = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata, reclaimPolicy };
  return { type: "kubernetes:storage.k8s.io/v1:StorageClass", name: "it", props };
}

function persistentVolume(metadata: unknown, persistentVolumeReclaimPolicy: unknown): TestResource {
  const props = { apiVersion: "v1", kind: "PersistentVolume", metadata, spec: { persistentVolumeReclaimPolicy } };
  return { type: "kubernetes:core/v1:PersistentVolume", name: "it", props };
}

const DATASETS = { name: "datasets" };
const UNDECIDED = notKnown("Volumes for data sets and models are retained");
const WAY_OUT = "allowed: Retain. Set it to Retain.";

describe("DATA-02 what becomes of data sets", () => {
  it.each([
    ["a class that retains", storageClass(DATASETS, "Retain")],
    ["a class for what may go", storageClass({ name: "scratch" }, "Delete")],
    ["a name that only contains such a word", storageClass({ name: "remodelling", labels: { a: "supermodels" } })],
    ["a label that is no text", storageClass({ name: "scratch", labels: { a: 5 } })],
    ["a class without name", storageClass({})],
    ["a volume that retains", persistentVolume(DATASETS, "Retain")],
    ["a volume that says nothing, which retains", persistentVolume(DATASETS, null)],
    [
      "a claim",
      {
        type: "kubernetes:core/v1:PersistentVolumeClaim",
        props: { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: DATASETS },
      },
    ],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([datasetReclaim], resource)).toEqual([]);
  });

  it.each([
    ["a class that deletes", storageClass(DATASETS, "Delete"), "StorageClass datasets: reclaimPolicy is Delete"],
    [
      "a class that says nothing",
      storageClass({ name: "imagenet-dataset" }),
      "StorageClass imagenet-dataset: reclaimPolicy is absent, which means Delete",
    ],
    [
      "a class that says null",
      storageClass({ name: "models.large" }, null),
      "StorageClass models.large: reclaimPolicy is absent, which means Delete",
    ],
    [
      "a class by its labels",
      storageClass({ name: "fast", labels: { a: "b", for: "checkpoints" } }, "Delete"),
      "StorageClass fast: reclaimPolicy is Delete",
    ],
    [
      "a volume",
      persistentVolume({ name: "artifact-0" }, "Delete"),
      "PersistentVolume artifact-0: spec.persistentVolumeReclaimPolicy is Delete",
    ],
    [
      "a volume beside an unknown label",
      persistentVolume({ name: "model", labels: { a: UNKNOWN_STRING } }, "Delete"),
      "PersistentVolume model: spec.persistentVolumeReclaimPolicy is Delete",
    ],
  ])("finds %s", (_case, resource, found) => {
    expect(lines(analyze([datasetReclaim], resource))).toEqual([`advisory [DATA-02] ${found}; ${WAY_OUT}`]);
  });

  it.each(["dataset", "datasets", "model", "models", "checkpoint", "checkpoints", "artifact", "artifacts"])(
    "knows %s",
    (name) => {
      expect(fixesOf(datasetReclaim, storageClass({ name }, "Delete"))).toEqual([
        { path: "reclaimPolicy", value: "Retain" },
      ]);
    },
  );

  it("offers to retain a volume", () => {
    expect(fixesOf(datasetReclaim, persistentVolume(DATASETS, "Delete"))).toEqual([
      { path: "spec.persistentVolumeReclaimPolicy", value: "Retain" },
    ]);
  });

  it("has a list of words that can be changed", () => {
    const config = { platform: { rules: { "DATA-02": { words: ["corpus"] } } } };

    expect(analyze([datasetReclaim], storageClass(DATASETS), config)).toEqual([]);
    expect(analyze([datasetReclaim], storageClass({ name: "corpus" }), config)).toHaveLength(1);
  });

  it.each([["text"], [["a", 5]], [null]])("refuses %j as a list of words", (words) => {
    const config = { platform: { rules: { "DATA-02": { words } } } };
    const found = analyze([datasetReclaim], { type: "pulumi:pulumi:Stack", props: {} }, config);

    expect(found.map(({ name }) => name)).toEqual(["META-03"]);
  });

  it.each([
    ["the policy", storageClass(DATASETS, UNKNOWN_STRING), "StorageClass datasets: reclaimPolicy"],
    ["the metadata", storageClass(UNKNOWN_STRING), "StorageClass it: metadata"],
    ["the name", storageClass({ name: UNKNOWN_STRING }), "StorageClass it: metadata"],
    ["the labels", storageClass({ name: "a", labels: UNKNOWN_STRING }), "StorageClass a: metadata"],
    ["a label", storageClass({ name: "a", labels: { b: UNKNOWN_STRING } }), "StorageClass a: metadata"],
    ["name and policy", storageClass({ name: UNKNOWN_STRING }, UNKNOWN_STRING), "StorageClass it: reclaimPolicy"],
  ])("leaves it to the update while %s is not known", (_case, resource, where) => {
    expect(lines(analyze([datasetReclaim], resource))).toEqual([`advisory [DATA-02] ${where} ${UNDECIDED}`]);
  });

  it("needs not wait for the policy of what may go, nor for the name of what is retained", () => {
    expect(analyze([datasetReclaim], storageClass({ name: "scratch" }, UNKNOWN_STRING))).toEqual([]);
    expect(analyze([datasetReclaim], storageClass({ name: UNKNOWN_STRING }, "Retain"))).toEqual([]);
  });
});
