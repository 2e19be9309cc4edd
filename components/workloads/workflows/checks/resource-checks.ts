import { checkDnsLabel, checkEnum, type InputProblem, inputProblem, isPlain, problemAt } from "../../../internal";
import { type ResourceAction, ResourceVerb, type StepTemplate } from "../definition";
import { kindOf } from "../argo/resource-kinds";
import { verbOf } from "../argo/resource-template";
import { onlySource } from "./wording";

/** Characters that the API server adds to names that it makes up, with the hyphen before them. */
const RANDOM_END = 6;

const LONGEST_NAME = 63;

/**
 * Requirements of a selector, without the searches of other path languages: their signs break it.
 *
 * @see https://github.com/kubernetes/apimachinery/blob/v0.33.3/pkg/labels/selector.go `Parse`
 */
const REQUIREMENT = /^\s*(!?[\w.-]+|[\w.-]+\s*(==?|!=|[<>])\s*[\w.-]+|[\w.-]+\s+(in|notin)\s*\([\w.,\s-]+\))\s*$/;

/** Commas outside of brackets. */
const BETWEEN = /,(?![^(]*\))/;

interface Facts {
  namespace: string | undefined;
}

interface Head {
  apiVersion?: unknown;
  kind?: unknown;
  metadata?: { name?: unknown; generateName?: unknown; namespace?: unknown };
}

/** Checks a step that creates an object. */
export function checkResource(path: string, template: StepTemplate, { namespace }: Facts): InputProblem[] {
  const resource = template.resource!;
  const at = `${path}.resource`;
  const manifest = resource.manifest as Head | undefined;
  if (typeof manifest !== "object" || manifest === null) {
    return [inputProblem(`${at}.manifest`, manifest, "an object with apiVersion and kind", "Give it one.")];
  }
  return [
    ...checkHead(`${at}.manifest`, manifest),
    ...checkNames(`${at}.manifest.metadata`, manifest, resource, namespace),
    ...checkEnum(`${at}.verb`, resource.verb, ResourceVerb),
    ...checkConditions(at, resource, manifest),
    ...checkInterface(path, template),
  ];
}

function checkHead(path: string, manifest: Head): InputProblem[] {
  return (["apiVersion", "kind"] as const).flatMap((field) =>
    typeof manifest[field] === "string" && manifest[field] !== ""
      ? []
      : [inputProblem(`${path}.${field}`, manifest[field], "a text", "Take the manifest from a manifest function.")],
  );
}

function checkNames(
  path: string,
  manifest: Head,
  resource: ResourceAction,
  namespace: string | undefined,
): InputProblem[] {
  const { name, generateName, namespace: own } = manifest.metadata ?? {};
  if (generateName !== undefined || typeof name !== "string") {
    const remedy = "Give it a name; a created object gets a random end behind it.";
    return [inputProblem(`${path}.name`, name, "a plain name, and no generateName", remedy)];
  }
  const isCreated = verbOf(resource) === ResourceVerb.create;
  const longest = (kindOf(manifest)?.longestName ?? LONGEST_NAME) - (isCreated ? RANDOM_END : 0);
  const isElsewhere = own !== undefined && isPlain(own) && namespace !== undefined && own !== namespace;
  return [
    ...(name.includes("{{") ? [] : checkDnsLabel(`${path}.name`, name)),
    ...(name.length > longest
      ? [
          inputProblem(
            `${path}.name`,
            name,
            `at most ${longest} characters for a ${String(manifest.kind)}`,
            "Shorten it.",
          ),
        ]
      : []),
    ...(isElsewhere
      ? [inputProblem(`${path}.namespace`, own, `${namespace}, as of the workflow`, "Objects of a run stay beside it.")]
      : []),
  ];
}

function checkConditions(path: string, resource: ResourceAction, manifest: Head): InputProblem[] {
  const { successCondition, failureCondition } = resource;
  if (successCondition === undefined && kindOf(manifest) === undefined && typeof manifest.kind === "string") {
    const remedy = `Say when a ${manifest.kind} has done its work, or give the empty text where it is not waited for.`;
    return [inputProblem(`${path}.successCondition`, undefined, "a selector such as status.state == Done", remedy)];
  }
  return [
    ...checkSelector(`${path}.successCondition`, successCondition),
    ...checkSelector(`${path}.failureCondition`, failureCondition),
  ];
}

function checkSelector(path: string, selector: string | undefined): InputProblem[] {
  if (selector === undefined || selector === "") return [];
  const wrong = selector.split(BETWEEN).filter((requirement) => !REQUIREMENT.test(requirement));
  return wrong.map((requirement) =>
    problemAt(
      path,
      JSON.stringify(requirement.trim()),
      "fields by dots, then == != < > and a word, or in and words in brackets",
      "Selectors cannot search lists: write status.conditions.0.type for the first, or take another field.",
    ),
  );
}

function checkInterface(path: string, { inputs = {}, outputs = {} }: StepTemplate): InputProblem[] {
  const files = [
    ...(inputs.artifacts ?? []).map((_, index) => `${path}.inputs.artifacts[${index}]`),
    ...(outputs.artifacts ?? []).map((_, index) => `${path}.outputs.artifacts[${index}]`),
  ];
  return [
    ...files.map((at) =>
      problemAt(at, "given", "values only", "Nothing of a resource step reads files; hand on their address instead."),
    ),
    ...(outputs.parameters ?? []).flatMap((each, index) => {
      const at = `${path}.outputs.parameters[${index}]`;
      const isGiven = each.jsonPath !== undefined && /^\{.+\}$/.test(each.jsonPath);
      return [
        ...onlySource(at, each, "jsonPath"),
        ...(isGiven
          ? []
          : [inputProblem(`${at}.jsonPath`, each.jsonPath, "a path such as {.status.url}", "Say where it is.")]),
      ];
    }),
  ];
}
