import { parse } from "yaml";
import { Problem } from "../problem";
import { ask, type Fetch, type PackedChart } from "./registry";

interface Index {
  entries?: Record<string, { version: string; urls: string[]; digest?: string }[]>;
}

/**
 * Gets a packed chart from a chart repository, which has an `index.yaml` with addresses and digests.
 *
 * @see https://helm.sh/docs/topics/chart_repository/ (Helm 3)
 * @throws {Problem} when the repository has no such chart or cannot be asked.
 */
export async function fromRepository(
  repository: string,
  chart: string,
  version: string,
  get: Fetch = fetch,
): Promise<PackedChart> {
  const index = parse((await ask(`${repository}/index.yaml`, get)).toString()) as Index | null;
  const bare = (text: string) => text.replace(/^v/, "");
  const entry = index?.entries?.[chart]?.find((each) => bare(each.version) === bare(version));
  const [address] = entry?.urls ?? [];
  if (address === undefined) {
    throw new Problem(`${repository} has no chart ${chart} ${version}`, "Check the pinned version.");
  }
  const bytes = await ask(new URL(address, `${repository}/`).href, get);
  return { bytes, told: entry?.digest?.replace(/^sha256:/, "") };
}
