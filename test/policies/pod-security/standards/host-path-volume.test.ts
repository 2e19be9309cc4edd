import { describe, expect, it } from "vitest";
import { hostPathVolume } from "../../../../policies/pod-security/standards/host-path-volume";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { judged, objectOf } from "./judged";

function volume(spec: object) {
  return objectOf("v1", "PersistentVolume", { capacity: { storage: "1Gi" }, ...spec });
}

describe("POD-03 persistent volumes from the disk of a node", () => {
  it.each([
    ["other volumes", volume({ csi: { driver: "efs.csi.aws.com" } })],
    ["volumes of a node that stay there", volume({ local: { path: "/mnt/disks/ssd1" } })],
    ["a hostPath of null", volume({ hostPath: null })],
    ["other kinds with such a field", objectOf("v1", "ConfigMap", { hostPath: { path: "/data" } })],
    ["pods, which the other rule judges", job({}, { volumes: [{ name: "a", hostPath: { path: "/data" } }] })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(hostPathVolume, resource)).toEqual([]);
  });

  it("refuses a folder of a node", () => {
    expect(judged(hostPathVolume, volume({ hostPath: { path: "/data" } }))).toEqual([
      `mandatory [POD-03] PersistentVolume it: spec.hostPath is "/data" of the node; allowed: volumes that are not of a ` +
        "node, or `local` ones. Use a storage class, or a volume of kind `local`.",
    ]);
  });

  it("leaves it to the update while the source is not known", () => {
    expect(judged(hostPathVolume, volume({ hostPath: UNKNOWN_STRING }))).toEqual([
      "advisory [POD-03] PersistentVolume it: spec.hostPath is not known yet; allowed: a value that keeps " +
        `"Persistent volumes are nothing from the disk of a node". It is judged at update, before the object is created.`,
    ]);
  });
});
