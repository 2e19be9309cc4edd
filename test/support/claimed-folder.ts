import type { RehearsedStack } from "./rehearsed-stack";

/** Where the volume of a claim lies on this machine, whose real nodes mount it. @throws Error where it is none of theirs. */
export async function claimedFolder({ core }: RehearsedStack, namespace: string, claim: string): Promise<string> {
  const { spec } = await core.readNamespacedPersistentVolumeClaim({ namespace, name: claim });
  const volume = await core.readPersistentVolume({ name: spec?.volumeName ?? "" });
  const path = volume.spec?.hostPath?.path;
  if (path === undefined) throw new Error(`the claim ${namespace}/${claim} has no folder of this machine`);
  return path;
}
