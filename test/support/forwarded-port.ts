import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { CoreV1Api, type KubeConfig, PortForward } from "@kubernetes/client-node";

/** A port of a pod, as a port of this machine. */
export interface ForwardedPort {
  /** Its address, for programs on this machine. */
  url: string;
  /** Forwards no more. */
  close: () => void;
}

/** The pods that a Service leads to and one of their ports. */
export interface ForwardTarget {
  namespace: string;
  /** Selector of the pods, of which the first is taken. */
  labelSelector: string;
  port: number;
}

/** Makes a port of a pod one of this machine, by way of the API server and the kubelet, as `kubectl port-forward` does. */
export async function forwardPort(
  config: KubeConfig,
  { namespace, labelSelector, port }: ForwardTarget,
): Promise<ForwardedPort> {
  const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace, labelSelector });
  const pod = items[0]?.metadata?.name;
  if (pod === undefined) throw new Error(`${namespace} has no pod of ${labelSelector}`);
  const forward = new PortForward(config);
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    forward.portForward(namespace, pod, [port], socket, null, socket).catch(() => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: local } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${local}`, close: () => server.close() };
}
