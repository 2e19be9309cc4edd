import { describe, expect, it } from "vitest";
import { notebookCulling } from "../../../../policies/gpu-ml/ml/notebook-culling";
import { UNKNOWN_STRING, job } from "../../analyzer";
import { judged, notKnown, object } from "./objects";

const config = (data: unknown, name: unknown = "notebook-controller-config-h659mh255b") =>
  object("v1", "ConfigMap", { data }, { name });
const controller = (container: object) => job({ image: "registry.example/notebook-controller:v1.11.0", ...container });
const CONTAINER = "Job ml/mnist: spec.template.spec.containers[0]";
const ON = { name: "ENABLE_CULLING", value: "true" };

const off = (at: string) =>
  `advisory [ML-10] ${at} is off, so that idle notebooks keep their GPUs; allowed: ENABLE_CULLING "true". ` +
  'Set ENABLE_CULLING to "true".';
const late = (at: string, minutes: number, most = 1440) =>
  `advisory [ML-10] ${at} is ${minutes} minutes; allowed: at most ${most} minutes. Lower CULL_IDLE_TIME.`;
const CONFIG = "ConfigMap ml/notebook-controller-config-h659mh255b: data";

describe("ML-10 idle notebooks", () => {
  it.each([
    ["culling after a day", config({ ENABLE_CULLING: "true" })],
    ["culling after an hour", config({ ENABLE_CULLING: "true", CULL_IDLE_TIME: "60" })],
    ["another ConfigMap", config({ A: "b" }, "jupyter-web-app-config")],
    ["another ConfigMap that is not known yet", config(UNKNOWN_STRING, "jupyter-web-app-config")],
    ["a Secret of the same name", object("v1", "Secret", { data: {} }, { name: "notebook-controller-config" })],
    ["a controller that culls", controller({ env: [ON, { name: "CULL_IDLE_TIME", value: "1440" }] })],
    ["a controller that asks a ConfigMap", controller({ env: [{ name: "ENABLE_CULLING", valueFrom: {} }] })],
    ["a controller that takes all of a ConfigMap", controller({ envFrom: [{ configMapRef: { name: "a" } }] })],
    ["another program", job({ image: "registry.example/my-notebook-controller-docs:1" })],
    ["another program of a longer name", job({ image: "registry.example/my-notebook-controller:1" })],
    ["a program whose image is not known yet", job({ image: UNKNOWN_STRING })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(notebookCulling, resource)).toEqual([]);
  });

  it.each([
    ["false", { ENABLE_CULLING: "false" }],
    ["nothing", {}],
    ["a yes that Go does not compare with", { ENABLE_CULLING: "yes", CULL_IDLE_TIME: "9999" }],
  ])("refuses a ConfigMap that says %s", (_case, data) => {
    expect(judged(notebookCulling, config(data))).toEqual([off(`${CONFIG}.ENABLE_CULLING`)]);
  });

  it("knows a ConfigMap by its switch too", () => {
    expect(judged(notebookCulling, config({ ENABLE_CULLING: "false" }, "settings"))).toEqual([
      off("ConfigMap ml/settings: data.ENABLE_CULLING"),
    ]);
  });

  it.each([
    ["no variable", {}, "env"],
    ["a variable that is off", { env: [{ name: "A" }, { name: "ENABLE_CULLING", value: "false" }] }, "env[1].value"],
    [
      "a variable that is off beside a ConfigMap",
      { env: [{ name: "ENABLE_CULLING", value: "0" }], envFrom: [{}] },
      "env[0].value",
    ],
    ["an image by digest", { image: "notebook-controller@sha256:0" }, "env"],
    ["an image without tag", { image: "notebook-controller" }, "env"],
  ])("refuses a controller with %s", (_case, container, path) => {
    expect(judged(notebookCulling, controller(container))).toEqual([off(`${CONTAINER}.${path}`)]);
  });

  it("refuses a time that is too long", () => {
    const data = { ENABLE_CULLING: "true", CULL_IDLE_TIME: "1441" };
    const env = [ON, { name: "CULL_IDLE_TIME", value: "2880" }];

    expect(judged(notebookCulling, config(data))).toEqual([late(`${CONFIG}.CULL_IDLE_TIME`, 1441)]);
    expect(judged(notebookCulling, controller({ env }))).toEqual([late(`${CONTAINER}.env[1].value`, 2880)]);
    expect(judged(notebookCulling, config({ ENABLE_CULLING: "true" }), { idleMinutes: 60 })).toEqual([
      late(`${CONFIG}.CULL_IDLE_TIME`, 1440, 60),
    ]);
    expect(judged(notebookCulling, config(data), { idleMinutes: 1441 })).toEqual([]);
    const parameter = notebookCulling.parameters.idleMinutes;
    expect([1, 0, 1.5, "1"].map((value) => parameter.accepts(value))).toEqual([true, false, false, false]);
  });

  it.each([
    ["the data", config(UNKNOWN_STRING), "data"],
    ["the switch", config({ ENABLE_CULLING: UNKNOWN_STRING }), "data.ENABLE_CULLING"],
    ["the time", config({ ENABLE_CULLING: "true", CULL_IDLE_TIME: UNKNOWN_STRING }), "data.CULL_IDLE_TIME"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    const title = "ConfigMap ml/notebook-controller-config-h659mh255b";

    expect(judged(notebookCulling, resource)).toEqual([notKnown(notebookCulling, title, path)]);
  });

  it("asks only for the time while that is not known", () => {
    const resource = config({ ENABLE_CULLING: "true", CULL_IDLE_TIME: UNKNOWN_STRING });

    expect(judged(notebookCulling, resource, { idleMinutes: 60 })).toHaveLength(1);
    expect(judged(notebookCulling, controller({ env: [ON, { name: UNKNOWN_STRING }] }))).toEqual([]);
  });

  it.each([
    ["the environment", { env: UNKNOWN_STRING }, "env"],
    ["the switch", { env: [{ ...ON, value: UNKNOWN_STRING }] }, "env[0].value"],
    ["a variable", { env: [UNKNOWN_STRING] }, "env"],
    ["the name of a variable", { env: [{ name: UNKNOWN_STRING, value: "true" }] }, "env"],
  ])("leaves it to the update while %s of a controller is not known", (_case, container, path) => {
    expect(judged(notebookCulling, controller(container))).toEqual([
      notKnown(notebookCulling, "Job ml/mnist", `spec.template.spec.containers[0].${path}`),
    ]);
  });
});
