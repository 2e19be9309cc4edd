import type { PinnedChart } from "../../model/versions";

/** How long a chart's objects may take to be there and ready. */
const TIMEOUT_SECONDS = 600;

/** What every release of a pinned chart has in common; a release that fails leaves nothing behind. */
export function pinnedRelease({ chart, repository, version }: PinnedChart, otherVersion?: string) {
  return {
    chart,
    version: otherVersion ?? version,
    ...(repository === undefined ? {} : { repositoryOpts: { repo: repository } }),
    atomic: true,
    timeout: TIMEOUT_SECONDS,
  };
}
