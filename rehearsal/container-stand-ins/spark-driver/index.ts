import { CoreV1Api, CustomObjectsApi, PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";
import { SIMULATE_ANNOTATION } from "../../../components/model";
import { reasonOf } from "../../cluster/api-errors";
import { WatchedList } from "../../cluster/watched-list";
import type { ContainerStandIn, StandInContext } from "../container-stand-in";
import { DriverRun } from "./driver-run";
import { APPLICATION, FAIL_FIRST, ROLE, TRIES_BEFORE } from "./executor-pod";

const SPARK_PODS = `${ROLE} in (driver,executor)`;

/**
 * Plays the drivers that `spark-submit` makes, as far as Kubernetes sees them: a driver that runs has its executors, replaces
 * those that fail or that it loses, ends where too many fail, and removes them when it ends. Executors are made with the rights of the driver's ServiceAccount.
 */
export class SparkDriver implements ContainerStandIn {
  private readonly pods: WatchedList<V1Pod>;
  private readonly runs = new Map<string, DriverRun>();
  private readonly stopping = new AbortController();

  constructor(private readonly context: StandInContext) {
    const core = context.config.makeApiClient(CoreV1Api);
    this.pods = new WatchedList(
      context.config,
      `/api/v1/pods?labelSelector=${encodeURIComponent(SPARK_PODS)}`,
      () => core.listPodForAllNamespaces({ labelSelector: SPARK_PODS }),
      { seen: this.look, gone: this.forget },
    );
  }

  async start(): Promise<void> {
    await this.pods.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.pods.stop();
    await Promise.all([...this.runs.values()].map((run) => run.stop()));
  }

  private readonly look = (pod: V1Pod): void => {
    const { uid = "", labels = {}, deletionTimestamp } = pod.metadata ?? {};
    if (labels[ROLE] !== "driver" || this.context.isReal(pod)) return;
    const run = this.runs.get(uid);
    if (deletionTimestamp !== undefined) {
      this.forget(pod);
    } else if (pod.status?.phase === "Running") {
      if (run !== undefined) return;
      this.runs.set(uid, new DriverRun(this.context, pod, () => this.executorsOf(labels[APPLICATION] ?? "")));
    } else if (pod.status?.phase === "Pending") {
      void this.countTries(pod).catch((error: unknown) => {
        this.context.log(`Spark driver ${pod.metadata?.name}: ${reasonOf(error)}`);
      });
    } else if (run !== undefined) {
      this.runs.delete(uid);
      void run.finish(this.stopping.signal);
    }
  };

  /** Executors of a driver that is gone go with it. */
  private readonly forget = ({ metadata }: V1Pod): void => {
    const run = this.runs.get(metadata?.uid ?? "");
    this.runs.delete(metadata?.uid ?? "");
    void run?.stop();
  };

  private executorsOf(application: string): V1Pod[] {
    return this.pods.list().filter(({ metadata }) => {
      return metadata?.labels?.[APPLICATION] === application && metadata.labels[ROLE] === "executor";
    });
  }

  /** The operator knows how often it has tried, and tells no driver. */
  private async countTries({ metadata }: V1Pod): Promise<void> {
    const { name = "", namespace = "", annotations = {}, labels = {} } = metadata ?? {};
    const application = labels["sparkoperator.k8s.io/app-name"];
    if (application === undefined || TRIES_BEFORE in annotations) return;
    if (!annotations[SIMULATE_ANNOTATION]?.includes(FAIL_FIRST)) return;
    const kind = { group: "sparkoperator.k8s.io", version: "v1beta2", plural: "sparkapplications" };
    const { config } = this.context;
    const found: unknown = await config
      .makeApiClient(CustomObjectsApi)
      .getNamespacedCustomObject({ ...kind, namespace, name: application });
    const { status = {} } = found as { status?: { executionAttempts?: number; submissionID?: string } };
    // It counts a try once it has submitted it, which the driver may come before.
    const isCounted = status.submissionID === labels["sparkoperator.k8s.io/submission-id"];
    const before = (status.executionAttempts ?? 0) - (isCounted ? 1 : 0);
    const body = { metadata: { annotations: { [TRIES_BEFORE]: String(before) } } };
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    await config.makeApiClient(CoreV1Api).patchNamespacedPod({ name, namespace, body }, merge);
  }
}
