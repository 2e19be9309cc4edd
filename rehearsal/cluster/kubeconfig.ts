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
  const server = `https://127.0.0.1:${addresses.ports.apiServer}`;
  for (const user of ["admin", "controller-manager", "scheduler"] as const) {
    await writeFile(kubeconfigOf(layout, user), stringify(kubeconfigFor(user, layout, server)), { mode: 0o600 });
  }
}

/**
 * Kubeconfig of a user that has a certificate.
 *
 * @param file name of the certificate, without its ending.
 * @param server where the API server is to be reached.
 */
export function kubeconfigFor(file: string, layout: ClusterLayout, server: string): object {
  const name = "mlstack-local";
  const user = {
    "client-certificate": join(layout.pki, `${file}.crt`),
    "client-key": join(layout.pki, `${file}.key`),
  };
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority": join(layout.pki, PKI_FILES.authority) } }],
    users: [{ name: file, user }],
    contexts: [{ name, context: { cluster: name, user: file } }],
    "current-context": name,
  };
}

/** Reads a kubeconfig file, for clients of its cluster, all of which share connections. */
export function readKubeconfig(path: string): KubeConfig {
  const config = new KeptConnections();
  config.loadFromFile(path);
  return config;
}
