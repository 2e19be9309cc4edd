import { compact } from "../../internal";
import { MANIFESTS } from "../../model/versions";
import { type Adjustment, inTurn, type Rendering } from "../../rendering";
import { behindConsole, type KubeflowConsole, userHeader, withoutMesh } from "./kubeflow-console";
import { hardened } from "./hardening";
import { KUBEFLOW_NAMESPACE } from "./kubeflow-args";
import {
  configured,
  edited,
  editedWorkloads,
  patched,
  podOf,
  setEnvironment,
  withConfigDigests,
} from "./manifest-edits";
import type { NotebooksArgs } from "./notebooks-args";
import { inNamespace } from "./relocation";
import { spawnerConfig } from "./spawner-config";

/** Minutes after which an idle notebook is stopped: longer than lunch, shorter than a night. */
const DEFAULT_IDLE_MINUTES = 120;

/** Folders of the repository, by what they bring. */
const folders = {
  controller: "notebook-controller/config/overlays/kubeflow",
  spawner: "crud-web-apps/jupyter/manifests/overlays/istio",
  volumes: "crud-web-apps/volumes/manifests/overlays/istio",
  viewer: "pvcviewer-controller/config/base",
};

/**
 * What notebooks consist of, beside their namespace.
 *
 * @see https://github.com/kubeflow/notebooks/tree/v1.11.0/components
 */
export function notebooksRendering(args: NotebooksArgs): Rendering {
  const { namespace = KUBEFLOW_NAMESPACE, platform = {}, version, replicas = 2, console, resources } = args;
  const { volumesApp = true, volumeViewer = false } = args;
  const wanted = [
    folders.controller,
    ...(console === undefined ? [] : [folders.spawner, ...(volumesApp ? [folders.volumes] : [])]),
    ...(console !== undefined && volumeViewer ? [folders.viewer] : []),
  ];
  const adjust = inTurn(
    withNotebookSettings(args),
    console === undefined ? withoutMesh : inTurn(behindConsole(console), withUserHeader(console)),
    inNamespace(namespace),
    hardened({
      platform,
      replicas: { "notebook-controller-deployment": replicas, "pvcviewer-controller-manager": replicas },
      resources: {
        manager: { cpu: "50m", memory: "512Mi", ...resources },
        "jupyter-web-app": { cpu: "50m", memory: "256Mi" },
        "volumes-web-app": { cpu: "50m", memory: "256Mi" },
      },
    }),
    patched(args.patches),
    withConfigDigests,
  );
  const sources = wanted.map((folder) => compact({ manifests: MANIFESTS.notebooks, folder, version }));
  return { sources, facts: platform, namespace, adjust };
}

/** The election is by a Lease, while upstream's role knows but the ConfigMaps of earlier elections. */
const leaseRule = {
  apiGroups: ["coordination.k8s.io"],
  resources: ["leases"],
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
};

/** @see https://github.com/kubeflow/notebooks/blob/v1.11.0/components/notebook-controller/README.md */
function withNotebookSettings(args: NotebooksArgs): Adjustment {
  const { cullIdleMinutes = DEFAULT_IDLE_MINUTES, cullCheckMinutes = 1, fsGroup = true, console, replicas = 2 } = args;
  const isCulling = cullIdleMinutes > 0;
  return inTurn(
    configured("notebook-controller-config", {
      ENABLE_CULLING: String(isCulling),
      ...(isCulling
        ? { CULL_IDLE_TIME: String(cullIdleMinutes), IDLENESS_CHECK_PERIOD: String(cullCheckMinutes) }
        : {}),
      USE_ISTIO: String(console !== undefined),
      ...(console === undefined ? {} : { ISTIO_GATEWAY: console.gateway, ISTIO_HOST: console.host ?? "*" }),
    }),
    edited("Deployment", "notebook-controller-deployment", (controller) => {
      const [manager] = podOf(controller).containers;
      setEnvironment(manager!, { ADD_FSGROUP: String(fsGroup) });
      if (replicas > 1) manager!.args = [...(manager!.args ?? []), "--enable-leader-election"];
    }),
    edited("Role", "notebook-controller-leader-election-role", (role) => {
      if (replicas > 1) role["rules"] = [...(role["rules"] as object[]), leaseRule];
    }),
    configured("jupyter-web-app-config", { "spawner_ui_config.yaml": spawnerConfig(args.spawner, args.version) }),
  );
}

/** Tells web applications the header in which the gateway names the user. */
export function withUserHeader(console: KubeflowConsole): Adjustment {
  return editedWorkloads(({ containers }) => {
    for (const container of containers) {
      if (container.env?.some(({ name }) => name === "USERID_HEADER") !== true) continue;
      setEnvironment(container, { USERID_HEADER: userHeader(console) });
    }
  });
}
