import type { AlertRule } from "./alert-rules";
import type { AlertThresholds } from "./alert-thresholds";

/** Alerts on nodes with GPUs and on volumes. */
export function clusterAlerts({ volumePercent }: Required<AlertThresholds>): AlertRule[] {
  return [
    {
      alert: "GpuNodeNotReady",
      expr:
        'max by (node) (kube_node_status_condition{condition="Ready", status="true"}) == 0 ' +
        'and on (node) kube_node_status_capacity{resource="nvidia_com_gpu"} > 0',
      minutes: 10,
      severity: "critical",
      summary: "A node with GPUs is not ready.",
      description: "{{ $labels.node }} is not ready, and its GPUs cost money meanwhile.",
      runbook:
        "See the node's conditions and events. Karpenter and managed node groups replace most by themselves; where the " +
        "node stays, drain it and end its instance.",
    },
    {
      alert: "GpuNodeWithoutGpus",
      expr:
        'max by (node) (kube_node_status_capacity{resource="nvidia_com_gpu"}) > 0 ' +
        'unless on (node) kube_node_status_allocatable{resource="nvidia_com_gpu"} > 0',
      minutes: 10,
      severity: "warning",
      summary: "A node has GPUs, and offers none.",
      description: "{{ $labels.node }} has {{ $value }} GPUs, none of which a pod can have.",
      runbook:
        "The device plugin has marked them unhealthy or is gone: see its log on the node, then GpuHardwareError.",
    },
    {
      alert: "VolumeNearlyFull",
      expr:
        "100 * (1 - kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes) " +
        `> ${volumePercent}`,
      minutes: 15,
      severity: "warning",
      summary: "A volume is nearly full.",
      description: "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is full to {{ $value | humanize }} %.",
      runbook:
        "Delete old checkpoints, or raise the claim's size where the storage class allows expansion. What writes to a full " +
        "volume fails.",
    },
  ];
}
