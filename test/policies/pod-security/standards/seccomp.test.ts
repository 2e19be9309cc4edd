import { describe, expect, it } from "vitest";
import { seccompProfile } from "../../../../policies/pod-security/standards/seccomp-profile";
import { seccompUnconfined } from "../../../../policies/pod-security/standards/seccomp-unconfined";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { fixesOf, judged, leftToUpdate, MAIN, objectOf, POD } from "./judged";

function withProfiles(ofPod: unknown, ofContainer?: unknown, fields: object = {}) {
  return job(
    { securityContext: { seccompProfile: ofContainer } },
    { securityContext: { seccompProfile: ofPod }, ...fields },
  );
}

describe("POD-10 seccomp that is switched off", () => {
  function refused(path: string, observed: string): string {
    return (
      `mandatory [POD-10] Job ml/mnist: ${path}.securityContext.seccompProfile.type is ${observed}; allowed: ` +
      `"RuntimeDefault" or "Localhost". Set it to "RuntimeDefault".`
    );
  }

  it.each([
    ["pods that say nothing", job()],
    ["the profile of the runtime", withProfiles({ type: "RuntimeDefault" })],
    ["profiles of the node", withProfiles(undefined, { type: "Localhost", localhostProfile: "a.json" })],
    ["null", withProfiles(null, null)],
  ])("accepts %s", (_case, resource) => {
    expect(judged(seccompUnconfined, resource)).toEqual([]);
  });

  it.each([
    ["Unconfined for the pod", withProfiles({ type: "Unconfined" }, { type: "Localhost" }), POD, `"Unconfined"`],
    ["Unconfined for a container", withProfiles({ type: "Localhost" }, { type: "Unconfined" }), MAIN, `"Unconfined"`],
    ["another type", withProfiles({ type: "Default" }), POD, `"Default"`],
    ["no type", withProfiles({ type: null }), POD, "absent"],
    ["a profile of nothing", withProfiles({}), POD, "absent"],
  ])("refuses %s, and names the profile of the runtime", (_case, resource, path, observed) => {
    expect(judged(seccompUnconfined, resource)).toEqual([refused(path, observed)]);
    expect(fixesOf(seccompUnconfined, resource)).toEqual([
      { path: `${path}.securityContext.seccompProfile.type`, value: "RuntimeDefault" },
    ]);
  });

  it("finds it in the kinds of machine learning", () => {
    const podSpecPatch = "securityContext: {seccompProfile: {type: Unconfined}}";
    const spec = { templates: [{ name: "a", container: { image: "a:1" }, podSpecPatch }] };

    expect(judged(seccompUnconfined, objectOf("argoproj.io/v1alpha1", "Workflow", spec))).toEqual([
      "mandatory [POD-10] Workflow it: spec.templates[0].podSpecPatch#securityContext.seccompProfile.type is " +
        `"Unconfined"; allowed: "RuntimeDefault" or "Localhost". Set it to "RuntimeDefault".`,
    ]);
  });

  it.each([
    ["the type", withProfiles({ type: UNKNOWN_STRING })],
    ["the profile", withProfiles(UNKNOWN_STRING)],
  ])("leaves it to the update while %s is not known", (_case, resource) => {
    expect(judged(seccompUnconfined, resource)).toEqual([
      leftToUpdate(seccompUnconfined, `${POD}.securityContext.seccompProfile.type`),
    ]);
  });
});

describe("POD-10 seccomp that nobody asks for", () => {
  it.each([
    ["pods with a profile", withProfiles({ type: "RuntimeDefault" })],
    ["containers with a profile", withProfiles(undefined, { type: "Localhost" })],
    ["a profile that the other rule refuses", withProfiles({ type: "Unconfined" })],
    ["privileged ones, which POD-01 judges", job({ securityContext: { privileged: true } })],
    ["pods on Windows", job({}, { os: { name: "windows" } })],
    ["kinds whose controller adds it", objectOf("serving.kserve.io/v1alpha1", "InferenceGraph", {})],
  ])("accepts %s", (_case, resource) => {
    expect(judged(seccompProfile, resource)).toEqual([]);
  });

  it.each([
    ["pods that say nothing", job()],
    ["null", withProfiles(null, null)],
    ["pods on Linux", job({}, { os: { name: "linux" } })],
    ["a container beside a privileged one", job({}, { initContainers: [{ securityContext: { privileged: true } }] })],
  ])("advises against %s, and names the profile of the runtime for the pod", (_case, resource) => {
    expect(judged(seccompProfile, resource)).toEqual([
      `advisory [POD-10] Job ml/mnist: ${POD}.securityContext.seccompProfile is absent, and so it is in the container ` +
        `"main"; allowed: a profile of type "RuntimeDefault" or "Localhost", for the pod or for each container. Set its ` +
        `type to "RuntimeDefault".`,
    ]);
    expect(fixesOf(seccompProfile, resource)).toEqual([
      { path: `${POD}.securityContext.seccompProfile.type`, value: "RuntimeDefault" },
    ]);
  });

  it("finds it in the kinds of machine learning", () => {
    const template = { spec: { containers: [{ name: "worker" }] } };
    const spec = { leaderWorkerTemplate: { workerTemplate: template } };

    expect(judged(seccompProfile, objectOf("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", spec))).toEqual([
      "advisory [POD-10] LeaderWorkerSet it: spec.leaderWorkerTemplate.workerTemplate.spec.securityContext.seccompProfile " +
        `is absent, and so it is in the container "worker"; allowed: a profile of type "RuntimeDefault" or "Localhost", ` +
        `for the pod or for each container. Set its type to "RuntimeDefault".`,
    ]);
  });

  it.each([
    ["what the pod says", withProfiles(UNKNOWN_STRING), `${POD}.securityContext.seccompProfile`],
    ["what the container says", withProfiles(undefined, UNKNOWN_STRING), `${MAIN}.securityContext.seccompProfile`],
    ["the system", job({}, { os: { name: UNKNOWN_STRING } }), `${POD}.os.name`],
    ["the privilege", job({ securityContext: { privileged: UNKNOWN_STRING } }), `${MAIN}.securityContext.privileged`],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(seccompProfile, resource)).toEqual([leftToUpdate(seccompProfile, path)]);
  });
});
