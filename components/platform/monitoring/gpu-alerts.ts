import type { AlertRule } from "./alert-rules";
import type { AlertThresholds } from "./alert-thresholds";

/**
 * Errors of the driver (XID) after which a GPU or its node is not to be trusted before somebody has looked: double-bit ECC
 * errors, exhausted spare rows, NVLink errors, GPUs that are gone from the bus, uncontained errors, and a firmware that
 * answers no more. Others mostly are the fault of the program that ran.
 *
 * @see https://docs.nvidia.com/deploy/xid-errors/
 */
const HARDWARE_XIDS = [48, 63, 64, 74, 79, 92, 94, 95, 119, 120];

/** Labels that name a GPU: those that the exporter gives, and the node that the ServiceMonitor adds. */
const GPU = "node, gpu, UUID";
/** Labels that name the pod which holds a GPU. */
const HOLDER = "exported_namespace, exported_pod";
/** Utilisation of GPUs that pods hold. */
const HELD_USE = 'DCGM_FI_DEV_GPU_UTIL{exported_pod!=""}';
/** GPUs that the cluster has, whatever uses them. */
const GPU_CAPACITY = 'sum(kube_node_status_allocatable{resource="nvidia_com_gpu"})';
/** GPUs that pods on nodes ask for. */
const GPU_ALLOCATED =
  'sum(kube_pod_container_resource_requests{resource="nvidia_com_gpu", node!=""} ' +
  '* on (namespace, pod) group_left () (kube_pod_status_phase{phase=~"Pending|Running"} == 1))';
/** Pods that ask for GPUs and find no node. */
const UNSCHEDULABLE =
  'sum by (namespace, pod) (kube_pod_container_resource_requests{resource="nvidia_com_gpu"}) > 0 ' +
  "and on (namespace, pod) kube_pod_status_unschedulable == 1";

/** Alerts on GPUs. */
export function gpuAlerts(thresholds: Required<AlertThresholds>): AlertRule[] {
  return [...usageAlerts(thresholds), ...healthAlerts(thresholds)];
}

function usageAlerts(thresholds: Required<AlertThresholds>): AlertRule[] {
  const { idlePercent, idleMinutes, gpuMemoryPercent, saturationPercent, pendingMinutes } = thresholds;
  return [
    {
      alert: "GpuAllocatedButIdle",
      // The average alone would be raised of a pod that has just started, and still loads its data.
      expr:
        `avg by (${HOLDER}) (avg_over_time(${HELD_USE}[${idleMinutes}m])) < ${idlePercent} ` +
        `and on (${HOLDER}) ${HELD_USE} offset ${idleMinutes}m`,
      minutes: 5,
      severity: "warning",
      summary: "A pod holds GPUs that it does not use.",
      description:
        "The GPUs of {{ $labels.exported_namespace }}/{{ $labels.exported_pod }} were used to " +
        "{{ $value | humanize }} % on average.",
      runbook:
        "Look at the pod's log and CPU: it may wait for data, for other pods of its job, or for a person (notebooks). " +
        "End it, or let culling and deadlines end such pods. MIG devices have no utilisation and raise nothing.",
    },
    {
      alert: "GpuMemoryNearlyFull",
      expr:
        `100 * DCGM_FI_DEV_FB_USED{exported_pod!=""} / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE) ` +
        `> ${gpuMemoryPercent}`,
      minutes: 15,
      severity: "info",
      summary: "The memory of a GPU is nearly full.",
      description:
        "GPU {{ $labels.gpu }} of {{ $labels.node }} has {{ $value | humanize }} % of its memory in use, by " +
        "{{ $labels.exported_namespace }}/{{ $labels.exported_pod }}.",
      runbook:
        "Frameworks that take all memory at once (JAX, TensorFlow, vLLM) look like this when well. Where a pod runs out " +
        "of GPU memory, make batches smaller, accumulate gradients, or choose a larger GPU.",
    },
    {
      alert: "GpusSaturated",
      expr: `100 * ${GPU_ALLOCATED} / ${GPU_CAPACITY} > ${saturationPercent} and on () count(${UNSCHEDULABLE}) > 0`,
      minutes: 60,
      severity: "warning",
      summary: "All GPUs are taken, and pods wait for some.",
      description: "{{ $value | humanize }} % of all GPUs are taken while pods that ask for GPUs find no node.",
      runbook:
        "See the dashboard of queues for who waits. Raise the limits of pools or quotas if the budget allows it, or end " +
        "what GpuAllocatedButIdle names.",
    },
    {
      alert: "GpuPodPending",
      expr: UNSCHEDULABLE,
      minutes: pendingMinutes,
      severity: "warning",
      summary: "A pod that asks for GPUs finds no node.",
      description: "{{ $labels.namespace }}/{{ $labels.pod }} asks for {{ $value }} GPUs and finds no node.",
      runbook:
        "`kubectl describe pod` tells why: a taint that is not tolerated, a selector that no pool meets, more GPUs than " +
        "one node has, or a pool at its limit. Then see the autoscaler's log for capacity that AWS does not have.",
    },
  ];
}

function healthAlerts({ temperature }: Required<AlertThresholds>): AlertRule[] {
  const xids = HARDWARE_XIDS.map((xid) => `DCGM_FI_DEV_XID_ERRORS == ${xid}`).join(" or ");
  return [
    {
      alert: "GpuHardwareError",
      expr: `max by (${GPU}) (${xids})`,
      minutes: 0,
      severity: "critical",
      summary: "A GPU has reported an error of its hardware.",
      description: "GPU {{ $labels.gpu }} of {{ $labels.node }} has reported XID {{ $value }}.",
      runbook:
        "Cordon the node, let its work be restarted elsewhere, and replace the node; end the instance rather than " +
        "rebooting it where the same GPU fails again. NVIDIA's list of XIDs says what each means.",
    },
    {
      alert: "GpuProgramError",
      expr: `max by (${GPU}, ${HOLDER}) (DCGM_FI_DEV_XID_ERRORS > 0) unless on (${GPU}) (${xids})`,
      minutes: 0,
      severity: "info",
      summary: "A GPU has reported an error, mostly of the program that used it.",
      description:
        "GPU {{ $labels.gpu }} of {{ $labels.node }} has reported XID {{ $value }}, last used by " +
        "{{ $labels.exported_namespace }}/{{ $labels.exported_pod }}.",
      runbook:
        "XID 13, 31 and 43 come from programs that read where they may not; see the pod's log. The value is that of the " +
        "last error and stays until the driver is loaded anew.",
    },
    {
      alert: "GpuMemoryRowsExhausted",
      expr: "DCGM_FI_DEV_ROW_REMAP_FAILURE > 0",
      minutes: 0,
      severity: "critical",
      summary: "A GPU could not replace a broken row of its memory.",
      description: "GPU {{ $labels.gpu }} of {{ $labels.node }} has no spare rows left.",
      runbook: "Cordon and replace the node: results of the GPU are not to be trusted.",
    },
    {
      alert: "GpuTooHot",
      expr: `DCGM_FI_DEV_GPU_TEMP > ${temperature}`,
      minutes: 10,
      severity: "warning",
      summary: "A GPU is too hot, and will slow down.",
      description: "GPU {{ $labels.gpu }} of {{ $labels.node }} has {{ $value }} °C.",
      runbook: "In a cloud, replace the node. In a machine room, look at fans and air.",
    },
    {
      alert: "GpuMetricsMissing",
      expr:
        'max by (node) (kube_node_status_allocatable{resource="nvidia_com_gpu"}) > 0 ' +
        "unless on (node) DCGM_FI_DEV_GPU_TEMP",
      minutes: 15,
      severity: "warning",
      summary: "A node with GPUs tells nothing of them.",
      description: "{{ $labels.node }} has {{ $value }} GPUs, and no exporter of DCGM tells of them.",
      runbook:
        "See whether the exporter runs on the node: a taint of the pool that it does not tolerate, a pool without the " +
        "label nvidia.com/gpu.present=true, or a driver that does not answer. Then see Prometheus' targets.",
    },
  ];
}
