import { setTimeout as sleep } from "node:timers/promises";
import {
  ApiException,
  CoreV1Api,
  type KubeConfig,
  KubernetesObjectApi,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { hasCode, isPassing, reasonOf, unlessCode } from "../cluster/api-errors";
import type { Seen } from "../timeline/observation";
import { type Arrival, bringsPods } from "./arrivals";
import type { Fault, FaultEffect, FaultInjector, FaultInjectors } from "./fault";

/** How long something is tried again that the API server cannot take just now, in milliseconds, and the pause between. */
const PATIENCE = 60_000;
const PAUSE = 1000;

/** Has what a scenario says happen, at its times. */
export class Director {
  private readonly objects: KubernetesObjectApi;
  private readonly core: CoreV1Api;

  /**
   * @param injectors make faults happen.
   * @param tell called with all that happened.
   */
  constructor(
    config: KubeConfig,
    private readonly injectors: FaultInjectors,
    private readonly tell: (seen: Seen) => void,
  ) {
    this.objects = KubernetesObjectApi.makeApiClient(config);
    this.core = config.makeApiClient(CoreV1Api);
  }

  /**
   * Resolves once all has happened, or once it is told to stop.
   *
   * @param speed seconds of the scenario per second.
   */
  async play(arrivals: readonly Arrival[], faults: readonly Fault[], speed: number, stop: AbortSignal): Promise<void> {
    const begins = Date.now();
    const acts = [
      ...arrivals.map((arrival) => ({ at: arrival.at, run: () => this.arrive(arrival, stop) })),
      ...faults.map((fault) => ({ at: fault.at, run: () => this.inject(fault) })),
    ];
    await Promise.all(
      acts.map(async ({ at, run }) => {
        const wait = begins + (at * 1000) / speed - Date.now();
        const isTime = await sleep(Math.max(0, wait), true, { signal: stop }).catch(() => false);
        if (isTime) await run();
      }),
    );
  }

  private async arrive({ name, objects }: Arrival, stop: AbortSignal): Promise<void> {
    const bringers = objects.filter(bringsPods);
    const refs = (bringers.length > 0 ? bringers : objects).map(({ kind = "", metadata }) => ({
      kind,
      namespace: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
    }));
    let refused: string | undefined;
    for (const object of objects) refused ??= await this.create(object, bringers.includes(object), stop);
    this.tell({ of: "arrival", name, objects: refs, refused });
  }

  /** @returns why the API server does not take it; undefined where it does. */
  private async create(object: KubernetesObject, isNew: boolean, stop: AbortSignal): Promise<string | undefined> {
    const until = Date.now() + PATIENCE;
    let isUnsure = false;
    for (;;) {
      try {
        await this.ensureNamespace(object.metadata?.namespace);
        await this.objects.create(object);
        return undefined;
      } catch (error) {
        const isThere = hasCode(error, 409);
        // Whoever had no answer may have been heard all the same.
        if (isThere && (!isNew || isUnsure)) return undefined;
        const isRefused = error instanceof ApiException && !isPassing(error);
        if (isRefused || Date.now() > until || stop.aborted) return reasonOf(error);
        isUnsure = true;
        await sleep(PAUSE, undefined, { signal: stop }).catch(() => undefined);
      }
    }
  }

  private async ensureNamespace(name: string | undefined): Promise<void> {
    if (name === undefined || (await this.core.readNamespace({ name }).catch(unlessCode(404))) !== undefined) return;
    await this.core.createNamespace({ body: { metadata: { name } } }).catch(unlessCode(409));
  }

  private async inject(fault: Fault): Promise<void> {
    const injector = this.injectors[fault.kind] as FaultInjector | undefined;
    const { kind } = fault;
    const since = Date.now();
    const tell = (effect: FaultEffect, happened: boolean) => {
      this.tell({ of: "fault", kind, since, ...effect, happened });
    };
    if (injector === undefined) {
      tell({ did: "faults of this kind cannot be made yet" }, false);
      return;
    }
    try {
      tell(await injector.inject(fault), true);
    } catch (error) {
      tell({ did: error instanceof Error ? error.message : String(error) }, false);
    }
  }
}
