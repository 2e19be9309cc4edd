import { describe, expect, it } from "vitest";
import { containersOf, podSetsOf } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";
import { GROUP, model, runtime, service } from "./serving-runtimes";

describe("the container that fetches a model", () => {
  const amounts = { cpuRequest: "100m", memoryRequest: "100Mi", cpuLimit: "1", memoryLimit: "1Gi" };
  const resources = { requests: { cpu: "100m", memory: "100Mi" }, limits: { cpu: "1", memory: "1Gi" } };

  function configuration(settings: Tree = JSON.stringify({ image: "init:1", ...amounts })): TreeObject {
    const metadata = { name: "inferenceservice-config", namespace: "kserve" };
    return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { storageInitializer: settings } };
  }

  function storageContainer(name: string, spec: TreeObject = {}, more: TreeObject = {}): TreeObject {
    const container = { name: "any", image: `${name}:1` };
    const whole = { container, supportedUriFormats: [{ prefix: "s3://" }], workloadType: "initContainer", ...spec };
    return { apiVersion: GROUP, kind: "ClusterStorageContainer", metadata: { name }, spec: whole, ...more };
  }

  /** The init containers of a predictor with the runtime at hand, each by its path and image. */
  function initContainers(predictor: TreeObject, others: TreeObject[]): Tree[][] {
    const [set] = podSetsOf(service(predictor), [runtime("a"), ...others]);
    return containersOf(set!).flatMap(({ path, container }) =>
      container.name === "kserve-container" ? [] : [[path, container.name, container.image]],
    );
  }

  const s3 = model({ storageUri: "s3://models/net" });
  const AT = "spec.predictor.model.storageUri#";
  const FIRST = [[`${AT}spec.container`, "storage-initializer", "a:1"]];

  it("is the one of the configuration", () => {
    const [set] = podSetsOf(service(s3), [runtime("a"), configuration()]);
    expect(containersOf(set!)[0]).toEqual({
      path: `${AT}data.storageInitializer`,
      container: { name: "storage-initializer", image: "init:1", resources },
    });
  });

  it("is changed by a storage container", () => {
    const container = { name: "any", image: "own:1", resources: { limits: { memory: "4Gi" } } };
    const [set] = podSetsOf(service(s3), [runtime("a"), configuration(), storageContainer("a", { container })]);
    expect(containersOf(set!)[0]).toEqual({
      path: `${AT}spec.container`,
      container: {
        name: "storage-initializer",
        image: "own:1",
        resources: { requests: resources.requests, limits: { cpu: "1", memory: "4Gi" } },
      },
    });
  });

  it.each<[name: string, predictor: TreeObject, others: TreeObject[], expected: Tree[][]]>([
    ["neither is at hand", s3, [], []],
    ["the configuration is no object", s3, [configuration("[]")], []],
    ["the configuration cannot be read", s3, [configuration("{")], []],
    ["the configuration is not known", s3, [configuration(UNKNOWN)], []],
    ["the first that fetches such models", s3, [storageContainer("a"), storageContainer("b")], FIRST],
    ["one that says nothing of what it is for", s3, [storageContainer("a", { workloadType: undefined })], FIRST],
    ["none for other models", s3, [storageContainer("a", { supportedUriFormats: [{ prefix: "gs://" }] })], []],
    ["none for jobs", s3, [storageContainer("a", { workloadType: "localModelDownloadJob" })], []],
    ["none that is disabled", s3, [storageContainer("a", {}, { disabled: true })], []],
    [
      "one by the start of its pattern",
      s3,
      [storageContainer("a", { supportedUriFormats: [{ regex: "s3://(.+?)x" }] })],
      FIRST,
    ],
    [
      "one by a pattern without the letter that may be missing",
      s3,
      [storageContainer("a", { supportedUriFormats: [{ regex: "s3s?://" }] })],
      FIRST,
    ],
    [
      "one by any of several patterns",
      s3,
      [storageContainer("a", { supportedUriFormats: [{ regex: "gs://|s3://" }] })],
      FIRST,
    ],
    ["none by another pattern", s3, [storageContainer("a", { supportedUriFormats: [{ regex: "gs://" }] })], []],
    ["none by no pattern at all", s3, [storageContainer("a", { supportedUriFormats: [{}] })], []],
    [
      "the one that the predictor names",
      { ...s3, storageContainerName: "b" },
      [storageContainer("a"), storageContainer("b")],
      [[`${AT}spec.container`, "storage-initializer", "b:1"]],
    ],
    ["any, where the predictor names none", { ...s3, storageContainerName: "" }, [storageContainer("a")], FIRST],
    ["a volume is mounted", model({ storageUri: "pvc://models/net" }), [configuration()], []],
    ["an image is mounted", model({ storageUri: "oci+native://models/net" }), [configuration()], []],
    ["nothing is to be fetched", model(), [configuration()], []],
    ["it is not known what is", model({ storageUri: UNKNOWN }), [configuration()], []],
    [
      "the predictor has one",
      { ...s3, initContainers: [{ name: "storage-initializer", image: "mine:1" }] },
      [configuration()],
      [["spec.predictor.initContainers[0]", "storage-initializer", "mine:1"]],
    ],
    ["other init containers are not known", { ...s3, initContainers: UNKNOWN }, [configuration()], []],
    [
      "behind other init containers",
      { ...s3, initContainers: [{ name: "first", image: "f:1" }] },
      [storageContainer("a")],
      [["spec.predictor.initContainers[0]", "first", "f:1"], ...FIRST],
    ],
    [
      "a secret tells where the model is",
      model({ storage: { key: "a" } }),
      [configuration(), storageContainer("a")],
      [["spec.predictor.model.storage#data.storageInitializer", "storage-initializer", "init:1"]],
    ],
    [
      "several are to be fetched",
      { ...model(), storageUris: [{ uri: "pvc://a" }, { uri: "s3://b" }] },
      [storageContainer("a")],
      [["spec.predictor.storageUris#spec.container", "storage-initializer", "a:1"]],
    ],
  ])("is right where %s", (_name, predictor, others, expected) => {
    expect(initContainers(predictor, others)).toEqual(expected);
  });
});
