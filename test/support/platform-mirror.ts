import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MANIFESTS } from "../../components/model/versions";
import { mirrorFolder } from "../../components/rendering/source";
import { ensurePlatformSources } from "../../rehearsal/charts/module-sources";
import { lastingFolder } from "./lasting-folder";

/** Folder of upstream data beside the checkout; a clone may lack it, and what needs it is then skipped. */
export const upstreamFolder = join(__dirname, "..", "..", "..", "shared", "upstream");

/** Whether upstream data is beside the checkout. */
export const hasUpstream = existsSync(upstreamFolder);

/** Manifests that no Go module carries, as kustomize has built them: folder in the mirror, built file, resource types. */
const builds: [source: keyof typeof MANIFESTS, folder: string, file: string, types: string[]][] = [
  ["pipelines", "env/platform-agnostic", "pipelines/manifests/platform-agnostic.yaml", []],
  ["pipelines", "env/platform-agnostic-postgresql", "pipelines/manifests/platform-agnostic-postgresql.yaml", []],
  ["pipelines", "env/platform-agnostic-multi-user", "pipelines/manifests/platform-agnostic-multi-user.yaml", []],
  [
    "pipelines",
    "env/cert-manager/platform-agnostic-k8s-native",
    "pipelines/manifests/cert-manager-platform-agnostic-k8s-native.yaml",
    [
      "pipelines/crds/pipelines.kubeflow.org_pipelines.yaml",
      "pipelines/crds/pipelines.kubeflow.org_pipelineversions.yaml",
    ],
  ],
  [
    "pipelines",
    "cluster-scoped-resources",
    "pipelines/manifests/cluster-scoped-resources.yaml",
    [
      "pipelines/crds/scheduled-workflow-crd.yaml",
      "pipelines/crds/viewer-crd.yaml",
      "pipelines/crds/application-crd.yaml",
    ],
  ],
  [
    "notebooks",
    "notebook-controller/config/overlays/kubeflow",
    "notebooks/manifests/notebook-controller.yaml",
    ["notebooks/crds/kubeflow.org_notebooks.yaml"],
  ],
  [
    "notebooks",
    "notebook-controller/config/overlays/standalone",
    "notebooks/manifests/notebook-controller-standalone.yaml",
    ["notebooks/crds/kubeflow.org_notebooks.yaml"],
  ],
  [
    "notebooks",
    "pvcviewer-controller/config/base",
    "notebooks/manifests/pvcviewer-controller.yaml",
    ["notebooks/crds/kubeflow.org_pvcviewers.yaml"],
  ],
  [
    "notebooks",
    "tensorboard-controller/config/overlays/kubeflow",
    "notebooks/manifests/tensorboard-controller.yaml",
    ["notebooks/crds/tensorboard.kubeflow.org_tensorboards.yaml"],
  ],
  ["notebooks", "crud-web-apps/jupyter/manifests/overlays/istio", "notebooks/manifests/jupyter-web-app.yaml", []],
  ["notebooks", "crud-web-apps/volumes/manifests/overlays/istio", "notebooks/manifests/volumes-web-app.yaml", []],
  [
    "notebooks",
    "crud-web-apps/tensorboards/manifests/overlays/istio",
    "notebooks/manifests/tensorboards-web-app.yaml",
    [],
  ],
  [
    "dashboard",
    "profile-controller/manifests/kustomize/overlays/kubeflow",
    "dashboard/manifests/profile-controller-kubeflow.yaml",
    ["dashboard/crds/kubeflow.org_profiles.yaml"],
  ],
  [
    "dashboard",
    "profile-controller/manifests/kustomize/overlays/kubeflow-pss",
    "dashboard/manifests/profile-controller-kubeflow-pss.yaml",
    ["dashboard/crds/kubeflow.org_profiles.yaml"],
  ],
  [
    "dashboard",
    "profile-controller/manifests/kustomize/overlays/standalone",
    "dashboard/manifests/profile-controller-standalone.yaml",
    ["dashboard/crds/kubeflow.org_profiles.yaml"],
  ],
  [
    "dashboard",
    "poddefaults-webhooks/manifests/kustomize/overlays/cert-manager",
    "dashboard/manifests/poddefaults-webhook.yaml",
    ["dashboard/crds/kubeflow.org_poddefaults.yaml"],
  ],
  [
    "dashboard",
    "centraldashboard/manifests/kustomize/overlays/istio",
    "dashboard/manifests/centraldashboard-istio.yaml",
    [],
  ],
  [
    "dashboard",
    "centraldashboard/manifests/kustomize/overlays/kserve",
    "dashboard/manifests/centraldashboard-kserve.yaml",
    [],
  ],
  ["hub", "overlays/db", "hub/manifests/model-registry-mysql.yaml", []],
  ["hub", "overlays/postgres", "hub/manifests/model-registry-postgres.yaml", []],
  ["hub", "options/istio", "hub/manifests/options-istio.yaml", []],
  ["hub", "options/ui/overlays/istio", "hub/manifests/ui-istio.yaml", []],
  ["hub", "options/ui/overlays/standalone", "hub/manifests/ui-standalone.yaml", []],
  ["hub", "options/controller/overlays/base", "hub/manifests/controller.yaml", []],
  ["hub", "options/csi", "hub/manifests/csi.yaml", []],
  ["hub", "options/catalog/base", "hub/manifests/catalog.yaml", []],
];

let made: Promise<string> | undefined;

/**
 * A mirror with everything that can be had offline: charts and manifests of Go modules, and, where upstream data is beside
 * the checkout, what kustomize has built from the manifests that no module carries.
 */
export function platformMirror(): Promise<string> {
  return (made ??= makeMirror());
}

async function makeMirror(): Promise<string> {
  const sources = await ensurePlatformSources();
  if (!hasUpstream) return sources;
  const folder = lastingFolder("mirror");
  // What was rendered from the sources themselves stays theirs.
  const names = readdirSync(sources).filter((name) => !name.startsWith("."));
  for (const name of names) await symlink(join(sources, name), join(folder, name));
  for (const [source, path, file, types] of builds) {
    const { name, version } = MANIFESTS[source];
    const target = join(mirrorFolder(folder, name, version), path);
    const resources = [...types, file];
    await mkdir(target, { recursive: true });
    for (const [index, from] of resources.entries()) {
      await cp(join(upstreamFolder, from), join(target, `resource-${index}.yaml`));
    }
    const list = resources.map((_, index) => `  - resource-${index}.yaml\n`).join("");
    await writeFile(join(target, "kustomization.yaml"), `resources:\n${list}`);
  }
  return folder;
}
