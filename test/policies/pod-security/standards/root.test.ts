import { describe, expect, it } from "vitest";
import { nonRoot } from "../../../../policies/pod-security/standards/non-root";
import { rootUser } from "../../../../policies/pod-security/standards/root-user";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { judged, leftToUpdate, MAIN, objectOf, POD, undecidedIn } from "./judged";

const NVIDIA = "nvcr.io/nvidia/k8s-device-plugin:v0.20.0";
const EFA = "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v0.5.20";

/** A pod with the given settings for all of it, and for its one container. */
function withContexts(ofPod: unknown, ofContainer: unknown, fields: object = {}, image = "registry.example/mnist:1.4") {
  return job({ image, securityContext: ofContainer }, { securityContext: ofPod, ...fields });
}

describe("POD-09 root that is asked for", () => {
  function asRoot(path: string): string {
    return (
      `mandatory [POD-09] Job ml/mnist: ${path}.securityContext.runAsUser is 0, which is root; allowed: another user, or ` +
      "absent. Name a user that the image is made for."
    );
  }

  function mayBeRoot(path: string, observed: string): string {
    return (
      `mandatory [POD-09] Job ml/mnist: ${path}.securityContext.runAsNonRoot is ${observed}; allowed: true. Set it to true, ` +
      "and name a user by number where the image does not."
    );
  }

  it.each([
    ["pods that say nothing", job()],
    ["another user", withContexts({ runAsUser: 1000, runAsNonRoot: true }, { runAsUser: 1, runAsNonRoot: true })],
    ["null", withContexts({ runAsUser: null, runAsNonRoot: null }, { runAsUser: null, runAsNonRoot: null })],
    ["what is no number", withContexts({ runAsUser: "0" }, {})],
  ])("accepts %s", (_case, resource) => {
    expect(judged(rootUser, resource)).toEqual([]);
  });

  it.each([
    ["root for the pod", { runAsUser: 0 }, {}, [asRoot(POD)]],
    ["root for the pod, where no container is", { runAsUser: 0 }, { runAsUser: 1000 }, [asRoot(POD)]],
    ["root for a container", { runAsUser: 1000 }, { runAsUser: 0 }, [asRoot(MAIN)]],
    ["no to the ban for the pod", { runAsNonRoot: false }, { runAsNonRoot: true }, [mayBeRoot(POD, "false")]],
    ["no to the ban for a container", { runAsNonRoot: true }, { runAsNonRoot: false }, [mayBeRoot(MAIN, "false")]],
    ["what is no answer", {}, { runAsNonRoot: "true" }, [mayBeRoot(MAIN, `"true"`)]],
    ["both", { runAsUser: 0, runAsNonRoot: false }, {}, [asRoot(POD), mayBeRoot(POD, "false")]],
  ])("refuses %s", (_case, ofPod, ofContainer, expected) => {
    expect(judged(rootUser, withContexts(ofPod, ofContainer))).toEqual(expected);
  });

  it("finds it in the kinds of machine learning", () => {
    const driver = { podSecurityContext: { runAsUser: 0 } };

    expect(judged(rootUser, objectOf("sparkoperator.k8s.io/v1beta2", "SparkApplication", { driver }))).toEqual([
      "mandatory [POD-09] SparkApplication it: spec.driver.podSecurityContext.runAsUser is 0, which is root; allowed: " +
        "another user, or absent. Name a user that the image is made for.",
    ]);
  });

  it.each([
    ["1.34", 2],
    ["1.35", 0],
    ["1.37", 0],
  ])("lets pods in a user namespace be root since 1.35: in %s", (kubernetesVersion, findings) => {
    const resource = withContexts({ runAsUser: 0 }, { runAsNonRoot: false }, { hostUsers: false });
    expect(judged(rootUser, resource, { kubernetesVersion })).toHaveLength(findings);
  });

  it.each([
    ["pods in that of the node", { hostUsers: true }, 1],
    ["pods that say nothing of it", { hostUsers: null }, 1],
  ])("does not let %s", (_case, fields, findings) => {
    expect(judged(rootUser, withContexts({ runAsUser: 0 }, {}, fields))).toHaveLength(findings);
  });

  it.each([
    ["the NVIDIA device plugin", NVIDIA, {}, 0],
    ["the EFA device plugin", EFA, {}, 0],
    ["an image that is not named", "registry.example/tool:1", {}, 2],
    ["a plugin beside another image, for the pod", NVIDIA, { initContainers: [{ image: "registry.example/a:1" }] }, 1],
  ])("knows %s among images that need it", (_case, image, fields, findings) => {
    expect(judged(rootUser, withContexts({ runAsUser: 0 }, { runAsUser: 0 }, fields, image))).toHaveLength(findings);
  });

  it("takes the images of the configuration", () => {
    const resource = withContexts({}, { runAsUser: 0 });
    expect(judged(rootUser, resource, { images: ["registry.example/mnist"] })).toEqual([]);
    expect(judged(rootUser, withContexts({}, { runAsUser: 0 }, {}, NVIDIA), { images: [] })).toEqual([asRoot(MAIN)]);
  });

  it.each([
    ["the user", { runAsUser: UNKNOWN_STRING }, {}, [`${POD}.securityContext.runAsUser`]],
    ["the ban", { runAsNonRoot: UNKNOWN_STRING }, {}, [`${POD}.securityContext.runAsNonRoot`]],
    ["the user namespace", { runAsUser: 0 }, { hostUsers: UNKNOWN_STRING }, [`${POD}.hostUsers`]],
  ])("leaves it to the update while %s is not known", (_case, ofPod, fields, paths) => {
    expect(judged(rootUser, withContexts(ofPod, {}, fields))).toEqual([leftToUpdate(rootUser, ...paths)]);
  });

  it.each([
    ["the list of containers", { containers: UNKNOWN_STRING }, `${POD}.containers`],
    ["a container", { containers: [UNKNOWN_STRING] }, `${POD}.containers[0]`],
  ])("leaves it to the update while %s is not known", (_case, podSpec, path) => {
    expect(judged(rootUser, job({}, podSpec))).toEqual([leftToUpdate(rootUser, path)]);
  });

  it("leaves it to the update while the spec is not known", () => {
    const resource = { ...job(), props: { ...job().props, spec: { template: { spec: UNKNOWN_STRING } } } };
    expect(judged(rootUser, resource)).toEqual([leftToUpdate(rootUser, POD)]);
  });
});

describe("POD-09 root that nobody rules out", () => {
  function notSaid(path: string, container: string): string {
    return (
      `advisory [POD-09] Job ml/mnist: ${path}.securityContext.runAsNonRoot is absent, and so it is in the container ` +
      `${container}; allowed: true, for the pod or for each container. Set it to true, and name a user by number where ` +
      "the image does not."
    );
  }

  it.each([
    ["pods that rule it out", withContexts({ runAsNonRoot: true }, {})],
    ["pods whose containers all do", withContexts({}, { runAsNonRoot: true })],
    ["an answer that the other rule refuses, for the pod", withContexts({ runAsNonRoot: false }, {})],
    ["an answer that the other rule refuses, for the container", withContexts({}, { runAsNonRoot: false })],
    ["pods in a user namespace", withContexts({}, {}, { hostUsers: false })],
    ["images that need it", withContexts({}, {}, {}, NVIDIA)],
    ["objects without pods", objectOf("v1", "ConfigMap", {})],
    ["parts of the pods of others", objectOf("kubeflow.org/v1alpha1", "PodDefault", { sidecars: [{ name: "a" }] })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(nonRoot, resource)).toEqual([]);
  });

  it.each([
    ["pods that say nothing", job(), `"main"`],
    ["null", withContexts({ runAsNonRoot: null }, { runAsNonRoot: null }), `"main"`],
    ["pods on Windows", withContexts({}, {}, { os: { name: "windows" } }), `"main"`],
    ["containers without a name", job({}, { containers: [{ image: "a:1" }] }), `at ${MAIN}`],
    [
      "one container of several, once",
      job({ securityContext: { runAsNonRoot: true } }, { initContainers: [{ name: "a" }, { name: "b" }] }),
      `"a"`,
    ],
    [
      "an image that needs it beside one that does not",
      job({ image: NVIDIA }, { initContainers: [{ name: "setup", image: "registry.example/setup:1" }] }),
      `"setup"`,
    ],
  ])("advises against %s", (_case, resource, container) => {
    expect(judged(nonRoot, resource)).toEqual([notSaid(POD, container)]);
  });

  it("finds it in the kinds of machine learning", () => {
    const predictor = { containers: [{ name: "kserve-container", image: "registry.example/server:1" }] };

    expect(judged(nonRoot, objectOf("serving.kserve.io/v1beta1", "InferenceService", { predictor }))).toEqual([
      "advisory [POD-09] InferenceService it: spec.predictor.securityContext.runAsNonRoot is absent, and so it is in the " +
        `container "kserve-container"; allowed: true, for the pod or for each container. Set it to true, and name a user by ` +
        "number where the image does not.",
    ]);
  });

  it("counts a user namespace since 1.35 only", () => {
    const resource = withContexts({}, {}, { hostUsers: false });
    expect(judged(nonRoot, resource, { kubernetesVersion: "1.34" })).toEqual([notSaid(POD, `"main"`)]);
  });

  const ofPod = `${POD}.securityContext.runAsNonRoot`;
  const ofMain = `${MAIN}.securityContext.runAsNonRoot`;

  it.each([
    ["what the pod says", withContexts({ runAsNonRoot: UNKNOWN_STRING }, {}), [ofPod]],
    ["what the container says", withContexts({}, { runAsNonRoot: UNKNOWN_STRING }), [ofMain]],
    ["both", withContexts(UNKNOWN_STRING, UNKNOWN_STRING), [ofPod, ofMain]],
    ["the user namespace", withContexts({}, {}, { hostUsers: UNKNOWN_STRING }), [`${POD}.hostUsers`]],
    ["the list of containers", job({}, { containers: UNKNOWN_STRING }), [`${POD}.containers`]],
  ])("leaves it to the update while %s is not known", (_case, resource, paths) => {
    expect(judged(nonRoot, resource)).toEqual([leftToUpdate(nonRoot, ...paths)]);
  });

  it.each([
    ["the pod rules it out", job({}, { containers: UNKNOWN_STRING, securityContext: { runAsNonRoot: true } }), 0],
    ["a container that is known is reason enough", job({}, { initContainers: UNKNOWN_STRING }), 1],
    ["it is said what the container is", withContexts({ runAsNonRoot: UNKNOWN_STRING }, { runAsNonRoot: true }), 0],
  ])("does not wait for what is not known where %s", (_case, resource, findings) => {
    const lines = judged(nonRoot, resource);
    expect(lines).toHaveLength(findings);
    expect(lines.filter((line) => line.includes("not known yet"))).toEqual([]);
  });

  it("leaves what a runtime may say to whoever has the runtime", () => {
    const trainJob = objectOf("trainer.kubeflow.org/v1alpha1", "TrainJob", { runtimeRef: { name: "torch" } });
    expect(undecidedIn(nonRoot, trainJob)).toEqual([
      "spec.trainer.securityContext.runAsNonRoot",
      "spec.trainer.securityContext.runAsNonRoot",
      "spec.trainer.hostUsers",
    ]);
  });
});
