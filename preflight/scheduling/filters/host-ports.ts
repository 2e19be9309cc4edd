import { ObstacleKind, type Obstacle } from "../obstacle";
import type { HostPort, SchedulablePod } from "../pod";

const EVERY_ADDRESS = "0.0.0.0";

/** A port of a node is for one pod at a time; the address `0.0.0.0` stands for all. */
export function hostPortObstacle(pod: SchedulablePod, taken: Iterable<HostPort>): Obstacle | undefined {
  if (pod.hostPorts.length === 0) return undefined;
  const inUse = [...taken];
  const port = pod.hostPorts.find((wanted) => inUse.some((used) => isSamePort(wanted, used)));
  if (port === undefined) return undefined;
  return {
    kind: ObstacleKind.hostPort,
    message: "node(s) didn't have free ports for the requested pod ports",
    subject: `${port.protocol} ${port.port}`,
  };
}

function isSamePort(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.ip === b.ip || a.ip === EVERY_ADDRESS || b.ip === EVERY_ADDRESS;
}
