import { type KubeConfig, type V1Job, type V1Pod, Watch } from "@kubernetes/client-node";
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
  private readonly requests: AbortController[] = [];

  private constructor() {}

  /** Begins with what is there. */
  static async start(config: KubeConfig, namespace: string): Promise<JobHistory> {
    const history = new JobHistory();
    const watch = new Watch(config);
    const follow = async <T>(path: string, note: (type: string, object: T) => void) => {
      const request = await watch.watch(path, {}, note, () => undefined);
      history.requests.push(request);
    };
    await follow<V1Job>(`/apis/batch/v1/namespaces/${namespace}/jobs`, (type, job) => {
      const { name = "", resourceVersion } = job.metadata!;
      const spec = type === "DELETED" ? null : job.spec;
      history.changes.push({ revision: Number(resourceVersion), job: name, spec });
    });
    await follow<V1Pod>(`/api/v1/namespaces/${namespace}/pods`, (type, pod) => {
      const { name = "", resourceVersion, labels } = pod.metadata!;
      const isLive = type !== "DELETED" && ["Pending", "Running"].includes(pod.status?.phase ?? "Pending");
      history.changes.push({
        revision: Number(resourceVersion),
        job: labels?.["job-name"] ?? "",
        pod: { name, isLive, isRunning: isLive && isRunning(pod) },
      });
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

  stop(): void {
    for (const request of this.requests) request.abort();
  }
}
