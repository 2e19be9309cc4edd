/** Characters of a pod's UID that tell it from others: paths of sockets must be short. */
const UID_PART = 8;

/** Name of the folder of a pod whose program runs, among those of all pods. */
export function podFolder(uid: string): string {
  return uid.slice(0, UID_PART);
}
