import { childAt, type TreeObject } from "../../../components/model";
import { conditionOf, violatedIf } from "../../engine/conditions";
import type { PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { anyOf } from "../../engine/truth";
import { imagesParameter, runsImage } from "./images";
import { isWithin, mountsOf, shownPath } from "./node-volume";
import { judgeItems } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

/**
 * Sockets by which a node is told what to run, and folders that are there for them alone. Folders further up are left to
 * POD-03.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/container-runtimes/ v1.36
 */
const SOCKETS = [
  "/run/docker.sock",
  "/run/dockershim.sock",
  "/run/cri-dockerd.sock",
  "/run/containerd",
  "/run/k3s/containerd",
  "/run/dockershim",
  "/run/crio",
  "/run/podman",
];

/**
 * POD-04: pods do not mount the socket of the container runtime, be it read-only.
 *
 * @see https://kubernetes.io/docs/concepts/security/security-checklist/ v1.36
 */
export const runtimeSocket: ResourceRule<{ images: string[] }> = {
  id: "POD-04",
  title: "Pods do not reach the container runtime of their node",
  why: "Who reaches the socket of the runtime starts privileged containers on the node, past every rule of the cluster.",
  remediation: "Build images without a daemon, with BuildKit rootless or Buildah; read pods from the Kubernetes API.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "critical",
  level: "mandatory",
  family: "pod",
  parameters: { images: imagesParameter("mount the socket of the container runtime", []) },
  frameworks: [
    control("Baseline", "HostPath Volumes"),
    { name: "Checkov", reference: "CKV_K8S_27" },
    { name: "Kubescape", reference: "C-0074" },
  ],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: builder }
spec:
  containers: [{ name: main, image: "registry.example/builder:1.4" }]
  volumes: [{ name: socket, hostPath: { path: /var/run/docker.sock } }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: builder }
spec:
  containers: [{ name: main, image: "registry.example/builder:1.4" }]
  volumes: [{ name: scratch, emptyDir: {} }]
`,
  },
  judge: (subject, { images }) =>
    judgeItems(subject.pods, "volumes", (volume, path, pods) => judgeVolume(volume, path, pods, images)),
};

function* judgeVolume(volume: TreeObject, at: string, pods: PodGroup, images: string[]): Iterable<Judgement> {
  if (isForImages(volume, pods, images)) return;
  const path = `${at}.hostPath.path`;
  const source = childAt(volume, "hostPath");
  const reaches = anyOf(SOCKETS.map((socket) => isWithin(childAt(source, "path"), socket)));
  yield* violatedIf([conditionOf(reaches, path)], () => ({
    path,
    observed: `${shownPath(source)}, where its container runtime listens`,
    allowed: "volumes without the socket of a container runtime",
    remedy: "Remove the volume.",
  }));
}

/** Whether containers mount the volume, and all of them run images that may. */
function isForImages(volume: TreeObject, pods: PodGroup, images: string[]): boolean {
  const mounts = mountsOf(pods, volume);
  return mounts.length > 0 && mounts.every(({ container }) => runsImage(container, images));
}
