import {
  checkDnsLabel,
  checkExactImage,
  checkLabelKey,
  checkQuantity,
  checkTaintSyntax,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  type Toleration,
} from "../../internal";

/** A kind of device that notebooks may ask for. */
export interface SpawnerGpuVendor {
  /** Extended resource, for example `nvidia.com/gpu`. */
  resource: string;
  /** What users see. */
  displayName: string;
}

/** A pool of nodes that notebooks may be put on. */
export interface SpawnerPool {
  /** Name of the pool, as in its nodes' label `mlstack.dev/pool`. */
  name: string;
  /** What users see; the name by default. */
  displayName?: string;
  /** Taints of the pool's nodes that its notebooks tolerate; none by default. */
  tolerations?: Toleration[];
}

/** What users may choose from when they start a notebook. */
export interface SpawnerConfig {
  /** Images with Jupyter, the first of which is chosen at first; Kubeflow's own by default. Tags must be exact. */
  jupyterImages?: string[];
  /** Images with Visual Studio Code; Kubeflow's own by default. */
  codeServerImages?: string[];
  /** Images with RStudio; Kubeflow's own by default. */
  rStudioImages?: string[];
  /** Whether users may name any other image; false by default, as such an image has been looked at by nobody. */
  customImages?: boolean;
  /** CPU request that is chosen at first, in CPUs; `0.5` by default. */
  cpu?: string;
  /** CPU limit as a multiple of the request; none by default, so that idle CPUs can be used. */
  cpuLimitFactor?: number;
  /** Memory request that is chosen at first; `1Gi` by default. */
  memory?: string;
  /** Memory limit as a multiple of the request; 1 by default, so that a node never runs out of what was promised. */
  memoryLimitFactor?: number;
  /** Kinds of devices; NVIDIA's GPUs by default. */
  gpuVendors?: SpawnerGpuVendor[];
  /** Number of devices that is chosen at first: 0, 1, 2, 4 or 8; 0 by default. */
  gpus?: number;
  /** Pools to choose from, each with its label and tolerations; none by default: the scheduler chooses. */
  pools?: SpawnerPool[];
  /** Size of a notebook's own volume; `10Gi` by default. */
  workspaceSize?: string;
  /** Storage class of a notebook's own volume; that of the cluster by default. */
  storageClassName?: string;
  /** Whether `/dev/shm` is as large as memory, which loaders of data need; true by default. */
  sharedMemory?: boolean;
  /** Names of PodDefaults that are chosen at first; none by default. Each user's namespace must have them. */
  podDefaults?: string[];
}

/** Numbers of devices that the form offers. */
const GPU_COUNTS = [0, 1, 2, 4, 8];

/** Checks what users may choose from. */
export function checkSpawner(path: string, spawner: SpawnerConfig = {}): InputProblem[] {
  const { cpu, memory, gpus, gpuVendors = [], pools = [], workspaceSize, storageClassName, podDefaults = [] } = spawner;
  const lists = ["jupyterImages", "codeServerImages", "rStudioImages"] as const;
  return [
    ...lists.flatMap((list) => checkImages(`${path}.${list}`, spawner[list])),
    ...checkQuantity(`${path}.cpu`, cpu, "0.5"),
    ...checkQuantity(`${path}.memory`, memory, "1Gi"),
    ...checkFactor(`${path}.cpuLimitFactor`, spawner.cpuLimitFactor),
    ...checkFactor(`${path}.memoryLimitFactor`, spawner.memoryLimitFactor),
    ...gpuVendors.flatMap(({ resource }, index) => checkLabelKey(`${path}.gpuVendors[${index}].resource`, resource)),
    ...(gpus === undefined || GPU_COUNTS.includes(gpus)
      ? []
      : [inputProblem(`${path}.gpus`, gpus, GPU_COUNTS.join(", "), "The form offers no other numbers.")]),
    ...pools.flatMap(({ name, tolerations }, index) => [
      ...checkDnsLabel(`${path}.pools[${index}].name`, name),
      ...checkTaintSyntax(`${path}.pools[${index}].tolerations`, tolerations),
    ]),
    ...checkQuantity(`${path}.workspaceSize`, workspaceSize, "10Gi"),
    ...(storageClassName === undefined ? [] : checkDnsLabel(`${path}.storageClassName`, storageClassName)),
    ...podDefaults.flatMap((name, index) => checkDnsLabel(`${path}.podDefaults[${index}]`, name)),
  ];
}

function checkImages(path: string, images: string[] | undefined): InputProblem[] {
  if (images === undefined) return [];
  if (images.length === 0)
    return [inputProblem(path, images, "one image at least", "Leave it out for Kubeflow's own.")];
  return images.flatMap((image, index) => checkExactImage(`${path}[${index}]`, image));
}

function checkFactor(path: string, factor: number | undefined): InputProblem[] {
  if (Number.isInteger(factor)) return checkWholeNumber(path, factor, { min: 1 });
  if (factor === undefined || factor >= 1) return [];
  return [inputProblem(path, factor, "a number from 1", "A limit is never below a request.")];
}
