/** When the alerts of {@link Monitoring} are raised. Every threshold has a default. */
export interface AlertThresholds {
  /** Utilisation in percent below which a GPU that a pod holds counts as idle; 5 by default. */
  idlePercent?: number;
  /** Minutes for which it must be idle; 30 by default, as work loads its data and writes checkpoints in between. */
  idleMinutes?: number;
  /** Share in percent of a GPU's memory that counts as nearly full; 95 by default. */
  gpuMemoryPercent?: number;
  /** Share in percent of all GPUs that counts as all of them, while pods wait; 95 by default. */
  saturationPercent?: number;
  /** Minutes that a pod may find no node with GPUs; 20 by default, as a new node needs some minutes itself. */
  pendingMinutes?: number;
  /** Minutes in which a queue with waiting work must admit some; 60 by default. */
  queueMinutes?: number;
  /** Degrees Celsius that count as too hot for a GPU; 88 by default, a little below where data centre GPUs slow down. */
  temperature?: number;
  /** Share in percent of a volume that counts as nearly full; 90 by default. */
  volumePercent?: number;
}

/** Thresholds where nothing else is asked for. */
export const DEFAULT_THRESHOLDS: Required<AlertThresholds> = {
  idlePercent: 5,
  idleMinutes: 30,
  gpuMemoryPercent: 95,
  saturationPercent: 95,
  pendingMinutes: 20,
  queueMinutes: 60,
  temperature: 88,
  volumePercent: 90,
};
