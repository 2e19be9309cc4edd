import { isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../../components/model";
import type { ScannerName } from "./scanners";

/** One kind of mistake that is planted into manifests, to count who finds it. */
export interface Fault {
  name: string;
  /** Kinds of objects that it is planted into. */
  kinds: readonly string[];
  /** Makes the mistake once in an object. Tells whether it did: not every object of a kind has a place for it. */
  plant: (object: TreeObject) => boolean;
  /** The checks that are about it; a scanner that is not named has none. */
  checks: Partial<Record<ScannerName, readonly string[]>>;
}

const GPU = "nvidia.com/gpu";
const SOCKET = "/var/run/docker.sock";

/** Kinds of Kubernetes itself, which every scanner of manifests knows. */
const BUILT_IN = ["Job", "CronJob", "Deployment"];

/** Kinds of ML operators that hold whole pod templates. */
const TEMPLATED = ["PyTorchJob", "TFJob", "MPIJob", "JobSet", "Experiment", "Notebook"];

const SPARK = ["SparkApplication", "ScheduledSparkApplication"];
const ARGO = ["Workflow", "WorkflowTemplate", "CronWorkflow"];

/** Every kind of the mix that runs pods and is none of Kubernetes itself. */
const ML = [...TEMPLATED, ...SPARK, ...ARGO, "TrainJob", "InferenceService"];

/**
 * The mistakes, most of them once in kinds of Kubernetes and once in those of ML operators.
 *
 * @see https://www.checkov.io/5.Policy%20Index/kubernetes.html of checkov 3.3.30
 * @see https://github.com/zegl/kube-score/blob/v1.20.0/README_CHECKS.md
 */
export const FAULTS: readonly Fault[] = [
  ...inBoth("privileged container", ML, bePrivileged, {
    "mlstack check": ["POD-01"],
    checkov: ["CKV_K8S_16"],
    "kube-score": ["container-security-context-privileged"],
  }),
  ...inBoth("image with the tag latest", ML, useLatest, {
    "mlstack check": ["POD-22"],
    checkov: ["CKV_K8S_14"],
    "kube-score": ["container-image-tag"],
  }),
  ...inBoth("no limit of memory", ML, liftMemoryLimit, {
    "mlstack check": ["POD-20"],
    checkov: ["CKV_K8S_13"],
    "kube-score": ["container-resources: Memory limit is not set"],
  }),
  ...inBoth("processes of the node", TEMPLATED, shareProcesses, {
    "mlstack check": ["POD-02"],
    checkov: ["CKV_K8S_17"],
  }),
  ...inBoth("socket of the runtime", TEMPLATED, mountSocket, {
    "mlstack check": ["POD-04"],
    checkov: ["CKV_K8S_27"],
  }),
  {
    name: "socket of the runtime through sparkConf",
    kinds: SPARK,
    plant: mountSocketBySettings,
    checks: { "mlstack check": ["ML-05"], checkov: ["CKV_K8S_27"] },
  },
  {
    name: "privileged container through podSpecPatch",
    kinds: ARGO,
    plant: bePrivilegedByPatch,
    checks: {
      "mlstack check": ["POD-01"],
      checkov: ["CKV_K8S_16"],
      "kube-score": ["container-security-context-privileged"],
    },
  },
  {
    name: "half a GPU",
    kinds: [...BUILT_IN, ...ML],
    plant: halveGpu,
    checks: { "mlstack check": ["GPU-01"] },
  },
  {
    name: "GPU without a toleration",
    // The runtime of a TrainJob may add it.
    kinds: [...BUILT_IN, ...ML].filter((kind) => kind !== "TrainJob"),
    plant: tolerateNothing,
    checks: { "mlstack check": ["GPU-02"] },
  },
  {
    name: "GPUs without shared memory",
    kinds: ["PyTorchJob", "MPIJob"],
    plant: dropSharedMemory,
    checks: { "mlstack check": ["GPU-12"] },
  },
  {
    name: "code of a model is run",
    kinds: [...BUILT_IN, ...ML],
    plant: trustRemoteCode,
    checks: { "mlstack check": ["ML-08"] },
  },
  {
    name: "model over plain HTTP",
    kinds: ["InferenceService"],
    plant: fetchOverHttp,
    checks: { "mlstack check": ["ML-07"] },
  },
  {
    name: "role that may do everything",
    kinds: ["Role"],
    plant: allowEverything,
    checks: { "mlstack check": ["RBAC-01"], checkov: ["CKV_K8S_49"] },
  },
  {
    name: "service with a port of the nodes",
    kinds: ["Service"],
    plant: openNodePort,
    checks: { "mlstack check": ["NET-05"], "kube-score": ["service-type"] },
  },
];

function inBoth(name: string, mlKinds: readonly string[], plant: Fault["plant"], checks: Fault["checks"]): Fault[] {
  return [
    { name, kinds: BUILT_IN, plant, checks },
    { name: `${name}, in an ML kind`, kinds: mlKinds, plant, checks },
  ];
}

/** Security contexts of containers are told by what those of pods cannot say. */
function bePrivileged(object: TreeObject): boolean {
  return changeFirst(object, "allowPrivilegeEscalation", (context) => {
    // The API server refuses a privileged container whose rights must not grow.
    Object.assign(context, { privileged: true, allowPrivilegeEscalation: true });
  });
}

function useLatest(object: TreeObject): boolean {
  return changeFirst(object, "image", (holder, image) => {
    if (typeof image !== "string") return false;
    holder["image"] = image.replace(/:[^:/]+$/, ":latest");
    return true;
  });
}

function liftMemoryLimit(object: TreeObject): boolean {
  return changeFirst(object, "limits", (_, limits) => {
    if (!isTreeObject(limits) || limits["memory"] === undefined) return false;
    delete limits["memory"];
    return true;
  });
}

function shareProcesses(object: TreeObject): boolean {
  return changeFirst(object, "containers", (pod) => {
    pod["hostPID"] = true;
  });
}

function mountSocket(object: TreeObject): boolean {
  return changeFirst(object, "containers", (pod) => {
    const container = listAt(pod, "containers")[0];
    if (!isTreeObject(container)) return false;
    pod["volumes"] = [...listAt(pod, "volumes"), { name: "runtime", hostPath: { path: SOCKET } }];
    container["volumeMounts"] = [...listAt(container, "volumeMounts"), { name: "runtime", mountPath: SOCKET }];
    return true;
  });
}

function mountSocketBySettings(object: TreeObject): boolean {
  return changeFirst(object, "sparkConf", (_, settings) => {
    const volume = "spark.kubernetes.driver.volumes.hostPath.runtime";
    Object.assign(settings as TreeObject, { [`${volume}.mount.path`]: SOCKET, [`${volume}.options.path`]: SOCKET });
  });
}

function bePrivilegedByPatch(object: TreeObject): boolean {
  return changeFirst(object, "container", (template) => {
    const securityContext = { privileged: true, allowPrivilegeEscalation: true };
    template["podSpecPatch"] = JSON.stringify({ containers: [{ name: "main", securityContext }] });
  });
}

function halveGpu(object: TreeObject): boolean {
  return changeFirst(object, "limits", (resources, limits) => {
    if (stringAt(limits, GPU) === undefined) return false;
    for (const list of ["requests", "limits"]) Object.assign(objectAt(resources, list) ?? {}, { [GPU]: "0.5" });
    return true;
  });
}

function tolerateNothing(object: TreeObject): boolean {
  const asks = [...objectsIn(object)].some((part) => stringAt(objectAt(part, "limits"), GPU) !== undefined);
  const tolerant = [...objectsIn(object)].filter((part) => part["tolerations"] !== undefined);
  if (!asks || tolerant.length === 0) return false;
  for (const part of tolerant) delete part["tolerations"];
  return true;
}

function dropSharedMemory(object: TreeObject): boolean {
  const parts = [...objectsIn(object)];
  let dropped = false;
  for (const list of ["volumes", "volumeMounts"]) {
    for (const part of parts.filter((part) => Array.isArray(part[list]))) {
      const kept = listAt(part, list).filter((entry) => stringAt(entry, "name") !== "shared-memory");
      dropped ||= kept.length < listAt(part, list).length;
      part[list] = kept;
    }
  }
  return dropped;
}

function trustRemoteCode(object: TreeObject): boolean {
  return changeFirst(object, "args", (container) => {
    container["args"] = [...listAt(container, "args"), "--trust-remote-code"];
  });
}

function fetchOverHttp(object: TreeObject): boolean {
  return changeFirst(object, "storageUri", (model) => {
    model["storageUri"] = "http://models.example.com/churn.tar.gz";
  });
}

function allowEverything(object: TreeObject): boolean {
  object["rules"] = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];
  return true;
}

/** Services without an address of their own have no ports of nodes. */
function openNodePort(object: TreeObject): boolean {
  const spec = objectAt(object, "spec");
  if (spec === undefined || spec["clusterIP"] === "None") return false;
  spec["type"] = "NodePort";
  return true;
}

/** Changes the first part of an object that has a field, and that `change` does not return false for. */
function changeFirst(object: TreeObject, field: string, change: (part: TreeObject, value: Tree) => unknown): boolean {
  return [...objectsIn(object)].some((part) => Object.hasOwn(part, field) && change(part, part[field]) !== false);
}

/** An object and all objects inside it, in the order in which they are written. */
function* objectsIn(tree: Tree): Generator<TreeObject> {
  if (isTreeObject(tree)) yield tree;
  if (typeof tree !== "object" || tree === null) return;
  for (const part of Object.values<Tree>(tree)) yield* objectsIn(part);
}

function listAt(object: TreeObject, field: string): Tree[] {
  const list = object[field];
  return Array.isArray(list) ? list : [];
}
