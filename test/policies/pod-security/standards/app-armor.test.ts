import { describe, expect, it } from "vitest";
import { appArmor } from "../../../../policies/pod-security/standards/app-armor";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { judged, leftToUpdate, MAIN, objectOf, POD } from "./judged";

const KEY = "container.apparmor.security.beta.kubernetes.io/main";
const AT = `spec.template.metadata.annotations["${KEY}"]`;

function withProfiles(ofPod: unknown, ofContainer?: unknown) {
  return job({ securityContext: { appArmorProfile: ofContainer } }, { securityContext: { appArmorProfile: ofPod } });
}

function annotated(annotations: unknown) {
  const { props, ...rest } = job();
  const { spec } = props as { spec: { template: object } };
  return { ...rest, props: { ...props, spec: { template: { ...spec.template, metadata: { annotations } } } } };
}

describe("POD-11 AppArmor that is switched off", () => {
  it.each([
    ["pods that say nothing", job()],
    ["the profile of the runtime", withProfiles({ type: "RuntimeDefault" })],
    ["profiles of the node", withProfiles(undefined, { type: "Localhost", localhostProfile: "a" })],
    ["null", withProfiles(null, null)],
    ["annotations of others", annotated({ "example.com/profile": "unconfined" })],
    ["what are no annotations", annotated("unconfined")],
    ["the profile of the runtime, as annotation", annotated({ [KEY]: "runtime/default" })],
    ["profiles of the node, as annotation", annotated({ [KEY]: "localhost/a" })],
    ["an empty annotation", annotated({ [KEY]: "" })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(appArmor, resource)).toEqual([]);
  });

  it.each([
    ["Unconfined for the pod", withProfiles({ type: "Unconfined" }), POD, `"Unconfined"`],
    ["Unconfined for a container", withProfiles(undefined, { type: "Unconfined" }), MAIN, `"Unconfined"`],
    ["a profile of no type", withProfiles({}), POD, "absent"],
  ])("refuses %s", (_case, resource, path, observed) => {
    expect(judged(appArmor, resource)).toEqual([
      `mandatory [POD-11] Job ml/mnist: ${path}.securityContext.appArmorProfile.type is ${observed}; allowed: ` +
        `"RuntimeDefault" or "Localhost". Set it to "RuntimeDefault".`,
    ]);
  });

  it.each([
    ["unconfined", `"unconfined"`],
    ["runtime/default-not", `"runtime/default-not"`],
    ["not-localhost/a", `"not-localhost/a"`],
    [1, "1"],
    [["localhost/a"], "a list"],
    [null, "absent"],
  ])("refuses the annotation %j", (profile, shown) => {
    expect(judged(appArmor, annotated({ [KEY]: profile }))).toEqual([
      `mandatory [POD-11] Job ml/mnist: ${AT} is ${shown}; allowed: "runtime/default", "localhost/…" or absent. Remove ` +
        "the annotation.",
    ]);
  });

  it("finds it in the kinds of machine learning", () => {
    const predictor = { annotations: { [KEY]: "unconfined" }, containers: [{ name: "kserve-container" }] };

    expect(judged(appArmor, objectOf("serving.kserve.io/v1beta1", "InferenceService", { predictor }))).toEqual([
      `mandatory [POD-11] InferenceService it: spec.predictor.annotations["${KEY}"] is "unconfined"; allowed: ` +
        `"runtime/default", "localhost/…" or absent. Remove the annotation.`,
    ]);
  });

  it.each([
    ["the type", withProfiles({ type: UNKNOWN_STRING }), `${POD}.securityContext.appArmorProfile.type`],
    ["the annotation", annotated({ [KEY]: UNKNOWN_STRING }), AT],
    ["all annotations", annotated(UNKNOWN_STRING), "spec.template.metadata.annotations"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(appArmor, resource)).toEqual([leftToUpdate(appArmor, path)]);
  });
});
