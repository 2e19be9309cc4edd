import { describe, expect, it } from "vitest";
import { procMount, procMountInUserNamespace } from "../../../../policies/pod-security/standards/proc-mount";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { judged, leftToUpdate, MAIN, objectOf, POD } from "./judged";

const FIELD = `${MAIN}.securityContext.procMount`;

function mounted(procMount: unknown, fields: object = {}) {
  return job({ securityContext: { procMount } }, fields);
}

function refused(level: string, shown = `"Unmasked"`): string[] {
  return [`${level} [POD-12] Job ml/mnist: ${FIELD} is ${shown}; allowed: "Default" or absent. Remove it.`];
}

describe("POD-12 /proc without its masks", () => {
  it.each([
    ["containers that say nothing", job()],
    ["the default", mounted("Default")],
    ["null", mounted(null)],
    ["pods in a user namespace", mounted("Unmasked", { hostUsers: false })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(procMount, resource)).toEqual([]);
  });

  it.each([
    ["Unmasked", mounted("Unmasked"), `"Unmasked"`],
    ["Unmasked in the user namespace of the node", mounted("Unmasked", { hostUsers: true }), `"Unmasked"`],
    ["what is no name", mounted(1), "1"],
  ])("refuses %s", (_case, resource, shown) => {
    expect(judged(procMount, resource)).toEqual(refused("mandatory", shown));
  });

  it("counts a user namespace since 1.35 only", () => {
    const resource = mounted("Unmasked", { hostUsers: false });
    expect(judged(procMount, resource, { kubernetesVersion: "1.34" })).toEqual(refused("mandatory"));
    expect(judged(procMount, resource, { kubernetesVersion: "1.35" })).toEqual([]);
  });

  it("finds it in the kinds of machine learning", () => {
    const template = { spec: { containers: [{ name: "a", securityContext: { procMount: "Unmasked" } }] } };

    expect(judged(procMount, objectOf("ray.io/v1", "RayCluster", { headGroupSpec: { template } }))).toEqual([
      "mandatory [POD-12] RayCluster it: spec.headGroupSpec.template.spec.containers[0].securityContext.procMount is " +
        `"Unmasked"; allowed: "Default" or absent. Remove it.`,
    ]);
  });

  it.each([
    ["it", mounted(UNKNOWN_STRING), [FIELD]],
    ["the user namespace", mounted("Unmasked", { hostUsers: UNKNOWN_STRING }), [`${POD}.hostUsers`]],
  ])("leaves it to the update while %s is not known", (_case, resource, paths) => {
    expect(judged(procMount, resource)).toEqual([leftToUpdate(procMount, ...paths)]);
  });
});

describe("POD-12 /proc without its masks in a user namespace", () => {
  it.each([
    ["the default", mounted("Default", { hostUsers: false })],
    ["containers that say nothing", job({}, { hostUsers: false })],
    ["what the other rule refuses", mounted("Unmasked")],
  ])("accepts %s", (_case, resource) => {
    expect(judged(procMountInUserNamespace, resource)).toEqual([]);
  });

  it("advises against it, since 1.35", () => {
    const resource = mounted("Unmasked", { hostUsers: false });
    expect(judged(procMountInUserNamespace, resource)).toEqual(refused("advisory"));
    expect(judged(procMountInUserNamespace, resource, { kubernetesVersion: "1.34" })).toEqual([]);
  });

  it("leaves it to the update while the user namespace is not known", () => {
    expect(judged(procMountInUserNamespace, mounted("Unmasked", { hostUsers: UNKNOWN_STRING }))).toEqual([
      leftToUpdate(procMountInUserNamespace, `${POD}.hostUsers`),
    ]);
  });
});
