import { describe, expect, it } from "vitest";
import { notebookHome } from "../../../../policies/gpu-ml/ml/notebook-home";
import { UNKNOWN_STRING, job } from "../../analyzer";
import { judged, notKnown, object } from "./objects";

const MOUNT = { name: "home", mountPath: "/home/jovyan" };
const notebook = (volume: unknown, container: object = { volumeMounts: [MOUNT] }, spec: object = {}) =>
  object("kubeflow.org/v1", "Notebook", {
    spec: { template: { spec: { containers: [{ image: "jupyter:1", ...container }], volumes: [volume], ...spec } } },
  });
const CLAIM = { name: "home", persistentVolumeClaim: { claimName: "ana" } };
const SPEC = "spec.template.spec";

const refused = (path = `${SPEC}.containers[0].volumeMounts`) =>
  `advisory [ML-10] Notebook ml/it: ${path} is without a volume that outlives the pod; allowed: a PersistentVolumeClaim at the ` +
  "home folder. Add a volume with a claim, and mount it at the home folder.";

describe("ML-10 files of notebooks", () => {
  it.each([
    ["a claim", notebook(CLAIM)],
    ["a share", notebook({ name: "home", nfs: { server: "a", path: "/" } })],
    ["a volume of a driver", notebook({ name: "home", csi: { driver: "a" } })],
    ["a claim among other mounts that are not known", notebook(CLAIM, { volumeMounts: [UNKNOWN_STRING, MOUNT] })],
    ["a claim that is not known yet", notebook({ name: "home", persistentVolumeClaim: UNKNOWN_STRING })],
    ["another kind", job()],
  ])("accepts %s", (_case, resource) => {
    expect(judged(notebookHome, resource)).toEqual([]);
  });

  it.each([
    ["a volume that goes with the pod", notebook({ name: "home", emptyDir: {} })],
    ["a claim that is not mounted", notebook(CLAIM, {})],
    ["a mount of another volume", notebook(CLAIM, { volumeMounts: [{ ...MOUNT, name: "other" }] })],
    ["a volume without name", notebook({ persistentVolumeClaim: {} }, { volumeMounts: [{ mountPath: "/a" }] })],
    ["a volume of no use that has no name yet", notebook({ name: UNKNOWN_STRING, emptyDir: {} })],
    [
      "containers that are not known beside nothing that lasts",
      notebook({ name: "a", emptyDir: {} }, {}, { initContainers: UNKNOWN_STRING }),
    ],
    ["null for a claim", notebook({ name: "home", persistentVolumeClaim: null })],
    ["no volumes", notebook(CLAIM, { volumeMounts: [MOUNT] }, { volumes: undefined })],
    [
      "a mount that is not known beside nothing that lasts",
      notebook({ name: "a", emptyDir: {} }, { volumeMounts: UNKNOWN_STRING }),
    ],
  ])("refuses %s", (_case, resource) => {
    expect(judged(notebookHome, resource)).toEqual([refused()]);
  });

  it("names the volumes where there is no container", () => {
    expect(judged(notebookHome, notebook(CLAIM, {}, { containers: [] }))).toEqual([refused(`${SPEC}.volumes`)]);
  });

  it.each([
    ["the containers", notebook(CLAIM, {}, { containers: UNKNOWN_STRING }), `${SPEC}.containers`],
    ["the volumes", notebook(CLAIM, {}, { volumes: UNKNOWN_STRING }), `${SPEC}.volumes`],
    ["a volume", notebook(UNKNOWN_STRING), `${SPEC}.volumes[0]`],
    ["its name", notebook({ ...CLAIM, name: UNKNOWN_STRING }), `${SPEC}.volumes[0].name`],
    [
      "a mount beside a volume of no use",
      notebook(CLAIM, { volumeMounts: UNKNOWN_STRING }, { volumes: [{ name: "a", emptyDir: {} }, CLAIM] }),
      `${SPEC}.containers[0].volumeMounts`,
    ],
    ["a mount", notebook(CLAIM, { volumeMounts: [UNKNOWN_STRING] }), `${SPEC}.containers[0].volumeMounts[0]`],
    ["the mounts", notebook(CLAIM, { volumeMounts: UNKNOWN_STRING }), `${SPEC}.containers[0].volumeMounts`],
    [
      "the name of a mount",
      notebook(CLAIM, { volumeMounts: [{ ...MOUNT, name: UNKNOWN_STRING }] }),
      `${SPEC}.containers[0].volumeMounts[0]`,
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(notebookHome, resource)).toEqual([notKnown(notebookHome, "Notebook ml/it", path)]);
  });
});
