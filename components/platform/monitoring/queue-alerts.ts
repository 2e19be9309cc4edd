import type { AlertRule } from "./alert-rules";
import type { AlertThresholds } from "./alert-thresholds";

/** Work that waits in each queue, whatever its status; of two pods of Kueue one leads, and the other tells of queues too. */
const PENDING = "sum by (cluster_queue) (max by (cluster_queue, status) (kueue_pending_workloads))";

/** Alerts on Kueue's queues; without Kueue there is nothing that could raise them. */
export function queueAlerts({ queueMinutes }: Required<AlertThresholds>): AlertRule[] {
  return [
    {
      alert: "QueueNotMoving",
      expr:
        `min_over_time(${PENDING}[${queueMinutes}m:1m]) > 0 ` +
        `and on (cluster_queue) max by (cluster_queue) (kueue_pending_workloads offset ${queueMinutes}m) > 0 ` +
        "unless on (cluster_queue) " +
        `sum by (cluster_queue) (increase(kueue_admitted_workloads_total[${queueMinutes}m])) > 0`,
      minutes: 5,
      severity: "warning",
      summary: "Work waits in a queue that admits none.",
      description: "{{ $value }} workloads wait in {{ $labels.cluster_queue }}, and none was admitted.",
      runbook:
        "`kubectl describe workload` tells what one waits for: quota, a flavor that does not fit, or an admission check. " +
        "Work that asks for more than the whole quota never gets in.",
    },
    {
      alert: "QueueInactive",
      expr: 'max by (cluster_queue) (kueue_cluster_queue_status{status="active"}) == 0',
      minutes: 15,
      severity: "critical",
      summary: "A queue admits nothing at all.",
      description: "{{ $labels.cluster_queue }} is not active.",
      runbook:
        "`kubectl describe clusterqueue` tells why: a ResourceFlavor, AdmissionCheck or Topology that it names is missing, " +
        "or it is stopped.",
    },
    {
      alert: "QueueEvictsOften",
      expr: "sum by (cluster_queue, reason) (increase(kueue_evicted_workloads_total[1h])) > 20",
      minutes: 0,
      severity: "info",
      summary: "A queue takes back much of what it admitted.",
      description:
        "{{ $labels.cluster_queue }} took {{ $value | humanize }} workloads back in an hour: {{ $labels.reason }}.",
      runbook:
        "Preempted: priorities or borrowing let queues push each other out. PodsReadyTimeout: pods do not start in time, so " +
        "see GpuPodPending, images and the time that nodes need.",
    },
  ];
}
