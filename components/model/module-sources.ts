import { CHARTS, MANIFESTS, type PinnedChart, type PinnedManifests, type SourceModule } from "./versions";

/** A chart or set of manifests, as far as it matters where it comes from. */
export interface SourceOrigin {
  name: string;
  version: string;
  /** Go module that carries it; undefined where none does. */
  module: SourceModule | undefined;
}

/** Every pinned chart and set of manifests by its key in {@link CHARTS} or {@link MANIFESTS}. */
export const SOURCES: Record<string, SourceOrigin> = Object.fromEntries([
  ...Object.entries<PinnedChart>(CHARTS).map(([key, { chart, version, module }]) => {
    return [key, { name: chart.slice(chart.lastIndexOf("/") + 1), version, module }] as const;
  }),
  ...Object.entries<PinnedManifests>(MANIFESTS).map(([key, { name, version, module }]) => {
    return [key, { name, version, module }] as const;
  }),
]);
