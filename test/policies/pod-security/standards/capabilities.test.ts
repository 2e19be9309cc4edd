import { describe, expect, it } from "vitest";
import { addedCapability } from "../../../../policies/pod-security/standards/added-capability";
import { droppedCapabilities } from "../../../../policies/pod-security/standards/dropped-capabilities";
import { analyze, job, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { fixesOf, judged, leftToUpdate, MAIN, objectOf, POD, undecidedIn } from "./judged";

const FIELD = `${MAIN}.securityContext.capabilities`;
const DEFAULTS =
  "AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, " +
  "SYS_CHROOT";

function withCapabilities(capabilities: unknown, container: object = {}, podSpec: object = {}) {
  return job({ ...container, securityContext: { capabilities } }, podSpec);
}

describe("POD-06 capabilities beyond the default ones", () => {
  function refused(shown: string, index = 0, allowed = DEFAULTS): string {
    return (
      `mandatory [POD-06] Job ml/mnist: ${FIELD}.add[${index}] is ${shown}; allowed: a default capability (${allowed}). ` +
      "Remove it."
    );
  }

  it.each<[string, TestResource]>([
    ["no capabilities", job()],
    ["an empty list", withCapabilities({ add: [] })],
    ["what is no list", withCapabilities({ add: "SYS_ADMIN" })],
    ["capabilities that are dropped", withCapabilities({ drop: ["SYS_ADMIN", "ALL"] })],
    ...DEFAULTS.split(", ").map((name): [string, TestResource] => [name, withCapabilities({ add: [name] })]),
  ])("accepts %s", (_case, resource) => {
    expect(judged(addedCapability, resource)).toEqual([]);
  });

  it.each(["SYS_ADMIN", "NET_RAW", "IPC_LOCK", "ALL", "CAP_CHOWN", "chown", ""])("refuses %j", (name) => {
    expect(judged(addedCapability, withCapabilities({ add: [name] }))).toEqual([refused(JSON.stringify(name))]);
  });

  it("names each one at its place, and what is no capability at all", () => {
    expect(judged(addedCapability, withCapabilities({ add: ["CHOWN", "SYS_PTRACE", null, {}, []] }))).toEqual([
      refused(`"SYS_PTRACE"`, 1),
      refused("absent", 2),
      refused("an object", 3),
      refused("a list", 4),
    ]);
  });

  it("finds them in the kinds of machine learning", () => {
    const securityContext = { capabilities: { add: ["IPC_LOCK"] } };
    const template = { spec: { containers: [{ name: "mpi", securityContext }] } };

    expect(
      judged(
        addedCapability,
        objectOf("kubeflow.org/v2beta1", "MPIJob", { mpiReplicaSpecs: { Worker: { template } } }),
      ),
    ).toEqual([
      "mandatory [POD-06] MPIJob it: spec.mpiReplicaSpecs.Worker.template.spec.containers[0].securityContext.capabilities" +
        `.add[0] is "IPC_LOCK"; allowed: a default capability (${DEFAULTS}). Remove it.`,
    ]);
  });

  it("lets containers add what configuration names", () => {
    const capabilities = ["IPC_LOCK"];

    expect(judged(addedCapability, withCapabilities({ add: ["IPC_LOCK"] }), { capabilities })).toEqual([]);
    expect(judged(addedCapability, withCapabilities({ add: ["SYS_NICE"] }), { capabilities })).toEqual([
      refused(`"SYS_NICE"`, 0, `${DEFAULTS}, IPC_LOCK`),
    ]);
  });

  it.each([
    ["the NVIDIA device plugin", "nvcr.io/nvidia/k8s-device-plugin:v0.20.0", undefined, 0],
    ["an image that configuration names", "registry.example/mnist:1.4", ["registry.example/mnist"], 0],
    [
      "the plugin where configuration names another",
      "nvcr.io/nvidia/k8s-device-plugin:v0.20.0",
      ["registry.example/mnist"],
      1,
    ],
  ])("knows %s among images that need more", (_case, image, images, findings) => {
    const resource = withCapabilities({ add: ["SYS_ADMIN"] }, { image });
    expect(judged(addedCapability, resource, images && { images })).toHaveLength(findings);
  });

  it.each([
    [["IPC_LOCK"], 0],
    [["IPC_LOCK", 1], 1],
    ["IPC_LOCK", 1],
  ])("reads %j as capabilities: %i mistakes", (capabilities, mistakes) => {
    const stack = { type: "pulumi:pulumi:Stack", props: {} };
    const config = { pod: { rules: { "POD-06": { capabilities } } } };
    expect(analyze([addedCapability], stack, config)).toHaveLength(mistakes);
  });

  it.each([
    ["the list", { add: UNKNOWN_STRING }, ".add"],
    ["one of them", { add: ["CHOWN", UNKNOWN_STRING] }, ".add[1]"],
    ["all that is said of them", UNKNOWN_STRING, ".add"],
  ])("leaves it to the update while %s is not known", (_case, capabilities, path) => {
    expect(judged(addedCapability, withCapabilities(capabilities))).toEqual([
      leftToUpdate(addedCapability, `${FIELD}${path}`),
    ]);
  });
});

describe("POD-07 capabilities that are dropped", () => {
  function notDropped(observed: string): string {
    return `advisory [POD-07] Job ml/mnist: ${FIELD}.drop is ${observed}; allowed: a list with ALL. Add ALL.`;
  }

  it.each([
    ["containers that drop all", withCapabilities({ drop: ["ALL"] })],
    ["containers that drop more than all", withCapabilities({ drop: ["NET_RAW", "ALL"] })],
    ["containers that listen on low ports", withCapabilities({ drop: ["ALL"], add: ["NET_BIND_SERVICE"] })],
    ["what POD-06 refuses", withCapabilities({ drop: ["ALL"], add: ["SYS_ADMIN"] })],
    [
      "privileged ones, which POD-01 judges",
      job({ securityContext: { privileged: true, capabilities: { add: ["CHOWN"] } } }),
    ],
    ["pods on Windows", withCapabilities({ add: ["CHOWN"] }, {}, { os: { name: "windows" } })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(droppedCapabilities, resource)).toEqual([]);
  });

  it.each([
    ["containers that say nothing", job(), "absent"],
    ["containers that drop some", withCapabilities({ drop: ["NET_RAW"] }), "without ALL"],
    ["an empty list", withCapabilities({ drop: [] }), "without ALL"],
    ["what is no list", withCapabilities({ drop: "ALL" }), "without ALL"],
    ["a list of null", withCapabilities({ drop: null }), "absent"],
    ["a name in small letters", withCapabilities({ drop: ["all"] }), "without ALL"],
    ["pods on Linux", withCapabilities({ drop: [] }, {}, { os: { name: "linux" } }), "without ALL"],
    ["containers that say that they are not privileged", job({ securityContext: { privileged: false } }), "absent"],
  ])("advises against %s, and drops all", (_case, resource, observed) => {
    expect(judged(droppedCapabilities, resource)).toEqual([notDropped(observed)]);
    expect(fixesOf(droppedCapabilities, resource)).toEqual([{ path: `${FIELD}.drop`, append: "ALL" }]);
  });

  it.each(DEFAULTS.split(", ").filter((name) => name !== "NET_BIND_SERVICE"))("advises against adding %s", (name) => {
    expect(judged(droppedCapabilities, withCapabilities({ drop: ["ALL"], add: [name] }))).toEqual([
      `advisory [POD-07] Job ml/mnist: ${FIELD}.add[0] is "${name}"; allowed: NET_BIND_SERVICE. Remove it, and let the ` +
        "program run without.",
    ]);
  });

  it("finds them in the kinds of machine learning", () => {
    const spec = {
      replicatedJobs: [{ name: "a", template: { spec: { template: { spec: { containers: [{ name: "a" }] } } } } }],
    };

    expect(judged(droppedCapabilities, objectOf("jobset.x-k8s.io/v1alpha2", "JobSet", spec))).toEqual([
      "advisory [POD-07] JobSet it: spec.replicatedJobs[0].template.spec.template.spec.containers[0].securityContext" +
        ".capabilities.drop is absent; allowed: a list with ALL. Add ALL.",
    ]);
  });

  it("judges what is said, and not what is absent, where others say the rest", () => {
    const sidecar = { name: "a", securityContext: { capabilities: { drop: ["NET_RAW"] } } };

    expect(
      judged(
        droppedCapabilities,
        objectOf("kubeflow.org/v1alpha1", "PodDefault", { sidecars: [{ name: "a" }, sidecar] }),
      ),
    ).toEqual([
      "advisory [POD-07] PodDefault it: spec.sidecars[1].securityContext.capabilities.drop is without ALL; allowed: a list " +
        "with ALL. Add ALL.",
    ]);
  });

  it.each([
    ["the list", withCapabilities({ drop: UNKNOWN_STRING }), `${FIELD}.drop`],
    ["what it drops", withCapabilities({ drop: ["NET_RAW", UNKNOWN_STRING] }), `${FIELD}.drop`],
    ["what it adds", withCapabilities({ drop: ["ALL"], add: UNKNOWN_STRING }), `${FIELD}.add`],
    ["one that it adds", withCapabilities({ drop: ["ALL"], add: [UNKNOWN_STRING] }), `${FIELD}.add[0]`],
    ["the system", withCapabilities({ drop: [] }, {}, { os: { name: UNKNOWN_STRING } }), `${POD}.os.name`],
    [
      "whether it is privileged",
      job({ securityContext: { privileged: UNKNOWN_STRING } }),
      `${MAIN}.securityContext.privileged`,
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(droppedCapabilities, resource)).toEqual([leftToUpdate(droppedCapabilities, path)]);
  });

  it("leaves what a runtime may drop to whoever has the runtime", () => {
    const trainJob = objectOf("trainer.kubeflow.org/v1alpha1", "TrainJob", { runtimeRef: { name: "torch" } });

    expect(undecidedIn(droppedCapabilities, trainJob)).toEqual(["spec.trainer.securityContext.capabilities.drop"]);
  });
});
