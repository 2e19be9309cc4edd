import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { compact, type InputProblem, inputProblem, isPlain } from "../../internal";

/** Label with the git commit of the code. */
export const COMMIT_LABEL = "mlstack.dev/git-commit";

/** Label with the hash of the parameters. */
export const PARAMETERS_LABEL = "mlstack.dev/parameters-hash";

/** Annotation with the digest of the image. */
export const IMAGE_DIGEST_ANNOTATION = "mlstack.dev/image-digest";

/** Annotation with the reference of the data. */
export const DATA_ANNOTATION = "mlstack.dev/data";

/** Which code, image, data and parameters something was made from. What changes here is new work, and runs anew. */
export interface LineageArgs {
  /** Git commit of the code, 7 to 40 hexadecimal digits. */
  commit?: pulumi.Input<string>;
  /** Digest of the image, `sha256:` and 64 hexadecimal digits; that in `image` by default, where it has one. */
  imageDigest?: pulumi.Input<string>;
  /** Reference of the data with its version, for example `s3://lake/demand/?versionId=7`. */
  data?: pulumi.Input<string>;
  /** Parameters by name; only their hash is recorded. */
  parameters?: Record<string, string>;
}

/** Labels and annotations in which an object carries its lineage. */
export interface LineageMetadata {
  /** What can be selected by. */
  labels: Record<string, pulumi.Input<string>>;
  /** What is too long for a label. */
  annotations: Record<string, pulumi.Input<string>>;
}

/** Digits of a parameters hash; 64 bits tell any number of runs apart that people look at. */
const HASH_DIGITS = 16;

/** The hash of parameters, the same in whatever order they are given: 16 hexadecimal digits. */
export function parametersHash(parameters: Record<string, string>): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, HASH_DIGITS);
}

/** The labels and annotations of a lineage; empty for what is not known. */
export function lineageMetadata(lineage: LineageArgs = {}, image?: pulumi.Input<string>): LineageMetadata {
  const { commit, data, parameters } = lineage;
  const imageDigest = lineage.imageDigest ?? digestIn(image);
  return {
    labels: compact({
      [COMMIT_LABEL]: commit,
      [PARAMETERS_LABEL]: parameters === undefined ? undefined : parametersHash(parameters),
    }),
    annotations: compact({ [IMAGE_DIGEST_ANNOTATION]: imageDigest, [DATA_ANNOTATION]: data }),
  };
}

/**
 * Key under which an artifact is stored, so that its address tells what made it: commit, parameters hash, name.
 *
 * What is not known, or only to the engine, is left out.
 */
export function artifactKey(lineage: LineageArgs, name: string): string {
  const commit = isPlain(lineage.commit) ? lineage.commit : undefined;
  const hash = lineage.parameters && parametersHash(lineage.parameters);
  return [commit, hash, name].filter((part) => part !== undefined).join("/");
}

/** Checks a lineage as far as it is known. */
export function checkLineage(lineage: LineageArgs = {}): InputProblem[] {
  const { commit, imageDigest, data } = lineage;
  return [
    ...checkForm("lineage.commit", commit, /^[0-9a-f]{7,40}$/, "7 to 40 hexadecimal digits"),
    ...checkForm("lineage.imageDigest", imageDigest, /^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits"),
    ...checkForm("lineage.data", data, /\S/, "a reference such as s3://lake/demand"),
  ];
}

function checkForm(
  path: string,
  value: pulumi.Input<string> | undefined,
  form: RegExp,
  allowed: string,
): InputProblem[] {
  if (!isPlain(value) || form.test(value)) return [];
  return [inputProblem(path, value, allowed, "Give it in this form, or leave it out.")];
}

function digestIn(image: pulumi.Input<string> | undefined): string | undefined {
  return isPlain(image) ? /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] : undefined;
}
