import {
  type KubeConfig,
  type KubernetesObject,
  makeInformer,
  type KubernetesListObject,
} from "@kubernetes/client-node";

/** Milliseconds until a list is watched again once the API server was gone. */
const RECONNECT = 500;

/** What is done when an object of a list changes. */
export interface ListHandlers<T> {
  /** An object is new, or was changed; also for every object that is there at the start. */
  seen?: (object: T) => void;
  gone?: (object: T) => void;
}

/** Objects of one kind, kept in step with the API server and through its restarts. */
export class WatchedList<T extends KubernetesObject> {
  private readonly informer;
  private isStopped = false;

  /**
   * @param path where the list is, with its selectors, as `/api/v1/pods?labelSelector=a%3Db`.
   * @param list reads the list with the same selectors.
   */
  constructor(
    config: KubeConfig,
    path: string,
    list: () => Promise<KubernetesListObject<T>>,
    { seen, gone }: ListHandlers<T> = {},
  ) {
    this.informer = makeInformer(config, path, list);
    if (seen !== undefined) {
      this.informer.on("add", seen);
      this.informer.on("update", seen);
    }
    if (gone !== undefined) this.informer.on("delete", gone);
    this.informer.on("error", () => {
      setTimeout(() => void this.startAgain(), RECONNECT);
    });
  }

  /** Reads the list and begins to watch it. */
  async start(): Promise<void> {
    await this.informer.start();
  }

  /** Ends the watch. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.informer.stop();
  }

  private async startAgain(): Promise<void> {
    // It may have been stopped meanwhile, and a start would undo that.
    if (!this.isStopped) await this.informer.start().catch(() => undefined);
  }

  /** The objects as they were last seen. */
  list(): readonly T[] {
    return this.informer.list();
  }
}
