import {
  arrayAt,
  childAt,
  containersOf,
  isUnknown,
  stringAt,
  UNKNOWN,
  type Tree,
  type TreeObject,
} from "../../../components/model";
import { unknownContainersOf, type PodGroup } from "../../engine/pods";
import type { Truth } from "../../engine/truth";

/** A container that mounts a volume. */
export interface Mount {
  container: TreeObject;
  isReadOnly: boolean;
}

/** Every mount of a volume in some pods; none while there may be others that are not known yet. */
export function mountsOf(pods: PodGroup, volume: TreeObject): Mount[] {
  if (unknownContainersOf(pods).length > 0) return [];
  const name = stringAt(volume, "name");
  return containersOf(pods).flatMap(({ container }) =>
    arrayAt(container, "volumeMounts")
      .filter((mount) => childAt(mount, "name") === name)
      .map((mount) => ({ container, isReadOnly: childAt(mount, "readOnly") === true })),
  );
}

/** Whether a path of a node is another one or below it. */
export function isWithin(path: Tree, folder: string): Truth {
  if (isUnknown(path)) return UNKNOWN;
  return typeof path === "string" && asFolder(path).startsWith(asFolder(folder));
}

/** How messages show the source of a volume on the node. */
export function shownPath(hostPath: Tree): string {
  const path = stringAt(hostPath, "path");
  return path === undefined ? "given" : `${JSON.stringify(path)} of the node`;
}

/** One spelling for each path. Those that climb by `..` are refused by Kubernetes, and `/var/run` is a link to `/run`. */
function asFolder(path: string): string {
  const steps = path.split("/").filter((step) => step !== "" && step !== ".");
  return `/${steps.map((step) => `${step}/`).join("")}`.replace(/^\/var\/run\//, "/run/");
}
