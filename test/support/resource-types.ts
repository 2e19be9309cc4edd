import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { KARPENTER_ON_KWOK } from "../../components/model/local-autoscaling";
import { CHARTS, MANIFESTS } from "../../components/model/versions";
import { isResourceType, type KubernetesObject } from "../../components/rendering";
import { RenderCache } from "../../components/rendering/render-cache";
import { renderCall, type Source, sourceFolder } from "../../components/rendering/source";
import { ensurePlatformSources } from "../../rehearsal/charts/module-sources";
import { hasUpstream, platformMirror, upstreamFolder } from "./platform-mirror";
import { rendered } from "./rendering";

const charts: (keyof typeof CHARTS)[] = [
  "istioBase",
  "jobSet",
  "karpenterCrds",
  "kserveTypes",
  "kueue",
  "sparkOperator",
  "trainer",
  "verticalPodAutoscaler",
];

const manifests: [source: keyof typeof MANIFESTS, folder: string][] = [
  ["argoWorkflows", "base/crds/full"],
  ["trainingOperator", "base/crds"],
  ["mpiOperator", "base"],
  ["katib", "components/crd"],
];

/** Folders of what no Go module carries. */
const manifestsOfUpstream: [source: keyof typeof MANIFESTS, folder: string][] = [
  ["pipelines", "cluster-scoped-resources"],
  ["pipelines", "env/cert-manager/platform-agnostic-k8s-native"],
  ["notebooks", "notebook-controller/config/overlays/kubeflow"],
  ["notebooks", "pvcviewer-controller/config/base"],
  ["notebooks", "tensorboard-controller/config/overlays/kubeflow"],
  ["dashboard", "profile-controller/manifests/kustomize/overlays/kubeflow"],
  ["dashboard", "poddefaults-webhooks/manifests/kustomize/overlays/cert-manager"],
];

/** Charts and manifests of Go modules that declare resource types, by name. */
export const TYPE_SOURCES = [
  KARPENTER_ON_KWOK.chart,
  ...charts.map((key) => CHARTS[key].chart),
  ...manifests.map(([key]) => MANIFESTS[key].name),
];

const sources: Source[] = [
  { chart: KARPENTER_ON_KWOK, release: "types", namespace: "types" },
  ...charts.map((key) => ({ chart: CHARTS[key], release: "types", namespace: "types" })),
  ...[...manifests, ...(hasUpstream ? manifestsOfUpstream : [])].map(([key, folder]) => {
    return { manifests: MANIFESTS[key], folder };
  }),
];

/** Every resource type of the platform that can be had offline, with its whole schema; each once. */
export async function fullTypes(): Promise<KubernetesObject[]> {
  const all = [...(await Promise.all(sources.map(typesOf))).flat(), ...typesOfFiles()];
  return [...new Map(all.map((type) => [type.metadata.name, type])).values()];
}

/** Folders of files with the types of what no module carries. */
const TYPE_FILES = ["keda/crds"];

function typesOfFiles(): KubernetesObject[] {
  if (!hasUpstream) return [];
  return TYPE_FILES.flatMap((folder) => {
    const files = readdirSync(join(upstreamFolder, folder)).filter((file) => file.endsWith(".yaml"));
    const texts = files.map((file) => readFileSync(join(upstreamFolder, folder, file), "utf8"));
    return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject));
  });
}

/** The types that a source has, whole; those of Go modules are rendered once, as `up` does it. */
async function typesOf(source: Source): Promise<KubernetesObject[]> {
  const modules = await ensurePlatformSources();
  const isModule = existsSync(sourceFolder(source, modules)!);
  const mirror = isModule ? modules : await platformMirror();
  const call = renderCall(source, { chartMirror: mirror });
  const cache = isModule ? new RenderCache(mirror, sourceFolder(source, mirror)!, call) : undefined;
  const kept = cache?.read();
  if (kept !== undefined) return kept.filter(isResourceType);
  const { result } = await rendered(call);
  cache?.write(result);
  return result.filter(isResourceType);
}
