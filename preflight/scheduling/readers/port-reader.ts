import { isUnknown } from "../../../components/model";
import type { HostPort } from "../pod";
import { isSidecar } from "./container-reader";
import { at, isMissing, itemsOf, numberOf, textOf, type Field } from "./field";

/**
 * Reads the ports of the node that a pod takes: those of its containers and sidecars. On the network of the node each port
 * of a container is one of the node. Ports that are not known are left out.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/util/utils.go `GetHostPorts`
 */
export function readHostPorts(spec: Field): HostPort[] {
  const sidecars = itemsOf(at(spec, "initContainers")).filter(isSidecar);
  const containers = [...sidecars, ...itemsOf(at(spec, "containers"))];
  const ports = containers.flatMap((container) => itemsOf(at(container, "ports")));
  if (ports.length === 0) return [];
  const onNode = isOnNodeNetwork(spec);
  return ports.flatMap((port) => readPort(port, onNode));
}

/** Whether a pod has the network of its node. */
function isOnNodeNetwork(spec: Field): boolean {
  const network = at(spec, "hostNetwork");
  return !isMissing(network) && network.value === true;
}

function readPort(field: Field, onNode: boolean): HostPort[] {
  const given = numberOf(at(field, "hostPort"));
  const port = onNode && (given ?? 0) === 0 ? numberOf(at(field, "containerPort")) : given;
  if (port === undefined || isUnknown(port) || port <= 0) return [];
  const ip = textOf(at(field, "hostIP"));
  const protocol = textOf(at(field, "protocol"));
  if (isUnknown(ip) || isUnknown(protocol)) return [];
  return [{ ip: ip || "0.0.0.0", protocol: protocol || "TCP", port }];
}
