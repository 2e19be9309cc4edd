import { describe, expect, it } from "vitest";
import { runtimeSocket } from "../../../../policies/pod-security/standards/runtime-socket";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { judged, leftToUpdate, objectOf, POD } from "./judged";

function withPath(path: unknown, container: object = {}) {
  return job(container, { volumes: [{ name: "socket", hostPath: { path } }] });
}

function refused(path: string): string {
  return (
    `mandatory [POD-04] Job ml/mnist: ${POD}.volumes[0].hostPath.path is "${path}" of the node, where its container ` +
    "runtime listens; allowed: volumes without the socket of a container runtime. Remove the volume."
  );
}

describe("POD-04 sockets of the container runtime", () => {
  it.each([
    ["other folders of the node, which POD-03 judges", withPath("/data")],
    ["folders above a socket, which POD-03 judges", withPath("/run")],
    ["the whole disk, which POD-03 judges", withPath("/")],
    ["names that only begin like one", withPath("/run/docker.socket")],
    ["a path that is no text", withPath(1)],
    ["volumes of other types", job({}, { volumes: [{ name: "a", emptyDir: { path: "/run/docker.sock" } }] })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(runtimeSocket, resource)).toEqual([]);
  });

  it.each([
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/docker.sock/",
    "/run/dockershim.sock",
    "/var/run/cri-dockerd.sock",
    "/run/containerd/containerd.sock",
    "/run/containerd",
    "/run/k3s/containerd/containerd.sock",
    "/var/run/dockershim/dockershim.sock",
    "/var/run/crio/crio.sock",
    "/run/podman/podman.sock",
  ])("refuses %s", (path) => {
    expect(judged(runtimeSocket, withPath(path))).toEqual([refused(path)]);
  });

  it("finds them in the kinds of machine learning", () => {
    const container = { image: "registry.example/build:1", volumeMounts: [{ name: "socket", mountPath: "/s" }] };
    const spec = {
      volumes: [{ name: "socket", hostPath: { path: "/var/run/docker.sock" } }],
      templates: [{ name: "build", container }],
    };

    expect(judged(runtimeSocket, objectOf("argoproj.io/v1alpha1", "WorkflowTemplate", spec))).toEqual([
      `mandatory [POD-04] WorkflowTemplate it: spec.volumes[0].hostPath.path is "/var/run/docker.sock" of the node, ` +
        "where its container runtime listens; allowed: volumes without the socket of a container runtime. Remove the " +
        "volume.",
    ]);
  });

  const mount = { volumeMounts: [{ name: "socket", mountPath: "/s", readOnly: true }] };

  it.each([
    ["an image that configuration names", ["registry.example/mnist"], mount, 0],
    ["another image", ["registry.example/other"], mount, 1],
    ["no image by default", undefined, mount, 1],
    ["the image, where it does not mount the socket", ["registry.example/mnist"], {}, 1],
  ])("lets %s have it", (_case, images, container, findings) => {
    const resource = withPath("/run/docker.sock", container);
    expect(judged(runtimeSocket, resource, images && { images })).toHaveLength(findings);
  });

  it("lets images have it only where all that mount it are named", () => {
    const resource = job(mount, {
      initContainers: [{ image: "registry.example/setup:1", ...mount }],
      volumes: [{ name: "socket", hostPath: { path: "/run/docker.sock" } }],
    });
    expect(judged(runtimeSocket, resource, { images: ["registry.example/mnist"] })).toHaveLength(1);
    expect(
      judged(runtimeSocket, resource, { images: ["registry.example/mnist", "registry.example/setup"] }),
    ).toHaveLength(0);
  });

  it("leaves it to the update while the path is not known", () => {
    expect(judged(runtimeSocket, withPath(UNKNOWN_STRING))).toEqual([
      leftToUpdate(runtimeSocket, `${POD}.volumes[0].hostPath.path`),
    ]);
  });
});
