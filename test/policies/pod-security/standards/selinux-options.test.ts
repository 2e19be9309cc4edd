import { describe, expect, it } from "vitest";
import { seLinuxOptions } from "../../../../policies/pod-security/standards/selinux-options";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { judged, leftToUpdate, MAIN, objectOf, POD } from "./judged";

function refused(path: string, option: string, observed: string, allowed = "absent"): string {
  return (
    `mandatory [POD-12] Job ml/mnist: ${path}.securityContext.seLinuxOptions.${option} is ${observed}; allowed: ${allowed}. ` +
    "Remove it."
  );
}

const TYPES = "container_t or container_init_t or container_kvm_t or container_engine_t or absent";

function ofPod(options: unknown) {
  return job({}, { securityContext: { seLinuxOptions: options } });
}

describe("POD-12 options of SELinux", () => {
  it.each([
    ["pods that say nothing", job()],
    ["a level, which each pod may have", ofPod({ level: "s0:c1" })],
    ["null and nothing", ofPod({ type: null, user: "", role: null })],
    ["an empty type", ofPod({ type: "" })],
    ["the type of containers", ofPod({ type: "container_t" })],
    ["that of init processes", ofPod({ type: "container_init_t" })],
    ["that of virtual machines", ofPod({ type: "container_kvm_t" })],
    ["that of container engines", ofPod({ type: "container_engine_t" })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(seLinuxOptions, resource)).toEqual([]);
  });

  it.each([
    ["other types", ofPod({ type: "spc_t" }), [refused(POD, "type", `"spc_t"`, TYPES)]],
    ["users", ofPod({ user: "system_u" }), [refused(POD, "user", `"system_u"`)]],
    ["roles", ofPod({ role: "sysadm_r" }), [refused(POD, "role", `"sysadm_r"`)]],
    ["types where others are due", ofPod({ user: "container_t" }), [refused(POD, "user", `"container_t"`)]],
    [
      "all of them in a container",
      job({ securityContext: { seLinuxOptions: { type: "a", user: "b", role: "c" } } }),
      [refused(MAIN, "type", `"a"`, TYPES), refused(MAIN, "user", `"b"`), refused(MAIN, "role", `"c"`)],
    ],
  ])("refuses %s", (_case, resource, expected) => {
    expect(judged(seLinuxOptions, resource)).toEqual(expected);
  });

  it("knows the type of container engines since 1.31", () => {
    const resource = ofPod({ type: "container_engine_t" });

    expect(judged(seLinuxOptions, resource, { kubernetesVersion: "1.31" })).toEqual([]);
    expect(judged(seLinuxOptions, resource, { kubernetesVersion: "1.30" })).toEqual([
      refused(POD, "type", `"container_engine_t"`, "container_t or container_init_t or container_kvm_t or absent"),
    ]);
  });

  it("finds them in the kinds of machine learning", () => {
    const template = { spec: { securityContext: { seLinuxOptions: { type: "spc_t" } }, containers: [{ name: "a" }] } };

    expect(
      judged(seLinuxOptions, objectOf("kubeflow.org/v1", "TFJob", { tfReplicaSpecs: { Worker: { template } } })),
    ).toEqual([
      "mandatory [POD-12] TFJob it: spec.tfReplicaSpecs.Worker.template.spec.securityContext.seLinuxOptions.type is " +
        `"spc_t"; allowed: ${TYPES}. Remove it.`,
    ]);
  });

  it("leaves it to the update while an option is not known", () => {
    expect(judged(seLinuxOptions, ofPod({ type: UNKNOWN_STRING }))).toEqual([
      leftToUpdate(seLinuxOptions, `${POD}.securityContext.seLinuxOptions.type`),
    ]);
  });
});
