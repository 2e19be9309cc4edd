import { request as http } from "node:http";
import { request as https } from "node:https";
import type { Socket } from "node:net";
import { connect as secured } from "node:tls";
import type { V1Pod, V1Probe } from "@kubernetes/client-node";
import { connectInto } from "./gateway";
import { namedPort } from "./router";

/** Tells whether a probe of a container succeeds now; one that runs a command in it does always. */
export async function succeeds(probe: V1Probe, pod: V1Pod, gateway: string): Promise<boolean> {
  const timeout = (probe.timeoutSeconds ?? 1) * 1000;
  const { httpGet, tcpSocket, grpc } = probe;
  const port = httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
  if (port === undefined) return true;
  const number = typeof port === "number" ? port : namedPort(pod, port);
  if (number === undefined) return false;
  const open = () => connectInto(gateway, number);
  if (!httpGet) return isOpen(open(), timeout);
  const code = await statusOf(open(), httpGet.path ?? "/", httpGet.scheme === "HTTPS", timeout);
  return code >= 200 && code < 400;
}

/** Whether whoever is behind a connection keeps it for a moment. */
function isOpen(socket: Socket, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (open: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(open);
    };
    const timer = setTimeout(settle, Math.min(timeout, 200), true);
    socket.once("error", () => {
      settle(false);
    });
    socket.once("close", () => {
      settle(false);
    });
  });
}

/** Status of the answer to a GET; 0 where there is none in time. */
function statusOf(socket: Socket, path: string, isSecured: boolean, timeout: number): Promise<number> {
  return new Promise((resolve) => {
    const settle = (code: number) => {
      socket.destroy();
      resolve(code);
    };
    // Nobody knows the names in the certificates of probed ports.
    const connection = isSecured ? secured({ socket, rejectUnauthorized: false }) : socket;
    socket.once("error", () => {
      settle(0);
    });
    (isSecured ? https : http)({ path, host: "localhost", timeout, createConnection: () => connection }, (response) => {
      response.resume();
      settle(response.statusCode ?? 0);
    })
      .on("error", () => {
        settle(0);
      })
      .on("timeout", () => {
        settle(0);
      })
      .end();
  });
}
