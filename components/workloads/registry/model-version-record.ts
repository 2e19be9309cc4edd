import * as pulumi from "@pulumi/pulumi";
import { compact, isPlain } from "../../internal";
import { parametersHash } from "../object";
import type { ModelVersionArgs } from "./model-version-args";

/** Address of the registry's Service where the ModelRegistry part is installed as it comes. */
const DEFAULT_REGISTRY = "http://model-registry-service.kubeflow.svc:8080";

/** Names of the properties that a lineage becomes; the registry's clients spell properties so. */
export const LINEAGE_PROPERTIES = {
  commit: "git_commit",
  imageDigest: "image_digest",
  data: "data",
  parameters: "parameters_hash",
} as const;

/** The version's name: the author's, or one that follows from the lineage; undefined where neither tells any. */
export function versionOf({ version, lineage = {} }: ModelVersionArgs): pulumi.Input<string> | undefined {
  if (version !== undefined) return version;
  const { commit } = lineage;
  const hash = lineage.parameters && parametersHash(lineage.parameters);
  if (commit === undefined || hash === undefined) return commit ?? hash;
  return isPlain(commit) ? `${commit}-${hash}` : pulumi.interpolate`${commit}-${hash}`;
}

/** What the script is to register, as JSON in a variable's spelling; known at once where all of it is. */
export function recordOf(args: ModelVersionArgs): pulumi.Input<string> {
  const { registry = DEFAULT_REGISTRY, model, uri, description, format, formatVersion, metrics, metricsFile } = args;
  const record = compact({
    registry,
    model,
    version: versionOf(args),
    uri,
    description,
    format,
    formatVersion,
    properties: propertiesOf(args),
    metrics,
    metricsFile,
    gate: args.gate,
  });
  return isKnown(record) ? escaped(JSON.stringify(record)) : pulumi.jsonStringify(record).apply(escaped);
}

/** Kubernetes takes `$(NAME)` in a variable for another variable, and `$$` for a dollar sign. */
function escaped(text: string): string {
  return text.replaceAll("$", () => "$$");
}

function propertiesOf({ lineage = {}, properties }: ModelVersionArgs) {
  const { commit, imageDigest, data, parameters } = lineage;
  return compact({
    [LINEAGE_PROPERTIES.commit]: commit,
    [LINEAGE_PROPERTIES.imageDigest]: imageDigest,
    [LINEAGE_PROPERTIES.data]: data,
    [LINEAGE_PROPERTIES.parameters]: parameters && parametersHash(parameters),
    ...properties,
  });
}

function isKnown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return isPlain(value) && Object.values(value).every(isKnown);
}
