import { describe, expect, it } from "vitest";
import { hostNamespaces } from "../../../../policies/pod-security/standards/host-namespaces";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { judged, leftToUpdate, objectOf, POD } from "./judged";

const EFA = { image: "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v0.5.20" };

function refused(field: string, shared: string): string {
  return (
    `mandatory [POD-02] Job ml/mnist: ${POD}.${field} is true, so that pods use the ${shared} of their node; ` +
    "allowed: false or absent. Remove it."
  );
}

describe("POD-02 namespaces of the node", () => {
  it.each([
    ["pods that say nothing of them", {}],
    ["pods that have their own", { hostNetwork: false, hostPID: false, hostIPC: null }],
    ["what is no yes", { hostNetwork: "true" }],
  ])("accepts %s", (_case, podSpec) => {
    expect(judged(hostNamespaces, job({}, podSpec))).toEqual([]);
  });

  it.each([
    ["hostNetwork", "network"],
    ["hostPID", "processes"],
    ["hostIPC", "shared memory"],
  ])("refuses %s", (field, shared) => {
    expect(judged(hostNamespaces, job({}, { [field]: true }))).toEqual([refused(field, shared)]);
  });

  it("names each one that is shared", () => {
    expect(judged(hostNamespaces, job({}, { hostNetwork: true, hostIPC: true }))).toEqual([
      refused("hostNetwork", "network"),
      refused("hostIPC", "shared memory"),
    ]);
  });

  it("finds them in the kinds of machine learning", () => {
    const template = { spec: { hostIPC: true, containers: [{ name: "pytorch" }] } };
    const pyTorchJob = objectOf("kubeflow.org/v1", "PyTorchJob", { pytorchReplicaSpecs: { Worker: { template } } });

    expect(judged(hostNamespaces, pyTorchJob)).toEqual([
      "mandatory [POD-02] PyTorchJob it: spec.pytorchReplicaSpecs.Worker.template.spec.hostIPC is true, so that pods use " +
        "the shared memory of their node; allowed: false or absent. Remove it.",
    ]);
  });

  it.each([
    ["the EFA device plugin", EFA, {}, undefined, 0],
    ["an image that configuration names", {}, {}, ["registry.example/mnist"], 0],
    ["the EFA device plugin where configuration names another", EFA, {}, ["registry.example/mnist"], 1],
    ["it beside another image", EFA, { initContainers: [{ image: "registry.example/setup:1" }] }, undefined, 1],
    ["it beside containers that are not known", EFA, { initContainers: UNKNOWN_STRING }, undefined, 1],
    ["an image that is not known", { image: UNKNOWN_STRING }, {}, undefined, 1],
    ["pods without containers", {}, { containers: [] }, undefined, 1],
  ])("knows %s among images that need them", (_case, container, podSpec, images, findings) => {
    const resource = job(container, { hostNetwork: true, ...podSpec });
    expect(judged(hostNamespaces, resource, images && { images })).toHaveLength(findings);
  });

  it("leaves it to the update while one is not known, and still refuses the other", () => {
    expect(judged(hostNamespaces, job({}, { hostNetwork: UNKNOWN_STRING, hostPID: true }))).toEqual([
      refused("hostPID", "processes"),
      leftToUpdate(hostNamespaces, `${POD}.hostNetwork`),
    ]);
  });

  it("leaves it to the update while the spec is not known", () => {
    const resource = { ...job(), props: { ...job().props, spec: { template: { spec: UNKNOWN_STRING } } } };
    expect(judged(hostNamespaces, resource)).toEqual([leftToUpdate(hostNamespaces, POD)]);
  });
});
