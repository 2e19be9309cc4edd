import { describe, expect, it } from "vitest";
import { windowsHostProcess } from "../../../../policies/pod-security/standards/windows-host-process";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { judged, leftToUpdate, MAIN, objectOf, POD } from "./judged";

function withOptions(ofPod: unknown, ofContainer?: unknown) {
  return job({ securityContext: { windowsOptions: ofContainer } }, { securityContext: { windowsOptions: ofPod } });
}

function refused(path: string): string {
  return (
    `mandatory [POD-12] Job ml/mnist: ${path}.securityContext.windowsOptions.hostProcess is true; allowed: false or ` +
    "absent. Remove it."
  );
}

describe("POD-12 processes of a Windows node", () => {
  it.each([
    ["pods that say nothing", job()],
    ["other options", withOptions({ runAsUserName: "ContainerUser" })],
    ["a no", withOptions({ hostProcess: false }, { hostProcess: null })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(windowsHostProcess, resource)).toEqual([]);
  });

  it.each([
    ["pods", withOptions({ hostProcess: true }), [refused(POD)]],
    ["containers", withOptions({}, { hostProcess: true }), [refused(MAIN)]],
    ["both", withOptions({ hostProcess: true }, { hostProcess: true }), [refused(POD), refused(MAIN)]],
  ])("refuses %s that are", (_case, resource, expected) => {
    expect(judged(windowsHostProcess, resource)).toEqual(expected);
  });

  it("finds them in the kinds of machine learning", () => {
    const securityContext = { windowsOptions: { hostProcess: true } };
    const template = { spec: { containers: [{ name: "a", securityContext }] } };

    expect(
      judged(
        windowsHostProcess,
        objectOf("kubeflow.org/v1", "XGBoostJob", { xgbReplicaSpecs: { Worker: { template } } }),
      ),
    ).toEqual([
      "mandatory [POD-12] XGBoostJob it: spec.xgbReplicaSpecs.Worker.template.spec.containers[0].securityContext" +
        ".windowsOptions.hostProcess is true; allowed: false or absent. Remove it.",
    ]);
  });

  it("leaves it to the update while it is not known", () => {
    expect(judged(windowsHostProcess, withOptions({ hostProcess: UNKNOWN_STRING }))).toEqual([
      leftToUpdate(windowsHostProcess, `${POD}.securityContext.windowsOptions.hostProcess`),
    ]);
  });
});
