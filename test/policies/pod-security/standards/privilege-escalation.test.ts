import { describe, expect, it } from "vitest";
import { privilegeEscalation } from "../../../../policies/pod-security/standards/privilege-escalation";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { fixesOf, judged, leftToUpdate, MAIN, objectOf, POD, undecidedIn } from "./judged";

const FIELD = `${MAIN}.securityContext.allowPrivilegeEscalation`;

describe("POD-08 rights that programs raise", () => {
  it.each([
    ["containers that rule it out", job({ securityContext: { allowPrivilegeEscalation: false } })],
    ["privileged ones, which POD-01 judges", job({ securityContext: { privileged: true } })],
    [
      "those with CAP_SYS_ADMIN, which POD-06 judges",
      job({ securityContext: { capabilities: { add: ["CHOWN", "SYS_ADMIN"] } } }),
    ],
    ["pods on Windows", job({}, { os: { name: "windows" } })],
    [
      "those that rule it out, whatever their system turns out to be",
      job({ securityContext: { allowPrivilegeEscalation: false } }, { os: { name: UNKNOWN_STRING } }),
    ],
  ])("accepts %s", (_case, resource) => {
    expect(judged(privilegeEscalation, resource)).toEqual([]);
  });

  it.each([
    ["containers that say nothing", job(), "absent, which means true"],
    ["null", job({ securityContext: { allowPrivilegeEscalation: null } }), "absent, which means true"],
    ["true", job({ securityContext: { allowPrivilegeEscalation: true } }), "true"],
    ["what is no answer", job({ securityContext: { allowPrivilegeEscalation: "false" } }), `"false"`],
    ["pods on Linux", job({}, { os: { name: "linux" } }), "absent, which means true"],
    [
      "containers with another capability",
      job({ securityContext: { capabilities: { add: ["SYS_PTRACE"] } } }),
      "absent, which means true",
    ],
    ["containers that are not privileged", job({ securityContext: { privileged: false } }), "absent, which means true"],
  ])("refuses %s, and rules it out", (_case, resource, observed) => {
    expect(judged(privilegeEscalation, resource)).toEqual([
      `mandatory [POD-08] Job ml/mnist: ${FIELD} is ${observed}; allowed: false. Set it to false.`,
    ]);
    expect(fixesOf(privilegeEscalation, resource)).toEqual([{ path: FIELD, value: false }]);
  });

  it("finds them in the kinds of machine learning", () => {
    const manifest = "apiVersion: v1\nkind: Pod\nspec: {initContainers: [{name: a}]}";
    const spec = { templates: [{ name: "a", resource: { action: "create", manifest } }] };

    expect(judged(privilegeEscalation, objectOf("argoproj.io/v1alpha1", "Workflow", spec))).toEqual([
      "mandatory [POD-08] Workflow it: spec.templates[0].resource.manifest#spec.initContainers[0].securityContext" +
        ".allowPrivilegeEscalation is absent, which means true; allowed: false. Set it to false.",
    ]);
  });

  it("judges what is said, and not what is absent, where others say the rest", () => {
    const sidecars = [{ name: "a" }, { name: "b", securityContext: { allowPrivilegeEscalation: true } }];

    expect(judged(privilegeEscalation, objectOf("kubeflow.org/v1alpha1", "PodDefault", { sidecars }))).toEqual([
      "mandatory [POD-08] PodDefault it: spec.sidecars[1].securityContext.allowPrivilegeEscalation is true; allowed: " +
        "false. Set it to false.",
    ]);
  });

  it.each([
    objectOf("serving.kserve.io/v1alpha1", "InferenceGraph", { nodes: {} }),
    objectOf("serving.kserve.io/v1alpha1", "ClusterStorageContainer", { container: { name: "storage" } }),
    objectOf("pipelines.kubeflow.org/v2beta1", "PipelineVersion", {
      pipelineSpec: { deploymentSpec: { executors: { train: { container: { image: "registry.example/train:1" } } } } },
    }),
  ])("accepts kinds whose controllers say it: %#", (resource) => {
    expect(judged(privilegeEscalation, resource)).toEqual([]);
  });

  it.each([
    ["it", { allowPrivilegeEscalation: UNKNOWN_STRING }, {}, FIELD],
    [
      "the security context",
      UNKNOWN_STRING,
      {},
      `${FIELD}, ${MAIN}.securityContext.privileged, ${MAIN}.securityContext.capabilities.add`,
    ],
    ["the capabilities", { capabilities: { add: UNKNOWN_STRING } }, {}, `${MAIN}.securityContext.capabilities.add`],
    [
      "one capability",
      { capabilities: { add: ["CHOWN", UNKNOWN_STRING] } },
      {},
      `${MAIN}.securityContext.capabilities.add`,
    ],
    ["whether it is privileged", { privileged: UNKNOWN_STRING }, {}, `${MAIN}.securityContext.privileged`],
    ["the system", {}, { os: { name: UNKNOWN_STRING } }, `${POD}.os.name`],
    ["what says the system", {}, { os: UNKNOWN_STRING }, `${POD}.os.name`],
  ])("leaves it to the update while %s is not known", (_case, securityContext, podSpec, paths) => {
    expect(judged(privilegeEscalation, job({ securityContext }, podSpec))).toEqual([
      leftToUpdate(privilegeEscalation, paths),
    ]);
  });

  it("leaves what a runtime may say to whoever has the runtime", () => {
    const trainJob = objectOf("trainer.kubeflow.org/v1alpha1", "TrainJob", { runtimeRef: { name: "torch" } });

    expect(undecidedIn(privilegeEscalation, trainJob)).toEqual([
      "spec.trainer.securityContext.allowPrivilegeEscalation",
    ]);
  });
});
