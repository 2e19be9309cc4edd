import { readdirSync } from "node:fs";
import { join } from "node:path";
import { checkoutRoot } from "../checkout";
import { type Addresses, firstServiceAddress, type PortName } from "./addresses";
import { kubeconfigOf } from "./kubeconfig";
import type { ClusterLayout } from "./layout";
import { KUBELET_CLIENT, PKI_FILES } from "./pki";

/** Names of the control plane's processes, in the order in which they start. */
export const PROCESS_NAMES = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;

/** Runs controllers, where any run, and leads to what is in namespaces. */
export const SUPERVISOR = "supervisor";

/** Makes real nodes, where there are any; it starts last. */
export const REAL_NODES = "real-nodes";

/** Name of one process; also the first argument of its program. */
export type ProcessName = (typeof PROCESS_NAMES)[number] | typeof SUPERVISOR | typeof REAL_NODES;

/** How one process is started and asked whether it is ready. */
export interface ProcessDescription {
  port: PortName;
  /** Port of the process that it works on: when that moves, this one must start anew. */
  reaches?: PortName;
  /** Path that answers 200 once the process does its work. */
  readyPath: string;
  /** Whether the ready path is plain HTTP; the others speak TLS. */
  plainHttp?: boolean;
  /** Script that Node runs, from the compiled checkout; the others are in a multi-call binary. */
  script?: string;
  /** Name of that binary; `controlplane` by default. */
  binary?: string;
  arguments(layout: ClusterLayout, addresses: Addresses): Record<string, string | string[]>;
}

/** Requests per second that the controllers may send; their defaults (20 to 50) are the brake of any larger update. */
const CONTROLLER_QPS = { "kube-api-qps": "1000", "kube-api-burst": "2000" };

/**
 * How long a node may be silent before it is taken for lost; 50 s by default. Simulated nodes are silent only where the machine
 * is so busy that KWOK renews their leases late, and a lost one is deleted.
 *
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/ "node-monitor-grace-period" (1.36)
 */
const SILENCE = { "node-monitor-grace-period": "5m" };

/** Every process of the control plane. */
export const PROCESSES: Record<ProcessName, ProcessDescription> = {
  etcd: {
    port: "etcd",
    readyPath: "/readyz",
    arguments: (layout, { ports }) => {
      const [client, peer] = [`https://127.0.0.1:${ports.etcd}`, `https://127.0.0.1:${ports.etcdPeer}`];
      const authority = join(layout.pki, PKI_FILES.authority);
      const [certificate, key] = keyPair(layout, "etcd");
      return {
        "data-dir": layout.etcd,
        // A power cut may lose the last seconds of a cluster that `up` rebuilds; a killed process loses nothing.
        "unsafe-no-fsync": "true",
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": `default=${peer}`,
        "client-cert-auth": "true",
        "trusted-ca-file": authority,
        "cert-file": certificate,
        "key-file": key,
        "peer-client-cert-auth": "true",
        "peer-trusted-ca-file": authority,
        "peer-cert-file": certificate,
        "peer-key-file": key,
        "log-level": "warn",
      };
    },
  },
  "kube-apiserver": {
    port: "apiServer",
    reaches: "etcd",
    readyPath: "/readyz",
    arguments: (layout, addresses) => {
      const file = (name: string) => join(layout.pki, name);
      const [etcdCertificate, etcdKey] = keyPair(layout, "etcd");
      const [certificate, key] = keyPair(layout, "api-server");
      const [proxyCertificate, proxyKey] = keyPair(layout, "front-proxy-client");
      const [kubeletCertificate, kubeletKey] = keyPair(layout, KUBELET_CLIENT);
      return {
        "etcd-servers": `https://127.0.0.1:${addresses.ports.etcd}`,
        "etcd-cafile": file(PKI_FILES.authority),
        "etcd-certfile": etcdCertificate,
        "etcd-keyfile": etcdKey,
        "bind-address": "127.0.0.1",
        "secure-port": String(addresses.ports.apiServer),
        // A documentation address: loopback is refused here, and no reconciler ever publishes it.
        "advertise-address": "192.0.2.10",
        "endpoint-reconciler-type": "none",
        "service-cluster-ip-range": addresses.serviceNetwork,
        "egress-selector-config-file": layout.egress,
        "authorization-mode": "Node,RBAC",
        // A kubelet changes no node and no pod but its own.
        "enable-admission-plugins": "NodeRestriction",
        "kubelet-certificate-authority": file(PKI_FILES.authority),
        "kubelet-client-certificate": kubeletCertificate,
        "kubelet-client-key": kubeletKey,
        "kubelet-preferred-address-types": "InternalIP",
        "allow-privileged": "true",
        "client-ca-file": file(PKI_FILES.authority),
        "tls-cert-file": certificate,
        "tls-private-key-file": key,
        "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
        "service-account-key-file": file(PKI_FILES.serviceAccountPublicKey),
        "service-account-signing-key-file": file(PKI_FILES.serviceAccountKey),
        "requestheader-client-ca-file": file(PKI_FILES.frontProxyAuthority),
        "requestheader-allowed-names": "front-proxy-client",
        "requestheader-username-headers": "X-Remote-User",
        "requestheader-group-headers": "X-Remote-Group",
        "requestheader-extra-headers-prefix": "X-Remote-Extra-",
        "proxy-client-cert-file": proxyCertificate,
        "proxy-client-key-file": proxyKey,
      };
    },
  },
  "kube-controller-manager": {
    port: "controllerManager",
    reaches: "apiServer",
    readyPath: "/healthz",
    arguments: (layout, { ports }) => ({
      ...controller(layout, "controller-manager", ports.controllerManager),
      ...SILENCE,
      "use-service-account-credentials": "true",
      "service-account-private-key-file": join(layout.pki, PKI_FILES.serviceAccountKey),
      "root-ca-file": join(layout.pki, PKI_FILES.authority),
      "cluster-signing-cert-file": join(layout.pki, PKI_FILES.authority),
      "cluster-signing-key-file": join(layout.pki, PKI_FILES.authorityKey),
    }),
  },
  "kube-scheduler": {
    port: "scheduler",
    reaches: "apiServer",
    readyPath: "/readyz",
    arguments: (layout, { ports }) => controller(layout, "scheduler", ports.scheduler),
  },
  kwok: {
    port: "kwok",
    reaches: "apiServer",
    readyPath: "/healthz",
    plainHttp: true,
    arguments: (layout, { ports }) => ({
      kubeconfig: kubeconfigOf(layout, "admin"),
      config: stageFiles(layout.stages),
      "manage-nodes-with-annotation-selector": "kwok.x-k8s.io/node=fake",
      cidr: "10.0.0.1/16",
      "node-ip": "127.0.0.1",
      "server-address": `127.0.0.1:${ports.kwok}`,
      "node-lease-duration-seconds": "40",
    }),
  },
  supervisor: {
    port: "supervisor",
    reaches: "apiServer",
    readyPath: "/healthz",
    plainHttp: true,
    script: "bin/rehearsal/operators/main.js",
    arguments: (layout, addresses) => ({
      folder: `${layout.folder}/`,
      port: String(addresses.ports.supervisor),
      "api-server-port": String(addresses.ports.apiServer),
      "api-server-address": `${firstServiceAddress(addresses)}:443`,
    }),
  },
  "real-nodes": {
    port: "realNodes",
    readyPath: "/healthz",
    plainHttp: true,
    binary: "real-node",
    arguments: (layout) => ({ machine: layout.machine }),
  },
};

/** Command line of one process; `binary` is the one that it is in. */
export function commandLine(name: ProcessName, binary: string, layout: ClusterLayout, addresses: Addresses): string[] {
  const flags = Object.entries(PROCESSES[name].arguments(layout, addresses)).flatMap(([flag, values]) =>
    [values].flat().map((value) => `--${flag}=${value}`),
  );
  return [...programOf(name, binary), name, ...flags];
}

/** Program of a process, and the script that it is given. */
export function programOf(name: ProcessName, binary: string): string[] {
  const { script } = PROCESSES[name];
  return script === undefined ? [binary] : [process.execPath, join(checkoutRoot(), script)];
}

/** Tells whether a process of this machine, by its command line, is one of a cluster's. */
export function isProcess(name: ProcessName, command: string): boolean {
  const { script, binary = "controlplane" } = PROCESSES[name];
  return command.includes(`/${script ?? binary} ${name} --`);
}

function controller(layout: ClusterLayout, user: "controller-manager" | "scheduler", port: number) {
  return {
    "bind-address": "127.0.0.1",
    "secure-port": String(port),
    kubeconfig: kubeconfigOf(layout, user),
    "leader-elect": "false",
    ...CONTROLLER_QPS,
  };
}

function keyPair(layout: ClusterLayout, name: string): [certificate: string, key: string] {
  return [join(layout.pki, `${name}.crt`), join(layout.pki, `${name}.key`)];
}

function stageFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => join(folder, file));
}
