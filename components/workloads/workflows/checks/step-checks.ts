import { checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../../../internal";
import type { PoolShape } from "../../../model";
import { checkMountPath, checkPod } from "../../pods";
import type { StepOutputs, StepTemplate } from "../definition";
import { inputPath, outputPath, OUTPUTS_VOLUME } from "../argo/paths";
import { artifactKeys } from "./artifact-keys";
import { checkResource } from "./resource-checks";
import { checkVariable, type Scope } from "./scope";
import { brokenTexts, variablesIn } from "./variables";
import { onlySource, unclosed, unused } from "./wording";

/** What steps are checked against. */
export interface StepFacts {
  /** Pools that are known. */
  pools: PoolShape[] | undefined;
  /** Namespace of the workflow, where it is known. */
  namespace: string | undefined;
}

/**
 * Volumes that Argo adds to pods, and the one for outputs.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.1.2/workflow/controller/workflowpod.go
 */
const TAKEN_VOLUMES = [
  OUTPUTS_VOLUME,
  "var-run-argo",
  "tmp-dir-argo",
  "input-artifacts",
  "exec-sa-token",
  "argo-staging",
];

/** Checks a template that runs no tasks: a container, a resource, or a pause. */
export function checkStep(path: string, template: StepTemplate, scope: Scope, facts: StepFacts): InputProblem[] {
  const { container, resource, suspend } = template;
  return [
    ...(container === undefined ? [] : checkContainer(path, template, facts)),
    ...(resource === undefined ? [] : checkResource(path, template, facts)),
    ...(suspend === undefined ? [] : checkSuspend(path, template)),
    ...checkTexts(path, template, scope),
  ];
}

/** Every variable must be known, and every input be used. */
function checkTexts(path: string, template: StepTemplate, scope: Scope): InputProblem[] {
  const { container, resource } = template;
  if (container === undefined && resource === undefined) return [];
  const program: [at: string, tree: unknown] =
    container === undefined ? [`${path}.resource.manifest`, resource?.manifest] : [`${path}.container`, container];
  const trees = [program, ...artifactKeys(path, template)];
  const variables = trees.flatMap(([at, tree]) => variablesIn(tree, at));
  return [
    ...trees.flatMap(([at, tree]) => brokenTexts(tree, at)).map(({ path: place, text }) => unclosed(place, text)),
    ...variables.flatMap((variable) => checkVariable(variable, scope)),
    ...unusedInputs(`${path}.inputs`, template, new Set(variables.flatMap(({ names }) => names))),
  ];
}

/** Files may also be read from where the declaration says that they are. */
function unusedInputs(path: string, { inputs = {} }: StepTemplate, used: Set<string>): InputProblem[] {
  const isUsed = (kind: string, name: string) => used.has(`inputs.${kind}`) || used.has(`inputs.${kind}.${name}`);
  const values = (inputs.parameters ?? []).flatMap(({ name }, index) =>
    isUsed("parameters", name) ? [] : [unused(`${path}.parameters[${index}]`, name)],
  );
  const files = (inputs.artifacts ?? []).flatMap(({ name, path: place }, index) =>
    place !== undefined || isUsed("artifacts", `${name}.path`) ? [] : [unused(`${path}.artifacts[${index}]`, name)],
  );
  return [...values, ...files];
}

function checkContainer(path: string, template: StepTemplate, { pools }: StepFacts): InputProblem[] {
  const pod = template.container!;
  const at = `${path}.container`;
  const volumes = pod.volumes ?? [];
  return [
    ...checkPod(`${at}.`, pod, { pods: 1, defaultGpus: 0, pools }),
    ...((pod.command ?? []).length > 0 ? [] : [missingCommand(at)]),
    ...volumes.flatMap(({ name }, index) =>
      TAKEN_VOLUMES.includes(name)
        ? [inputProblem(`${at}.volumes[${index}].name`, name, "a name that Argo does not use itself", "Rename it.")]
        : [],
    ),
    ...checkPaths(path, template),
    ...checkContainerOutputs(`${path}.outputs`, template.outputs ?? {}),
    ...codesOf(template).flatMap((code, index) =>
      checkWholeNumber(`${path}.retry.permanentExitCodes[${index}]`, code, { min: 1, max: 255 }),
    ),
  ];
}

/** @see https://argo-workflows.readthedocs.io/en/release-4.0/workflow-executors/ "Emissary" */
function missingCommand(path: string): InputProblem {
  const remedy = "Name the program to run; Argo would look it up in the image's registry, which it may not read.";
  return inputProblem(`${path}.command`, undefined, "a program", remedy);
}

function codesOf({ retry }: StepTemplate): number[] {
  return retry?.permanentExitCodes ?? [];
}

/** No two things may be at one place of the container. */
function checkPaths(path: string, template: StepTemplate): InputProblem[] {
  const { inputs = {}, outputs = {}, container } = template;
  const taken = new Set((container?.volumes ?? []).map(({ mountPath }) => mountPath));
  const places = [
    ...(inputs.artifacts ?? []).map((each, index) => [`inputs.artifacts[${index}]`, inputPath(each)] as const),
    ...(outputs.parameters ?? []).map((each, index) => [`outputs.parameters[${index}]`, outputPath(each)] as const),
    ...(outputs.artifacts ?? []).map((each, index) => [`outputs.artifacts[${index}]`, outputPath(each)] as const),
  ];
  return places.flatMap(([field, place]) => {
    const at = `${path}.${field}.path`;
    const isTaken = taken.has(place);
    taken.add(place);
    return [
      ...checkMountPath(at, place),
      ...(isTaken ? [inputProblem(at, place, "a path that nothing else is at", "Choose another.")] : []),
    ];
  });
}

function checkContainerOutputs(path: string, { parameters = [], artifacts = [] }: StepOutputs): InputProblem[] {
  return [
    ...parameters.flatMap((each, index) => onlySource(`${path}.parameters[${index}]`, each, "path")),
    ...artifacts.flatMap((each, index) => onlySource(`${path}.artifacts[${index}]`, each, "path")),
  ];
}

function checkSuspend(path: string, { suspend, inputs = {}, outputs = {} }: StepTemplate): InputProblem[] {
  const given = [...(inputs.parameters ?? []), ...(inputs.artifacts ?? [])];
  return [
    ...checkWholeNumber(`${path}.suspend.seconds`, suspend?.seconds, { min: 1 }),
    ...(given.length === 0 ? [] : [problemAt(`${path}.inputs`, "given", "no inputs of a pause", "Leave them out.")]),
    ...(outputs.parameters ?? []).flatMap((each, index) =>
      onlySource(`${path}.outputs.parameters[${index}]`, each, undefined),
    ),
    ...(outputs.artifacts ?? []).map((_, index) =>
      problemAt(`${path}.outputs.artifacts[${index}]`, "given", "values only", "A person cannot hand on files here."),
    ),
    ...(suspend?.seconds !== undefined &&
    (outputs.parameters ?? []).some(({ defaultValue }) => defaultValue === undefined)
      ? [
          problemAt(
            `${path}.outputs.parameters`,
            "without default values",
            "default values with suspend.seconds",
            "Say what holds when nobody answers in time.",
          ),
        ]
      : []),
  ];
}
