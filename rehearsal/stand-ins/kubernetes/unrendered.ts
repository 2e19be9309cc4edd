import { basename } from "node:path";
import type { Properties } from "../values";

/** API version of {@link unrendered}, which no cluster serves. */
export const UNRENDERED_API = "stand-in.invalid/v1";

/** Folder of a mirror, named after what it holds and its version, and what is within. */
const VERSIONED = /^(.+?)-v?\d+\.\d.*$/;

/**
 * The object that stands for a chart or for manifests that are not on this machine: what would be rendered in which version,
 * with which values. Two states differ in it wherever what they ask for does, though nobody knows what would be made of it.
 *
 * @param args of the function that would render: a chart's options as JSON, or the folder of manifests.
 */
export function unrendered({ jsonOpts, directory }: Properties): Properties {
  if (typeof jsonOpts !== "string") {
    const source = withinMirror(String(directory));
    return standing("UnrenderedManifests", source.replace(VERSIONED, "$1"), { source });
  }
  const { chart, path, release_name: release, ...options } = JSON.parse(jsonOpts) as Properties;
  const name = basename(String(chart));
  return standing("UnrenderedChart", name, {
    ...(typeof path === "string" ? { source: withinMirror(path) } : {}),
    release,
    ...options,
  });
}

function standing(kind: string, name: string, spec: Properties): Properties {
  const { namespace } = spec;
  const place = typeof namespace === "string" ? { namespace } : {};
  return { apiVersion: UNRENDERED_API, kind, metadata: { name, ...place }, spec };
}

/** A path from the folder on that is named after what it holds and its version: where a mirror is tells nothing. */
function withinMirror(path: string): string {
  const folders = path.split("/");
  const start = folders.findLastIndex((folder) => VERSIONED.test(folder));
  return folders.slice(Math.max(0, start)).join("/");
}
