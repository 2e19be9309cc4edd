import { stringify } from "yaml";
import { compact, renderToleration } from "../../internal";
import { GPU_RESOURCE, POOL_LABEL } from "../../model";
import { MANIFESTS } from "../../model/versions";
import type { SpawnerConfig, SpawnerPool } from "./spawner-args";

/** Where Kubeflow publishes images of notebooks; their tags are those of its releases. */
const IMAGE_FOLDER = "ghcr.io/kubeflow/kubeflow/notebook-servers";

/** Kubeflow's own images, by the program that they bring. */
const ownImages = {
  jupyter: [
    "jupyter-scipy",
    "jupyter-pytorch-full",
    "jupyter-pytorch-cuda-full",
    "jupyter-tensorflow-full",
    "jupyter-tensorflow-cuda-full",
  ],
  codeServer: ["codeserver-python"],
  rStudio: ["rstudio-tidyverse"],
};

/**
 * Configuration of the form in which users start notebooks.
 *
 * @see https://github.com/kubeflow/notebooks/blob/v1.11.0/components/crud-web-apps/jupyter/manifests/base/configs/spawner_ui_config.yaml
 */
export function spawnerConfig(spawner: SpawnerConfig = {}, version: string = MANIFESTS.notebooks.version): string {
  const { cpu = "0.5", memory = "1Gi", gpus = 0, pools = [], sharedMemory = true, podDefaults = [] } = spawner;
  const own = (names: string[]) => names.map((name) => `${IMAGE_FOLDER}/${name}:v${version}`);
  const vendors = spawner.gpuVendors ?? [{ resource: GPU_RESOURCE, displayName: "NVIDIA" }];
  const [vendor] = vendors;
  const open = (value: unknown) => ({ readOnly: false, value });
  const form = {
    allowCustomImage: spawner.customImages ?? false,
    hideRegistry: true,
    hideTag: false,
    imagePullPolicy: { readOnly: true, value: "IfNotPresent" },
    image: choice(spawner.jupyterImages ?? own(ownImages.jupyter)),
    imageGroupOne: choice(spawner.codeServerImages ?? own(ownImages.codeServer)),
    imageGroupTwo: choice(spawner.rStudioImages ?? own(ownImages.rStudio)),
    cpu: { readOnly: false, value: cpu, limitFactor: factor(spawner.cpuLimitFactor) },
    memory: { readOnly: false, value: memory, limitFactor: factor(spawner.memoryLimitFactor ?? 1) },
    gpus: open({
      vendor: gpus === 0 ? "" : (vendor?.resource ?? ""),
      vendors: vendors.map(({ resource, displayName }) => ({ limitsKey: resource, uiName: displayName })),
      num: gpus === 0 ? "none" : String(gpus),
    }),
    workspaceVolume: open(workspace(spawner)),
    dataVolumes: open([]),
    affinityConfig: { readOnly: false, value: "", options: pools.map(poolAffinity) },
    tolerationGroup: { readOnly: false, value: "", options: pools.map(poolTolerations) },
    shm: open(sharedMemory),
    configurations: open(podDefaults),
    environment: open({}),
  };
  return stringify({ spawnerFormDefaults: form });
}

function choice(images: string[]) {
  return { value: images[0], options: images };
}

function factor(multiple: number | undefined): string {
  return multiple === undefined ? "none" : String(multiple);
}

function workspace({ workspaceSize = "10Gi", storageClassName }: SpawnerConfig) {
  const resources = { requests: { storage: workspaceSize } };
  const spec = compact({ storageClassName, accessModes: ["ReadWriteOnce"], resources });
  return { mount: "/home/jovyan", newPvc: { metadata: { name: "{notebook-name}-workspace" }, spec } };
}

function poolAffinity({ name, displayName = name }: SpawnerPool) {
  const matchExpressions = [{ key: POOL_LABEL, operator: "In", values: [name] }];
  const nodeSelectorTerms = [{ matchExpressions }];
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
  return { configKey: name, displayName, affinity };
}

function poolTolerations({ name, displayName = name, tolerations = [] }: SpawnerPool) {
  return { groupKey: name, displayName, tolerations: tolerations.map(renderToleration) };
}
