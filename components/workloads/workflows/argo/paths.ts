import type { InputArtifact, OutputArtifact, OutputParameter } from "../definition";

/** Volume that outputs are written to, so that programs need no rights on the image's own files. */
export const OUTPUTS_VOLUME = "outputs";

/** Where outputs are written that name no path. */
export const OUTPUTS_PATH = "/outputs";

/** Where a container finds an input. */
export function inputPath({ name, path = `/inputs/${name}` }: InputArtifact): string {
  return path;
}

/** Where a container writes an output. */
export function outputPath({ name, path = `${OUTPUTS_PATH}/${name}` }: OutputParameter | OutputArtifact): string {
  return path;
}
