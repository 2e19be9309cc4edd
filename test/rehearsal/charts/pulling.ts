import type { PinnedChart } from "../../../components/model/versions";
import { pull, type Pulled, type PullOptions } from "../../../rehearsal/charts/pull";
import { scratchFolder } from "../../support/scratch";
import { chartFiles, chartRepository, packed, sha256 } from "./publishers";

/** Version of everything that is published here. */
export const VERSION = "1.2.3";

/** Pulls into a mirror and a lock of the test's own. */
export async function pulling(options: Partial<PullOptions>) {
  const { mirror = await scratchFolder(), lock = {}, ...rest } = options;
  const pulled: Pulled[] = [];
  const problem = await (async () => {
    for await (const each of pull({ mirror, lock, ...rest })) pulled.push(each);
  })().then(
    () => undefined,
    (error: unknown) => error as { name: string; message: string; remedy: string },
  );
  if (problem !== undefined && problem.name !== "Problem") throw problem as unknown as Error;
  return { mirror, lock, pulled, problem };
}

/** All that there is: one chart. */
export const oneChart = (chart: PinnedChart) => new Map([["widgets", { chart }]]);

/** A chart that a chart repository has. */
export const ofRepository = ({ host }: { host: string }, more: Partial<PinnedChart> = {}): PinnedChart => ({
  chart: "widgets",
  repository: `http://${host}/charts`,
  version: VERSION,
  ...more,
});

/** A chart that a registry has. */
export const ofRegistry = ({ host }: { host: string }, version = VERSION): PinnedChart => ({
  chart: `oci://${host}/charts/widgets`,
  version,
});

/** A packed chart. */
export const widgets = () => packed(chartFiles("widgets", VERSION));

/** A packed chart in a chart repository; the index tells of it what is given. */
export const published = async (more: { digest?: string; url?: string; version?: string } = {}) => {
  const bytes = await widgets();
  return {
    bytes,
    digest: sha256(bytes),
    repository: await chartRepository([{ name: "widgets", version: VERSION, bytes, ...more }]),
  };
};
