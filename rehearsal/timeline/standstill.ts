import { REPEATING, SERVICES } from "./owner-kinds";
import type { World } from "./world";

/** How long nothing must change once all has ended, and while something waits: controllers look again after up to 10 s. */
const AFTER_ALL_ENDED = 3000;
const WHILE_WAITING = 20_000;

/** While something that has begun has not ended: pods of a node that is gone are collected after 40 s, looked for every 20 s. */
const WHILE_BEGUN = 70_000;

/** How long it is waited for nodes that nobody needs to go: they are looked at every 10 s, after a pause. */
const WHILE_NODES_LEAVE = 60_000;

/** A Job waits before it tries again, twice as long each time. */
const FIRST_BACK_OFF = 10_000;
const LONGEST_BACK_OFF = 600_000;

/**
 * How long nothing must be seen to change before nothing can change by itself any more, in milliseconds of the clock of the
 * machine; `Infinity` while pods run that will end.
 *
 * @param standing whether a workload, by its uid, was there before the rehearsal began.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy (Kubernetes 1.36)
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podgc/gc_controller.go (periods)
 */
export function standstillAfter(world: World, standing: (uid: string) => boolean): number {
  const ends = world.placed().some((pod) => {
    const root = world.workloadOf(pod);
    const goesOn = (pod.simulate ?? "").startsWith("run") || pod.isWithoutImage;
    return !standing(root.uid) && !SERVICES.has(root.kind) && !goesOn;
  });
  if (ends) return Infinity;
  const open = [...world.owners.values()].filter(
    (owner) => owner.ended === undefined && !SERVICES.has(owner.kind) && !standing(world.rootOf(owner).uid),
  );
  const backOffs = open.map(({ failures }) =>
    failures === 0 ? 0 : Math.min(FIRST_BACK_OFF * 2 ** (failures - 1), LONGEST_BACK_OFF),
  );
  const begun = new Set([...world.pods.values()].map((pod) => world.workloadOf(pod).uid));
  const hasBegun = open.some((owner) => begun.has(world.rootOf(owner).uid) && !REPEATING.has(owner.kind));
  const waits = open.length > 0 || world.unplaced().length > 0;
  return Math.max(
    AFTER_ALL_ENDED,
    waits ? WHILE_WAITING + Math.max(0, ...backOffs) : 0,
    hasBegun ? WHILE_BEGUN : 0,
    world.claims.size > 0 ? WHILE_NODES_LEAVE : 0,
  );
}
