import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { stringify } from "yaml";
import type { Addresses } from "./addresses";
import { KeptConnections } from "./kept-connections";
import type { ClusterLayout } from "./layout";
import { PKI_FILES } from "./pki";

/** Users of the control plane that have a kubeconfig of their own. */
export type KubeconfigUser = "admin" | "controller-manager" | "scheduler";

/** Path of a user's kubeconfig; the administrator's is the one that people and Pulumi use. */
export function kubeconfigOf(layout: ClusterLayout, user: KubeconfigUser): string {
  return user === "admin" ? layout.kubeconfig : join(layout.pki, `${user}.kubeconfig`);
}

/** Writes one kubeconfig per user; they name key files and hold no keys. */
export async function writeKubeconfigs(layout: ClusterLayout, addresses: Addresses): Promise<void> {
  for (const user of ["admin", "controller-manager", "scheduler"] as const) {
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "mlstack-local",
          cluster: {
            server: `https://127.0.0.1:${addresses.ports.apiServer}`,
            "certificate-authority": join(layout.pki, PKI_FILES.authority),
          },
        },
      ],
      users: [
        {
          name: user,
          user: {
            "client-certificate": join(layout.pki, `${user}.crt`),
            "client-key": join(layout.pki, `${user}.key`),
          },
        },
      ],
      contexts: [{ name: "mlstack-local", context: { cluster: "mlstack-local", user } }],
      "current-context": "mlstack-local",
    };
    await writeFile(kubeconfigOf(layout, user), stringify(config), { mode: 0o600 });
  }
}

/** Reads a kubeconfig file, for clients of its cluster, all of which share connections. */
export function readKubeconfig(path: string): KubeConfig {
  const config = new KeptConnections();
  config.loadFromFile(path);
  return config;
}
