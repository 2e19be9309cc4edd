import { PART_SOURCES } from "../../model/part-sources";
import type { PlatformPart } from "./ml-platform-args";

type Listed = keyof typeof PART_SOURCES;

const sources = new Map<PlatformPart, readonly string[]>(
  Object.entries(PART_SOURCES) as [Listed, (typeof PART_SOURCES)[Listed]][],
);

/** Keys of the charts and manifests that a part is rendered from; none for a part whose objects are all our own. */
export function sourcesOfPart(part: PlatformPart): readonly string[] {
  return sources.get(part) ?? [];
}
