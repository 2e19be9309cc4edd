import type * as k8s from "@pulumi/kubernetes";
import { checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../../internal";
import type { ProbeArgs } from "./probe-args";

const TIMEOUT_SECONDS = 3;

/** Pace at which a pod is asked while it runs. */
export const RUNNING = { periodSeconds: 10, failureThreshold: 3 };

/** Pace at which a pod is asked until it has started, which may take long where it loads a model. */
export const STARTING = { periodSeconds: 5, failureThreshold: 60 };

/** Ports of a pod by their names, the first one first. */
export type ProbedPorts = { name: string; port: number }[];

/** A probe as a container has it. */
export function probeOf(args: ProbeArgs, ports: ProbedPorts, pace = RUNNING): k8s.types.input.core.v1.Probe {
  const { periodSeconds, failureThreshold } = { ...pace, ...definedPace(args) };
  return {
    ...handlerOf(args, ports),
    periodSeconds,
    timeoutSeconds: args.timeoutSeconds ?? TIMEOUT_SECONDS,
    failureThreshold,
  };
}

/** Probes of gRPC take numbers alone. */
function handlerOf({ path, command, grpc, port }: ProbeArgs, ports: ProbedPorts) {
  const at = ports.find(({ name }) => name === port) ?? ports[0]!;
  if (command !== undefined) return { exec: { command } };
  if (grpc === true) return { grpc: { port: at.port } };
  return path === undefined ? { tcpSocket: { port: at.name } } : { httpGet: { path, port: at.name } };
}

function definedPace({ periodSeconds, failureThreshold }: ProbeArgs) {
  return {
    ...(periodSeconds === undefined ? {} : { periodSeconds }),
    ...(failureThreshold === undefined ? {} : { failureThreshold }),
  };
}

/** Checks how a pod is asked. */
export function checkProbe(path: string, args: ProbeArgs | undefined, ports: ProbedPorts): InputProblem[] {
  if (args === undefined) return [];
  const names = ports.map(({ name }) => name);
  return [
    ...checkOneWay(path, args),
    ...(args.path === undefined || args.path.startsWith("/")
      ? []
      : [inputProblem(`${path}.path`, args.path, "a path that begins with /", "Write it like /healthz.")]),
    ...(args.command?.length === 0
      ? [inputProblem(`${path}.command`, args.command, "a program", "Name it, or leave it out.")]
      : []),
    ...(args.port === undefined || names.includes(args.port)
      ? []
      : [inputProblem(`${path}.port`, args.port, names.join(", "), "Name one of the ports.")]),
    ...checkWholeNumber(`${path}.periodSeconds`, args.periodSeconds, { min: 1 }),
    ...checkWholeNumber(`${path}.timeoutSeconds`, args.timeoutSeconds, { min: 1 }),
    ...checkWholeNumber(`${path}.failureThreshold`, args.failureThreshold, { min: 1 }),
  ];
}

function checkOneWay(path: string, { path: url, command, grpc, port }: ProbeArgs): InputProblem[] {
  const ways = Object.entries({ path: url, command, grpc: grpc === true ? grpc : undefined });
  const given = ways.filter(([, value]) => value !== undefined).map(([name]) => name);
  return [
    ...(given.length > 1
      ? [problemAt(path, `given by ${given.join(" and ")}`, "one way to ask", "Keep one of them.")]
      : []),
    ...(command !== undefined && port !== undefined
      ? [inputProblem(`${path}.port`, port, "nothing beside command", "Leave it out: a program is asked at no port.")]
      : []),
  ];
}
