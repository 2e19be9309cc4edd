import type { IMAGES } from "../../components/model/images";
import type { CHARTS, MANIFESTS } from "../../components/model/versions";
import { type BillComponent, kindOf, propertyOf } from "./bill";

const APACHE = "Apache-2.0";
const NVIDIA_CONTAINERS = "LicenseRef-NVIDIA-Deep-Learning-Container-License";

/** Of what each chart installs, as SPDX expressions; operands that a chart installs later have licences of their own. */
export const CHART_LICENCES: Record<keyof typeof CHARTS, string> = {
  karpenter: APACHE,
  karpenterCrds: APACHE,
  clusterAutoscaler: APACHE,
  certManager: APACHE,
  metricsServer: APACHE,
  dcgmExporter: APACHE,
  gpuOperator: APACHE,
  kueue: APACHE,
  jobSet: APACHE,
  leaderWorkerSet: APACHE,
  sparkOperator: APACHE,
  trainer: APACHE,
  kserveTypes: APACHE,
  kserve: APACHE,
  kserveRuntimes: APACHE,
  verticalPodAutoscaler: APACHE,
  keda: APACHE,
  // Grafana stands in it beside Prometheus.
  prometheusStack: "Apache-2.0 AND AGPL-3.0-only",
  istioBase: APACHE,
  istiod: APACHE,
  istioCni: APACHE,
  ztunnel: APACHE,
  istioGateway: APACHE,
  seaweedFs: APACHE,
};

/** Of the projects whose manifests are installed. */
export const MANIFEST_LICENCES: Record<keyof typeof MANIFESTS, string> = {
  argoWorkflows: APACHE,
  trainingOperator: APACHE,
  mpiOperator: APACHE,
  katib: APACHE,
  pipelines: APACHE,
  notebooks: APACHE,
  dashboard: APACHE,
  hub: APACHE,
};

/** Of the programs that images are named after; the systems beneath them have licences of their own. */
export const IMAGE_LICENCES: Record<keyof typeof IMAGES, string> = {
  efaDevicePlugin: "LicenseRef-not-told",
  nvidiaDevicePlugin: APACHE,
  pause: APACHE,
  oauth2Proxy: "MIT",
  versityGateway: APACHE,
  mysql: "GPL-2.0-only",
  postgres: "PostgreSQL",
  pipelinesCache: "GPL-2.0-only",
  tensorBoardOfController: APACHE,
  tensorBoard: APACHE,
  torchRuntime: "BSD-3-Clause AND LicenseRef-NVIDIA-CUDA-EULA",
  jaxRuntime: NVIDIA_CONTAINERS,
  redis: "LicenseRef-RSALv2 OR SSPL-1.0 OR AGPL-3.0-only",
  python: "PSF-2.0",
  mnist: "Apache-2.0 AND LicenseRef-NVIDIA-CUDA-EULA",
  twoGpuPod: NVIDIA_CONTAINERS,
};

/** Licences that ask for no more than that they are named: everything may be used, changed and passed on under them. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  ...["0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-3.0", "CC0-1.0", "ISC", "MIT"],
  ...["PostgreSQL", "PSF-2.0", "Python-2.0", "Unlicense"],
]);

/** Why something is used though its licence is not on the list, or what its licence is though its package does not say it. */
export interface LicenceNote {
  /** SPDX expression, where the package tells none. */
  licence?: string;
  reason: string;
}

/** Packages, charts and images whose licence needs a word, by kind and name. */
export const EXPLAINED: Record<string, LicenceNote> = {
  "npm @logdna/tail-file": { licence: "MIT", reason: "its package refers to its file LICENSE, which is that of MIT" },
  "chart prometheusStack": {
    reason: "Grafana runs as it is released, in a container of its own; nothing is linked with it",
  },
  "image efaDevicePlugin": {
    reason: "AWS publishes the image without a licence beside it; the chart that it is from has Apache-2.0",
  },
  "image mysql": {
    reason: "runs as it is released, in a container of its own; parts reach it by its protocol, and take others",
  },
  "image pipelinesCache": {
    reason: "BusyBox runs one command of its own in a container that upstream's manifests ask for",
  },
  "image redis": {
    reason: "runs as it is released, for workers of its own stack, and is offered to nobody else",
  },
  "image torchRuntime": { reason: "holds NVIDIA's libraries for CUDA; who runs it accepts their licence" },
  "image jaxRuntime": { reason: "NVIDIA's own build; who runs it accepts its licence" },
  "image mnist": { reason: "holds NVIDIA's libraries for CUDA; who runs it accepts their licence" },
  "image twoGpuPod": { reason: "NVIDIA's own build; who runs it accepts its licence" },
};

/** What there is to say of the licence of a component; undefined where nothing is. */
export function licenceNote(component: BillComponent): LicenceNote | undefined {
  return EXPLAINED[`${kindOf(component)} ${propertyOf(component, "name") ?? component.name}`];
}

/**
 * Whether a licence is on the list of permissive ones. Of several, all must be, be they joined by AND or offered by OR: which
 * of them is chosen is for somebody to say.
 *
 * @param expression SPDX expression; undefined where none is known.
 */
export function isPermissive(expression: string | undefined): boolean {
  const ids = (expression ?? "").match(/[\w.+-]+/g)?.filter((word) => word !== "AND" && word !== "OR") ?? [];
  return ids.length > 0 && ids.every((id) => PERMISSIVE.has(id));
}
