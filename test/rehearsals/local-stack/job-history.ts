import { BatchV1Api, CoreV1Api, type KubeConfig, type V1Job, type V1Pod } from "@kubernetes/client-node";
import { type ListHandlers, WatchedList } from "../../../rehearsal/cluster/watched-list";
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
  private readonly lists: (WatchedList<V1Job> | WatchedList<V1Pod>)[];

  private constructor(config: KubeConfig, namespace: string) {
    const batch = config.makeApiClient(BatchV1Api);
    const core = config.makeApiClient(CoreV1Api);
    this.lists = [
      new WatchedList<V1Job>(
        config,
        `/apis/batch/v1/namespaces/${namespace}/jobs`,
        () => batch.listNamespacedJob({ namespace }),
        this.noting(changeOfJob),
      ),
      new WatchedList<V1Pod>(
        config,
        `/api/v1/namespaces/${namespace}/pods`,
        () => core.listNamespacedPod({ namespace }),
        this.noting(changeOfPod),
      ),
    ];
  }

  /** Begins with what is there. */
  static async start(config: KubeConfig, namespace: string): Promise<JobHistory> {
    const history = new JobHistory(config, namespace);
    await Promise.all(history.lists.map((list) => list.start()));
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
    await Promise.all(this.lists.map((list) => list.stop()));
  }

  private noting<T>(changeOf: (object: T, isGone: boolean) => Change): ListHandlers<T> {
    return {
      seen: (object) => this.changes.push(changeOf(object, false)),
      gone: (object) => this.changes.push(changeOf(object, true)),
    };
  }
}

function changeOfJob({ metadata, spec }: V1Job, isGone: boolean): Change {
  return { revision: Number(metadata!.resourceVersion), job: metadata!.name!, spec: isGone ? null : spec };
}

function changeOfPod(pod: V1Pod, isGone: boolean): Change {
  const { name = "", resourceVersion, labels } = pod.metadata!;
  const isLive = !isGone && ["Pending", "Running"].includes(pod.status?.phase ?? "Pending");
  return {
    revision: Number(resourceVersion),
    job: labels?.["job-name"] ?? "",
    pod: { name, isLive, isRunning: isLive && isRunning(pod) },
  };
}
