import { describe, expect, it } from "vitest";
import { hostPath } from "../../../../policies/pod-security/standards/host-path";
import { analyze, job, UNKNOWN_STRING } from "../../analyzer";
import { judged, leftToUpdate, objectOf, POD } from "./judged";

const VOLUME = `${POD}.volumes[0]`;
const EFA = "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v0.5.20";
const NVIDIA = "nvcr.io/nvidia/k8s-device-plugin:v0.20.0";
const DCGM = "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3-4.8.2-distroless";
const PLUGINS = "/var/lib/kubelet/device-plugins";

function refused(observed: string): string {
  return (
    `mandatory [POD-03] Job ml/mnist: ${VOLUME}.hostPath is ${observed}; allowed: volumes that are not of the node. ` +
    "Use a PersistentVolumeClaim for what is to stay, and an emptyDir for what is not."
  );
}

/** A pod whose one container mounts one folder of the node. */
function mounting(image: unknown, path: unknown, mount: object = {}, podSpec: object = {}) {
  const volumeMounts = [
    { name: "other", mountPath: "/a" },
    { name: "node", mountPath: "/b", ...mount },
  ];
  return job({ image, volumeMounts }, { volumes: [{ name: "node", hostPath: { path } }], ...podSpec });
}

describe("POD-03 volumes from the disk of the node", () => {
  it.each([
    ["no volumes", {}],
    [
      "volumes of other types",
      {
        volumes: [
          { name: "a", emptyDir: {} },
          { name: "b", configMap: { name: "b" } },
        ],
      },
    ],
    ["a hostPath of null", { volumes: [{ name: "a", hostPath: null, emptyDir: {} }] }],
    ["volumes that are no objects", { volumes: ["a", null, 1] }],
    ["what is no list", { volumes: { hostPath: {} } }],
  ])("accepts %s", (_case, podSpec) => {
    expect(judged(hostPath, job({}, podSpec))).toEqual([]);
  });

  it.each([
    ["a folder", { path: "/data" }, `"/data" of the node`],
    ["one whose path is no text", { path: 1 }, "given"],
    ["one without a path", {}, "given"],
  ])("refuses %s", (_case, source, observed) => {
    expect(judged(hostPath, job({}, { volumes: [{ name: "a", hostPath: source }] }))).toEqual([refused(observed)]);
  });

  it("finds them in the kinds of machine learning", () => {
    const template = { spec: { containers: [{ name: "a" }], volumes: [{ name: "a", hostPath: { path: "/data" } }] } };
    const spec = { rayClusterSpec: { headGroupSpec: { template } } };

    expect(judged(hostPath, objectOf("ray.io/v1", "RayJob", spec))).toEqual([
      "mandatory [POD-03] RayJob it: spec.rayClusterSpec.headGroupSpec.template.spec.volumes[0].hostPath is " +
        `"/data" of the node; allowed: volumes that are not of the node. Use a PersistentVolumeClaim for what is to ` +
        "stay, and an emptyDir for what is not.",
    ]);
  });

  it.each([
    ["the EFA device plugin has the kubelet's folder", EFA, PLUGINS, {}, 0],
    ["the EFA device plugin has the devices of InfiniBand", EFA, "/dev/infiniband", {}, 0],
    ["the EFA device plugin has what is in its folders", EFA, "/dev/infiniband/uverbs0", {}, 0],
    ["the EFA device plugin has no neighbour of a folder", EFA, "/dev/infiniband-other", {}, 1],
    ["the EFA device plugin has no folder above", EFA, "/dev", {}, 1],
    ["the NVIDIA device plugin has the kubelet's folder", NVIDIA, `${PLUGINS}/`, {}, 0],
    ["the NVIDIA device plugin has the folder of CDI", NVIDIA, "/var/run/cdi", {}, 0],
    ["the folder of CDI has two names", NVIDIA, "//run/./cdi", {}, 0],
    ["the NVIDIA device plugin reads the driver", NVIDIA, "/", { readOnly: true }, 0],
    ["the NVIDIA device plugin does not write to it", NVIDIA, "/", {}, 1],
    ["the NVIDIA device plugin does not write to it, be it said", NVIDIA, "/", { readOnly: false }, 1],
    ["the exporter of DCGM reads what pods have", DCGM, "/var/lib/kubelet/pod-resources", { readOnly: true }, 0],
    ["the exporter of DCGM writes nothing", DCGM, "/var/lib/kubelet/pod-resources", {}, 1],
    ["other images have none of these", "registry.example/tool:1", PLUGINS, {}, 1],
    ["images that are not known have none", UNKNOWN_STRING, PLUGINS, {}, 1],
    ["agents that do not mount it have no reason", EFA, PLUGINS, { name: "another" }, 1],
  ])("knows that %s", (_case, image, path, mount, findings) => {
    expect(judged(hostPath, mounting(image, path, mount))).toHaveLength(findings);
  });

  it.each([
    ["another container mounts it too", { initContainers: [{ volumeMounts: [{ name: "node" }] }] }, 1],
    ["another container mounts something else", { initContainers: [{ volumeMounts: [{ name: "a" }] }] }, 0],
    ["another container is not known", { initContainers: [UNKNOWN_STRING] }, 1],
  ])("lets agents have it only where no other does: %s", (_case, podSpec, findings) => {
    expect(judged(hostPath, mounting(EFA, PLUGINS, {}, podSpec))).toHaveLength(findings);
  });

  it("takes the agents of the configuration in place of its own", () => {
    const agents = [{ image: "registry.example/logs", paths: ["/var/log"], readOnly: true }];

    expect(judged(hostPath, mounting("registry.example/logs:2", "/var/log", { readOnly: true }), { agents })).toEqual(
      [],
    );
    expect(judged(hostPath, mounting(EFA, PLUGINS), { agents })).toEqual([refused(`"${PLUGINS}" of the node`)]);
  });

  it.each([
    [[{ image: "a", paths: ["/b"] }], 0],
    [[], 0],
    [{}, 1],
    [["a"], 1],
    [[null], 1],
    [[{ image: "a", paths: ["/b", 1] }], 1],
    [[{ paths: ["/b"] }], 1],
    [[{ image: "a" }], 1],
    [[{ image: "a", paths: [1] }], 1],
    [[{ image: "a", paths: ["/b"], readOnly: "yes" }], 1],
    [[{ image: "a", paths: ["/b"], readonly: true }], 1],
  ])("reads %j as agents: %i mistakes", (agents, mistakes) => {
    const config = { pod: { rules: { "POD-03": { agents } } } };
    const stack = { type: "pulumi:pulumi:Stack", props: {} };
    expect(analyze([hostPath], stack, config)).toHaveLength(mistakes);
  });

  it.each([
    ["the volumes", job({}, { volumes: UNKNOWN_STRING }), ".volumes"],
    ["a volume", job({}, { volumes: [UNKNOWN_STRING] }), ".volumes[0]"],
    ["the source of a volume", job({}, { volumes: [{ name: "a", hostPath: UNKNOWN_STRING }] }), ".volumes[0].hostPath"],
    ["what an agent mounts", mounting(EFA, UNKNOWN_STRING), ".volumes[0].hostPath.path"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(hostPath, resource)).toEqual([leftToUpdate(hostPath, `${POD}${path}`)]);
  });

  it("refuses a volume whatever its path turns out to be", () => {
    expect(judged(hostPath, mounting("registry.example/tool:1", UNKNOWN_STRING))).toEqual([refused("given")]);
  });
});
