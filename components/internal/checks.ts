import { bareVersion, tryParseQuantity } from "../model";
import { type InputProblem, inputProblem } from "./inputs";

/** Bounds of a whole number, both inclusive. */
export interface WholeNumberRange {
  min: number;
  max?: number;
}

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const dnsSubdomain = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelName = /^[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

/** Checks a whole number; undefined passes, as every optional number has a default. */
export function checkWholeNumber(path: string, value: number | undefined, range: WholeNumberRange): InputProblem[] {
  const { min, max = Infinity } = range;
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return [];
  const allowed = max === Infinity ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`;
  return [inputProblem(path, value, allowed, `Set ${path} within that range.`)];
}

/** Checks that a value is one of an enum's; undefined passes. TypeScript users meet this only through casts. */
export function checkEnum(path: string, value: string | undefined, values: Record<string, string>): InputProblem[] {
  const allowed = Object.values(values);
  if (value === undefined || allowed.includes(value)) return [];
  return [inputProblem(path, value, allowed.join(", "), `Set ${path} to one of these.`)];
}

/** How the version of a chart or of manifests may be written. */
export interface VersionForm {
  /** Whether a `v` may stand before it, as some publishers write it; true by default. */
  prefix?: boolean;
}

/** Checks that a version is one release, so that a later run installs the same; undefined passes. */
export function checkExactVersion(path: string, version: string | undefined, form: VersionForm = {}): InputProblem[] {
  const { prefix = true } = form;
  if (version === undefined || /^\d+\.\d+\.\d+$/.test(prefix ? bareVersion(version) : version)) return [];
  return [inputProblem(path, version, "an exact version such as 1.14.1", "Name one release.")];
}

/** A tag other than `latest`, or a digest; what stands after a colon before a slash is the port of a registry. */
const exactImage = /^[^@\s]*[^@\s:/](:(?!latest$)\w[-.\w]{0,127}|@sha256:[0-9a-f]{64})$/;

/**
 * Checks that an image is one release, so that every node runs the same; undefined passes.
 *
 * @see https://github.com/distribution/reference/blob/v0.6.0/reference.go for the grammar
 */
export function checkExactImage(path: string, image: string | undefined): InputProblem[] {
  if (image === undefined || exactImage.test(image)) return [];
  return [inputProblem(path, image, "an image with a tag other than latest, or a digest", "Name the release.")];
}

/** Checks a Kubernetes quantity above zero; undefined passes. */
export function checkQuantity(path: string, value: string | undefined, example: string): InputProblem[] {
  if (value === undefined || (tryParseQuantity(value) ?? 0n) > 0n) return [];
  return [inputProblem(path, value, "a Kubernetes quantity above zero", `Write it like "${example}".`)];
}

/**
 * Checks a DNS label, which names of nodes, jobs and volumes must be.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names (Kubernetes 1.36)
 */
export function checkDnsLabel(path: string, value: string): InputProblem[] {
  if (dnsLabel.test(value)) return [];
  const allowed = "at most 63 lower-case letters, digits and inner hyphens";
  return [inputProblem(path, value, allowed, `Set ${path} to such a name.`)];
}

/**
 * Checks the key of a label or taint: a name of at most 63 characters, optionally after a DNS prefix and a slash.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set (1.36)
 */
export function checkLabelKey(path: string, key: string): InputProblem[] {
  const slash = key.indexOf("/");
  const prefixOk = slash < 0 || dnsSubdomain.test(key.slice(0, slash));
  if (prefixOk && labelName.test(key.slice(slash + 1))) return [];
  return [inputProblem(path, key, "a label key such as example.com/team", "Rename the key.")];
}

/** Checks the value of a label or taint: empty, or at most 63 characters; undefined passes. */
export function checkLabelValue(path: string, value: string | undefined): InputProblem[] {
  if (value === undefined || value === "" || labelName.test(value)) return [];
  const allowed = "empty, or at most 63 letters, digits, and inner hyphens, dots and underscores";
  return [inputProblem(path, value, allowed, "Shorten or respell the value.")];
}
