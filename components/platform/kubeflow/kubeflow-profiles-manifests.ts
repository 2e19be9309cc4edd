import { parse, stringify } from "yaml";
import { compact } from "../../internal";
import { MANIFESTS } from "../../model/versions";
import { type Adjustment, inTurn, type Rendering } from "../../rendering";
import { podSecurityLabels, PodSecurityLevel } from "../part/part-namespace";
import { behindConsole, gatewayPrincipal, userHeader } from "./kubeflow-console";
import { hardened } from "./hardening";
import { KUBEFLOW_NAMESPACE } from "./kubeflow-args";
import type { KubeflowProfilesArgs } from "./kubeflow-profiles-args";
import { configured, edited, patched, withConfigDigests } from "./manifest-edits";
import { inNamespace } from "./relocation";

/**
 * What profiles consist of, beside their namespace.
 *
 * @see https://github.com/kubeflow/dashboard/tree/v2.0.0/components
 */
export function kubeflowProfilesRendering(args: KubeflowProfilesArgs): Rendering {
  const { namespace = KUBEFLOW_NAMESPACE, platform = {}, version, replicas = 2, resources, console } = args;
  const folders = [
    "profile-controller/manifests/kustomize/overlays/kubeflow-pss",
    ...(args.podDefaults === false ? [] : ["poddefaults-webhooks/manifests/kustomize/overlays/cert-manager"]),
  ];
  const adjust = inTurn(
    configured("profiles-config", {
      ADMIN: args.admin ?? "",
      USERID_HEADER: userHeader(console),
      ISTIO_INGRESS_GATEWAY_PRINCIPAL: gatewayPrincipal(console),
    }),
    withNamespaceLabels(args),
    behindConsole(console),
    inNamespace(namespace),
    hardened({
      platform,
      replicas: { "profiles-deployment": replicas, "poddefaults-webhook-deployment": replicas },
      resources: {
        manager: { cpu: "50m", memory: "256Mi", ...resources },
        "access-management": { cpu: "20m", memory: "256Mi" },
        "poddefaults-webhook": { cpu: "20m", memory: "128Mi" },
      },
    }),
    patched(args.patches),
    withConfigDigests,
  );
  const sources = folders.map((folder) => compact({ manifests: MANIFESTS.dashboard, folder, version }));
  return { sources, facts: platform, namespace, adjust };
}

/** The controller sets these labels on every user's namespace that has none of the same name. */
function withNamespaceLabels(args: KubeflowProfilesArgs): Adjustment {
  const { podSecurityLevel = PodSecurityLevel.baseline, namespaceLabels } = args;
  return edited("ConfigMap", "profiles-namespace-labels-data", (config) => {
    const data = config["data"] as Record<string, string>;
    const labels = parse(data["namespace-labels.yaml"]!) as Record<string, string>;
    const own = { ...labels, ...podSecurityLabels(podSecurityLevel), ...namespaceLabels };
    data["namespace-labels.yaml"] = stringify(own);
  });
}
