import { describe, expect, it } from "vitest";
import { volumeType } from "../../../../policies/pod-security/standards/volume-type";
import { job, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { judged, leftToUpdate, objectOf, POD } from "./judged";

const VOLUME = `${POD}.volumes[0]`;
const TYPES = "configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret";

function withVolume(volume: unknown) {
  return job({}, { volumes: [volume] });
}

function refused(type: string): string {
  return (
    `advisory [POD-14] Job ml/mnist: ${VOLUME}.${type} is given; allowed: one of the types ${TYPES}. Let a ` +
    "PersistentVolume or a CSI driver provide it, and claim it."
  );
}

describe("POD-14 types of volumes", () => {
  it.each<[string, TestResource]>([
    ["pods without volumes", job()],
    ["a volume without a type, which is an emptyDir", withVolume({ name: "a" })],
    ["what is null", withVolume({ name: "a", nfs: null })],
    ["an allowed type of which nothing is known", withVolume({ name: "a", secret: UNKNOWN_STRING })],
    ["folders of the node, which POD-03 judges", withVolume({ name: "a", hostPath: { path: "/data" } })],
    ...TYPES.split(", ").map((type): [string, TestResource] => [type, withVolume({ name: "a", [type]: {} })]),
    ...TYPES.split(", ").map((type): [string, TestResource] => [
      `${type} before another`,
      withVolume({ nfs: {}, [type]: {} }),
    ]),
  ])("accepts %s", (_case, resource) => {
    expect(judged(volumeType, resource)).toEqual([]);
  });

  it.each([
    ...["nfs", "iscsi", "cephfs", "rbd", "glusterfs", "fc", "flexVolume", "gitRepo", "awsElasticBlockStore"],
    ...["gcePersistentDisk", "azureDisk", "azureFile", "cinder", "portworxVolume", "vsphereVolume", "scaleIO"],
    "aTypeToCome",
  ])("advises against %s", (type) => {
    expect(judged(volumeType, withVolume({ name: "a", [type]: {} }))).toEqual([refused(type)]);
  });

  it("does so beside an allowed type that is null", () => {
    expect(judged(volumeType, withVolume({ nfs: {}, emptyDir: null }))).toEqual([refused("nfs")]);
  });

  it("finds them in the kinds of machine learning", () => {
    const spec = {
      volumes: [{ name: "data", nfs: { server: "nfs.example" } }],
      driver: { volumeMounts: [{ name: "data", mountPath: "/data" }] },
    };

    expect(judged(volumeType, objectOf("sparkoperator.k8s.io/v1beta2", "SparkApplication", spec))).toEqual([
      `advisory [POD-14] SparkApplication it: spec.volumes[0].nfs is given; allowed: one of the types ${TYPES}. Let a ` +
        "PersistentVolume or a CSI driver provide it, and claim it.",
    ]);
  });

  it.each([
    ["the volumes", job({}, { volumes: UNKNOWN_STRING }), [`${POD}.volumes`]],
    ["a volume", withVolume(UNKNOWN_STRING), [VOLUME]],
    ["a type that is not allowed", withVolume({ nfs: UNKNOWN_STRING }), [`${VOLUME}.nfs`]],
    ["an allowed type", withVolume({ nfs: {}, secret: UNKNOWN_STRING }), [`${VOLUME}.secret`]],
  ])("leaves it to the update while %s is not known", (_case, resource, paths) => {
    expect(judged(volumeType, resource)).toEqual([leftToUpdate(volumeType, ...paths)]);
  });
});
