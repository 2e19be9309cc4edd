import type { ObjectRef, PodSeen } from "./observation";
import { SERVICES } from "./owner-kinds";
import type { Deadlock } from "./timeline";
import type { World } from "./world";

/** How long it must last, in milliseconds of the machine's clock: whoever starts nodes or takes places back acts within. */
const DEADLOCK_GRACE = 3000;

type Holder = Deadlock["workloads"][number];

/**
 * The workloads that keep each other, or themselves, from running at this moment: each is of use only as a whole, has some of
 * its pods on nodes and others for which the scheduler finds none, and nothing else has GPUs that it would give back by
 * itself. Services do not, and whoever starts nodes must have none on the way.
 *
 * @returns none where somebody still gets on.
 */
function deadlocked(world: World): Holder[] {
  if ([...world.claims.values()].some(({ node }) => node === undefined)) return [];
  const holders = new Map<string, Holder & { root: ObjectRef }>();
  for (const pod of [...world.placed(), ...world.unplaced()]) {
    const root = world.workloadOf(pod);
    if (SERVICES.has(root.kind)) continue;
    const holder = holders.get(root.uid) ?? { root, title: titleOf(root), gpusHeld: 0, podsPlaced: 0, podsWaiting: 0 };
    holders.set(root.uid, holder);
    add(holder, pod);
  }
  const active = [...holders.values()].filter(({ gpusHeld }) => gpusHeld > 0);
  const isStuck = ({ root, podsWaiting }: (typeof active)[number]) => podsWaiting > 0 && world.isGang(root);
  if (active.length === 0 || !active.every(isStuck)) return [];
  return active.map(({ root: _, ...holder }) => holder);
}

/** As reports call an object. */
export function titleOf({ kind, namespace, name }: Omit<ObjectRef, "uid">): string {
  return `${kind} ${namespace}/${name}`;
}

function add(holder: Holder, { node, gpus }: PodSeen): void {
  if (node === undefined) holder.podsWaiting += 1;
  else {
    holder.podsPlaced += 1;
    holder.gpusHeld += gpus;
  }
}

/** Notes from when to when workloads were stuck. */
export class StuckTimes {
  readonly deadlocks: Deadlock[] = [];
  private current: { since: number; holders: Holder[] } | undefined;

  /** @param timeOf seconds of the scenario of a moment in milliseconds. */
  constructor(private readonly timeOf: (at: number) => number) {}

  /** Looks how things stand at a moment. */
  look(world: World, at: number): void {
    const holders = deadlocked(world);
    const key = (each: readonly Holder[]) => each.map(({ title }) => title).join();
    if (this.current !== undefined && key(this.current.holders) === key(holders)) {
      this.current.holders = holders;
      return;
    }
    this.end(at);
    if (holders.length > 0) this.current = { since: at, holders };
  }

  /** Nothing is seen from this moment on. */
  end(at: number): void {
    const { since, holders = [] } = this.current ?? {};
    this.current = undefined;
    if (since === undefined || at - since < DEADLOCK_GRACE) return;
    this.deadlocks.push({ from: this.timeOf(since), to: this.timeOf(at), workloads: holders });
  }
}
