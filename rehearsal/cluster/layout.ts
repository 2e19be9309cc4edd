import { join } from "node:path";
import { checkoutRoot, stateFolder } from "../checkout";

/** Where the files of one embedded cluster lie. */
export interface ClusterLayout {
  /** Everything below is inside this folder; removing it removes the cluster. */
  folder: string;
  /** Ports and service network, chosen once and remembered. */
  addresses: string;
  pki: string;
  kubeconfig: string;
  logs: string;
  etcd: string;
  /** What the API server is told of the way to Services. */
  egress: string;
  /** Unix socket that it asks for them. */
  egressSocket: string;
  /** Unix socket of whoever says what pods use; there where controllers run. */
  metricsSocket: string;
  stages: string;
  /** Which programs run in place of which containers; there where controllers run. */
  programs: string;
  /** What belongs to the pods of these programs. */
  pods: string;
  /** What belongs to real nodes. */
  realNodes: string;
  /** Which real nodes there are; there where there are any. */
  realNodesFile: string;
  /** What the program that makes them is told. */
  machine: string;
}

/** Layout of the cluster that belongs to this checkout, or of one in another state folder. */
export function clusterLayout(state: string = stateFolder()): ClusterLayout {
  const folder = join(state, "cluster");
  return {
    folder,
    addresses: join(folder, "addresses.json"),
    pki: join(folder, "pki"),
    kubeconfig: join(folder, "kubeconfig"),
    logs: join(folder, "logs"),
    etcd: join(folder, "etcd"),
    egress: join(folder, "egress.yaml"),
    egressSocket: join(folder, "egress.sock"),
    metricsSocket: join(folder, "metrics.sock"),
    stages: join(folder, "stages"),
    programs: join(folder, "programs.json"),
    pods: join(folder, "pods"),
    realNodes: join(folder, "real-nodes"),
    realNodesFile: join(folder, "real-nodes.json"),
    machine: join(folder, "machine.json"),
  };
}

/** Folder of the KWOK stages: how simulated nodes, pods and volumes behave. */
export function stagesFolder(): string {
  return join(checkoutRoot(), "rehearsal", "cluster", "stages");
}
