import {
  BatchV1Api,
  CoreV1Api,
  type KubeConfig,
  type ListPromise,
  makeInformer,
  type V1Job,
  type V1Pod,
} from "@kubernetes/client-node";
import { isRunning } from "../agreement/cluster-watch";

/** A change of a Job or a pod, in the order of the API server. */
interface Change {
  revision: number;
  job: string;
  /** What the Job says of itself; undefined where a pod changed, null where the Job went. */
  spec?: V1Job["spec"] | null;
  pod?: { name: string; isLive: boolean; isRunning: boolean };
}

/** How the Jobs of a namespace stood at one moment, by their names. */
export type Moment = Record<string, { isSuspended: boolean; pods: number; running: number; parallelism: number }>;

/**
 * Every state that the Jobs of a namespace with their pods went through, as watches tell it: between two looks at them nothing
 * is missed. Changes of both kinds are put in their order by their resource versions, which one store counts.
 */
export class JobHistory {
  private readonly changes: Change[] = [];
  private readonly informers: { stop: () => Promise<void> }[] = [];

  private constructor() {}

  /** Begins with what is there. */
  static async start(config: KubeConfig, namespace: string): Promise<JobHistory> {
    const history = new JobHistory();
    const jobs = config.makeApiClient(BatchV1Api);
    await history.follow(config, `/apis/batch/v1/namespaces/${namespace}/jobs`, {
      list: () => jobs.listNamespacedJob({ namespace }),
      note: ({ metadata, spec }: V1Job, isGone) => {
        const revision = Number(metadata!.resourceVersion);
        history.changes.push({ revision, job: metadata!.name!, spec: isGone ? null : spec });
      },
    });
    const pods = config.makeApiClient(CoreV1Api);
    await history.follow(config, `/api/v1/namespaces/${namespace}/pods`, {
      list: () => pods.listNamespacedPod({ namespace }),
      note: (pod: V1Pod, isGone) => {
        const { name = "", resourceVersion, labels } = pod.metadata!;
        const isLive = !isGone && ["Pending", "Running"].includes(pod.status?.phase ?? "Pending");
        history.changes.push({
          revision: Number(resourceVersion),
          job: labels?.["job-name"] ?? "",
          pod: { name, isLive, isRunning: isLive && isRunning(pod) },
        });
      },
    });
    return history;
  }

  /** Every moment until now, in their order. */
  moments(): Moment[] {
    const pods = new Map<string, { job: string; isRunning: boolean }>();
    const jobs = new Map<string, V1Job["spec"]>();
    return [...this.changes]
      .sort((a, b) => a.revision - b.revision)
      .map(({ job, spec, pod }): Moment => {
        if (spec === null) jobs.delete(job);
        else if (spec !== undefined) jobs.set(job, spec);
        if (pod?.isLive === true) pods.set(pod.name, { job, isRunning: pod.isRunning });
        else if (pod !== undefined) pods.delete(pod.name);
        const all = [...pods.values()];
        return Object.fromEntries(
          [...jobs].map(([name, spec]) => {
            const own = all.filter((each) => each.job === name);
            const running = own.filter((each) => each.isRunning).length;
            return [
              name,
              {
                isSuspended: spec?.suspend === true,
                pods: own.length,
                running,
                parallelism: spec?.parallelism ?? 1,
              },
            ];
          }),
        );
      });
  }

  async stop(): Promise<void> {
    await Promise.all(this.informers.map((informer) => informer.stop()));
  }

  private async follow<T extends V1Job | V1Pod>(
    config: KubeConfig,
    path: string,
    { list, note }: { list: ListPromise<T>; note: (object: T, isGone: boolean) => void },
  ): Promise<void> {
    const informer = makeInformer(config, path, list);
    const notePresent = (object: T) => {
      note(object, false);
    };
    informer.on("add", notePresent);
    informer.on("update", notePresent);
    informer.on("delete", (object) => {
      note(object, true);
    });
    this.informers.push(informer);
    await informer.start();
  }
}
