import { parse } from "yaml";
import { Problem } from "../problem";
import { type Fetch, ok, type PackedChart } from "./registry";

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
  const index = parse(await (await ok(get(`${repository}/index.yaml`))).text()) as Index;
  const entry = index.entries?.[chart]?.find((each) => each.version.replace(/^v/, "") === version.replace(/^v/, ""));
  const [address] = entry?.urls ?? [];
  if (address === undefined) {
    throw new Problem(`${repository} has no chart ${chart} ${version}`, "Check the pinned version.");
  }
  const packed = await ok(get(new URL(address, `${repository}/`).href));
  return { bytes: new Uint8Array(await packed.arrayBuffer()), told: entry?.digest?.replace(/^sha256:/, "") };
}
