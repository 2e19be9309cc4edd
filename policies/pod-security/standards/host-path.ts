import { childAt, isTreeObject, type Tree, type TreeObject } from "../../../components/model";
import { conditionOf, violatedIf, type Condition } from "../../engine/conditions";
import type { PodGroup } from "../../engine/pods";
import type { Judgement, Parameter, ResourceRule } from "../../engine/rule";
import { isAbsent, allOf, anyOf, not, type Truth } from "../../engine/truth";
import { EFA_DEVICE_PLUGIN, NVIDIA_DEVICE_PLUGIN, runsImage } from "./images";
import { isWithin, mountsOf, shownPath } from "./node-volume";
import { judgeItems } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

/** Folders of the node that an image may have in its containers. */
interface NodeAgent {
  /** Name of the image, without tag or digest. */
  image: string;
  /** The folders, with all that is in them. */
  paths: string[];
  /** Whether its containers may only read them. */
  readOnly?: boolean;
}

const KUBELET_PLUGINS = "/var/lib/kubelet/device-plugins";

const agents: Parameter<NodeAgent[]> = {
  description: "a list of the images that may mount folders of their node, each with image, paths and perhaps readOnly",
  default: [
    { image: EFA_DEVICE_PLUGIN, paths: [KUBELET_PLUGINS, "/dev/infiniband"] },
    { image: NVIDIA_DEVICE_PLUGIN, paths: [KUBELET_PLUGINS, "/var/run/cdi"] },
    // It looks for the driver, wherever that is.
    { image: NVIDIA_DEVICE_PLUGIN, paths: ["/"], readOnly: true },
    { image: "nvcr.io/nvidia/k8s/dcgm-exporter", paths: ["/var/lib/kubelet/pod-resources"], readOnly: true },
  ],
  schema: {
    type: "array",
    items: {
      type: "object",
      properties: {
        image: { type: "string" },
        paths: { type: "array", items: { type: "string" } },
        readOnly: { type: "boolean" },
      },
      required: ["image", "paths"],
      additionalProperties: false,
    },
  },
  accepts: (value) => Array.isArray(value) && value.every(isNodeAgent),
};

/**
 * POD-03, in pods: volumes are no folders of the node, but for agents that are known to need them.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "HostPath Volumes", v1.37
 */
export const hostPath: ResourceRule<{ agents: NodeAgent[] }> = {
  id: "POD-03",
  title: "Pods mount nothing from the disk of their node",
  why: "From the disk of its node a pod can read the secrets of other pods, and change what the node runs.",
  remediation: "Use a PersistentVolumeClaim for what is to stay, and an emptyDir for what is not.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "high",
  level: "mandatory",
  family: "pod",
  parameters: { agents },
  frameworks: [control("Baseline", "HostPath Volumes")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
  volumes: [{ name: data, hostPath: { path: /data } }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`,
  },
  judge: (subject, parameters) =>
    judgeItems(subject.pods, "volumes", (volume, path, pods) => judgeVolume(volume, path, pods, parameters.agents)),
};

function judgeVolume(volume: TreeObject, at: string, pods: PodGroup, agents: NodeAgent[]): Iterable<Judgement> {
  const path = `${at}.hostPath`;
  const source = childAt(volume, "hostPath");
  const conditions: Condition[] = [
    conditionOf(not(isAbsent(source)), path),
    conditionOf(not(isForAgents(volume, pods, agents)), `${path}.path`),
  ];
  return violatedIf(conditions, () => ({
    path,
    observed: shownPath(source),
    allowed: "volumes that are not of the node",
    remedy: "Use a PersistentVolumeClaim for what is to stay, and an emptyDir for what is not.",
  }));
}

/** Whether containers mount the volume, and each of them is of an agent that may. */
function isForAgents(volume: TreeObject, pods: PodGroup, agents: NodeAgent[]): Truth {
  const folder = childAt(childAt(volume, "hostPath"), "path");
  const mounts = mountsOf(pods, volume);
  const allowed = mounts.map(({ container, isReadOnly }) => {
    const mine = agents.filter(({ image, readOnly }) => runsImage(container, [image]) && (isReadOnly || !readOnly));
    return anyOf(mine.flatMap(({ paths }) => paths.map((path) => isWithin(folder, path))));
  });
  return allOf([mounts.length > 0, ...allowed]);
}

function isNodeAgent(value: Tree): boolean {
  if (!isTreeObject(value)) return false;
  const { image, paths, readOnly, ...others } = value;
  return (
    typeof image === "string" &&
    Array.isArray(paths) &&
    paths.every((path) => typeof path === "string") &&
    ["boolean", "undefined"].includes(typeof readOnly) &&
    Object.keys(others).length === 0
  );
}
