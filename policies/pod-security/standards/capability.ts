import { isUnknown, nodeAt, pathInContainer, type ContainerAt } from "../../../components/model";
import type { Placed } from "./pod-fields";

/** Capabilities that a container has without asking, and may name: the default set but NET_RAW, which forges packets. */
export const DEFAULT_CAPABILITIES = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"],
  ...["SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];

/** The only capability that the restricted level lets a container add. */
export const BIND_SERVICE = "NET_BIND_SERVICE";

/** The capabilities that a container adds, each at its place; the list itself where that is not known yet. */
export function addedCapabilities(at: ContainerAt): Placed[] {
  const path = pathInContainer(at, "securityContext.capabilities.add");
  const added = nodeAt(at.container, "securityContext.capabilities.add");
  if (isUnknown(added)) return [{ path, value: added }];
  return (Array.isArray(added) ? added : []).map((value, index) => ({ path: `${path}[${index}]`, value }));
}
