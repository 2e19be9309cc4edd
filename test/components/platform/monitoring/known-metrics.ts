import { readFileSync } from "node:fs";
import { join } from "node:path";
import { upstreamFolder } from "../../../support/platform-mirror";

/** Counters of DCGM that alerts and dashboards use; the exporter's chart must have each on. */
export const dcgmMetrics = [
  "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS",
  "DCGM_FI_DEV_FB_FREE",
  "DCGM_FI_DEV_FB_USED",
  "DCGM_FI_DEV_GPU_TEMP",
  "DCGM_FI_DEV_GPU_UTIL",
  "DCGM_FI_DEV_PCIE_REPLAY_COUNTER",
  "DCGM_FI_DEV_POWER_USAGE",
  "DCGM_FI_DEV_ROW_REMAP_FAILURE",
  "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS",
  "DCGM_FI_DEV_XID_ERRORS",
  "DCGM_FI_PROF_DRAM_ACTIVE",
  "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
  "DCGM_FI_PROF_PCIE_RX_BYTES",
  "DCGM_FI_PROF_PCIE_TX_BYTES",
  "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
];

/** What the kubelet tells of containers and volumes, less what the chart's monitor drops. */
const kubeletMetrics = [
  "container_cpu_cfs_periods_total",
  "container_cpu_cfs_throttled_periods_total",
  "container_cpu_usage_seconds_total",
  "container_fs_reads_bytes_total",
  "container_fs_writes_bytes_total",
  "container_memory_working_set_bytes",
  "container_network_receive_bytes_total",
  "container_network_transmit_bytes_total",
  "kubelet_volume_stats_available_bytes",
  "kubelet_volume_stats_capacity_bytes",
];

/** What kube-state-metrics tells. */
const stateMetrics = [
  "kube_node_labels",
  "kube_node_status_allocatable",
  "kube_node_status_capacity",
  "kube_node_status_condition",
  "kube_pod_container_resource_limits",
  "kube_pod_container_resource_requests",
  "kube_pod_container_status_restarts_total",
  "kube_pod_info",
  "kube_pod_status_phase",
  "kube_pod_status_unschedulable",
];

/** What Kueue tells; quota and use of it only with metrics of cluster queue resources. */
const kueueMetrics = [
  "kueue_admission_wait_time_seconds_bucket",
  "kueue_admitted_active_workloads",
  "kueue_admitted_workloads_total",
  "kueue_cluster_queue_nominal_quota",
  "kueue_cluster_queue_resource_usage",
  "kueue_cluster_queue_status",
  "kueue_evicted_workloads_total",
  "kueue_pending_workloads",
];

/** Every metric that alerts and dashboards may name. */
export const knownMetrics = [...dcgmMetrics, ...kubeletMetrics, ...stateMetrics, ...kueueMetrics];

/** Counters that DCGM exporter has on by default, from its own list. */
export function upstreamCounters(): string[] {
  const list = readFileSync(join(upstreamFolder, "dcgm-exporter", "config", "default-counters.csv"), "utf8");
  return list
    .split("\n")
    .filter((line) => line.startsWith("DCGM_"))
    .map((line) => line.split(",")[0]!.trim());
}
