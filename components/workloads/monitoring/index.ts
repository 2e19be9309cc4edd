export { DriftMonitor } from "./drift-monitor";
export * from "./drift-monitor-args";
export {
  type ConfigMapManifest,
  type DriftMonitorManifests,
  driftMonitorManifests,
  type RoleBindingManifest,
  type RoleManifest,
} from "./drift-monitor-manifest";
export { validateDriftMonitor } from "./drift-monitor-validation";
