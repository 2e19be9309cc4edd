import type { Rule } from "../../engine/rule";
import { addedCapability } from "./added-capability";
import { appArmor } from "./app-armor";
import { droppedCapabilities } from "./dropped-capabilities";
import { hostNamespaces } from "./host-namespaces";
import { hostPath } from "./host-path";
import { hostPathVolume } from "./host-path-volume";
import { hostPort } from "./host-port";
import { nonRoot } from "./non-root";
import { privilegeEscalation } from "./privilege-escalation";
import { privilegedContainer } from "./privileged-container";
import { probeHost } from "./probe-host";
import { procMount, procMountInUserNamespace } from "./proc-mount";
import { rootUser } from "./root-user";
import { runtimeSocket } from "./runtime-socket";
import { seLinuxOptions } from "./selinux-options";
import { seccompProfile } from "./seccomp-profile";
import { seccompUnconfined } from "./seccomp-unconfined";
import { safeSysctls } from "./sysctls";
import { volumeType } from "./volume-type";
import { windowsHostProcess } from "./windows-host-process";

/**
 * Rules that are controls of the Pod Security Standards. Of those that share an id, the one with most parameters is first:
 * configuration is read by it for all.
 */
export const RULES: Rule[] = [
  privilegedContainer,
  hostNamespaces,
  hostPath,
  hostPathVolume,
  runtimeSocket,
  hostPort,
  addedCapability,
  droppedCapabilities,
  privilegeEscalation,
  nonRoot,
  rootUser,
  seccompUnconfined,
  seccompProfile,
  appArmor,
  safeSysctls,
  seLinuxOptions,
  procMount,
  procMountInUserNamespace,
  windowsHostProcess,
  probeHost,
  volumeType,
];
