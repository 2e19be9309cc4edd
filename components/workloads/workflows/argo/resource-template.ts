import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { compact, nonEmpty } from "../../../internal";
import { type ResourceAction, ResourceVerb, RetryPolicy, type StepTemplate } from "../definition";
import { stepPod, type TemplateContext } from "./container-template";
import { type AwaitedKind, kindOf } from "./resource-kinds";
import { pathInExpression } from "./expressions";
import { argoInputs, type ArgoTemplate, emptyAsUndefined, retryStrategy, synchronization } from "./template-parts";

/** A Kubernetes object as far as a step must know it. */
interface Head {
  apiVersion: string;
  kind: string;
  metadata: { name: string } & Record<string, unknown>;
}

/** Input and output by which the parts of one step hand on the name of what they created. */
const OBJECT_NAME = "object-name";

/** What a step does to its object where it does not say. */
export function verbOf({ verb, manifest }: ResourceAction): ResourceVerb {
  const isLasting = kindOf(manifest as Head)?.isLasting === true;
  return verb ?? (isLasting ? ResourceVerb.apply : ResourceVerb.create);
}

/** The templates of a step that creates an object: one, or several where another object is waited for. */
export function resourceTemplates(template: StepTemplate, context: TemplateContext): ArgoTemplate[] {
  const awaits = awaitedBy(template.resource!);
  return awaits === undefined
    ? [oneTemplate(template, context)]
    : [wholeStep(template), ...partsOfStep(template, awaits, context)];
}

/** Names of the templates that a step becomes. */
export function templateNames({ name, resource, outputs = {} }: StepTemplate): string[] {
  if (resource === undefined || awaitedBy(resource) === undefined) return [name];
  const isRead = (outputs.parameters ?? []).length > 0;
  return [name, `${name}-create`, `${name}-wait`, ...(isRead ? [`${name}-read`] : [])];
}

/** The object that is waited for in place of the one that a step creates, where its author says nothing of that. */
export function awaitedBy(action: ResourceAction): AwaitedKind | undefined {
  const isSaid = action.successCondition !== undefined || action.failureCondition !== undefined;
  return isSaid ? undefined : kindOf((action.manifest ?? {}) as Head)?.awaits;
}

function oneTemplate(template: StepTemplate, context: TemplateContext): ArgoTemplate {
  const action = template.resource!;
  const known = kindOf(action.manifest as Head);
  return podOfResource(template.name, template, context, {
    ...writing(action),
    successCondition: emptyAsNone(action.successCondition ?? known?.success),
    failureCondition: emptyAsNone(action.failureCondition ?? known?.failure),
  });
}

function emptyAsNone(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

/**
 * A pod in which only Argo's own program runs, so that the right to create objects is not within reach of other programs.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/walk-through/kubernetes-resources/
 */
function podOfResource(
  name: string,
  template: StepTemplate,
  context: TemplateContext,
  resource: Record<string, unknown>,
  more: Record<string, unknown> = {},
): ArgoTemplate {
  const parameters = (template.outputs?.parameters ?? []).map(({ name: output, jsonPath, defaultValue }) => ({
    name: output,
    valueFrom: compact({ jsonPath, default: defaultValue }),
  }));
  return compact({
    name,
    inputs: argoInputs(template.inputs),
    outputs: emptyAsUndefined({ parameters: nonEmpty(parameters) }),
    metadata: stepPod(template.name, { image: "" }, context).metadata,
    serviceAccountName: context.resourceAccount,
    // Its account may write to no store, and there is little in its log.
    archiveLocation: { archiveLogs: false },
    resource: compact(resource),
    activeDeadlineSeconds: template.activeDeadlineSeconds,
    retryStrategy: retryStrategy(template.retry, RetryPolicy.onTransientError),
    synchronization: synchronization(template),
    ...more,
  });
}

function writing(action: ResourceAction) {
  const isCreated = verbOf(action) === ResourceVerb.create;
  const manifest = action.manifest as Head;
  return {
    action: verbOf(action),
    // What belongs to the run is deleted with it.
    setOwnerReference: isCreated ? true : undefined,
    manifest: manifestText(isCreated ? withRandomEnd(manifest) : manifest),
  };
}

/** Each try and each round of a loop creates an object of its own. */
function withRandomEnd({ apiVersion, kind, metadata, ...rest }: Head): object {
  const { name, ...more } = metadata;
  return { apiVersion, kind, metadata: { generateName: `${name}-`, ...more }, ...rest };
}

/** An object as text; an output where a leaf of it is one. */
export function manifestText(manifest: object): pulumi.Input<string> {
  return hasOutput(manifest) ? pulumi.output(manifest).apply(textOf) : textOf(manifest);
}

/** Texts in quotes, and keys where they need them: Argo reads YAML 1.1, in which a bare `n` is false. */
const QUOTED = {
  compat: "yaml-1.1",
  aliasDuplicateObjects: false,
  lineWidth: 0,
  defaultStringType: "QUOTE_DOUBLE",
  defaultKeyType: "PLAIN",
} as const;

/** Numbers that come from variables stand without quotes, or they would be texts. */
const NUMBER_VARIABLE = /"(\{\{=as(?:Int|Float)\([^"]+?\)\}\})"/g;

function textOf(manifest: object): string {
  return stringify(withQuotedValues(manifest), QUOTED).replaceAll(NUMBER_VARIABLE, "$1");
}

/** What a variable holds is put between quotes as it is, so that quotes in it would end the text, and the rest be read as YAML. */
function withQuotedValues(tree: unknown): unknown {
  if (typeof tree === "string") {
    return tree.replaceAll(
      /\{\{(?!=)\s*([^{}]+?)\s*\}\}/g,
      (_, name: string) => `{{=toJson(${pathInExpression(name)})[1:-1]}}`,
    );
  }
  if (Array.isArray(tree)) return tree.map(withQuotedValues);
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, withQuotedValues(value)]));
}

function hasOutput(tree: unknown): boolean {
  if (typeof tree !== "object" || tree === null) return false;
  if (pulumi.Output.isInstance(tree) || tree instanceof Promise) return true;
  return Object.values(tree).some(hasOutput);
}

/** The step itself, where it consists of several: creates the object, waits for another, and reads its outputs. */
function wholeStep(template: StepTemplate): ArgoTemplate {
  const { name, inputs, outputs = {} } = template;
  const own = (inputs?.parameters ?? []).map(({ name: input }) => ({
    name: input,
    value: `{{inputs.parameters.${input}}}`,
  }));
  const object = { name: OBJECT_NAME, value: `{{steps.create.outputs.parameters.${OBJECT_NAME}}}` };
  const named = { arguments: { parameters: [object] } };
  const args = own.length > 0 ? { parameters: own } : undefined;
  const create = { name: "create", template: `${name}-create`, arguments: args };
  const read = { name: "read", template: `${name}-read`, ...named };
  const parameters = (outputs.parameters ?? []).map((each) => ({
    name: each.name,
    valueFrom: { parameter: `{{steps.read.outputs.parameters.${each.name}}}` },
  }));
  const wait = { name: "wait", template: `${name}-wait`, ...named };
  return compact({
    name,
    inputs: argoInputs(inputs),
    outputs: emptyAsUndefined({ parameters: nonEmpty(parameters) }),
    steps: [[compact(create)], [wait], ...(parameters.length > 0 ? [[read]] : [])],
    synchronization: synchronization(template),
  });
}

function partsOfStep(template: StepTemplate, awaits: AwaitedKind, context: TemplateContext): ArgoTemplate[] {
  const { name, resource, outputs = {} } = template;
  const manifest = resource!.manifest as Head;
  const { success, failure } = kindOf(manifest)!;
  const namespace = compact({ namespace: manifest.metadata["namespace"] });
  const named = { name: `{{inputs.parameters.${OBJECT_NAME}}}`, ...namespace };
  const inputs = { parameters: [{ name: OBJECT_NAME }] };
  const created = { parameters: [{ name: OBJECT_NAME, jsonPath: "{.metadata.name}" }] };
  const reading = (head: { apiVersion: string; kind: string }) => ({
    action: "get",
    manifest: manifestText({ apiVersion: head.apiVersion, kind: head.kind, metadata: named }),
  });
  const { activeDeadlineSeconds, mutexes: _mutexes, semaphores: _semaphores, ...part } = template;
  const waiting = { ...reading(awaits), successCondition: success, failureCondition: failure };
  return [
    podOfResource(`${name}-create`, { ...part, outputs: created }, context, writing(resource!)),
    podOfResource(`${name}-wait`, { ...part, inputs, outputs: {} }, context, waiting, {
      activeDeadlineSeconds,
      retryStrategy: untilThere,
    }),
    ...((outputs.parameters ?? []).length > 0
      ? [podOfResource(`${name}-read`, { ...part, inputs }, context, reading(manifest))]
      : []),
  ];
}

/** Waiting can be done again at no cost, and the object that is waited for is there a little later than its maker. */
const untilThere = {
  limit: "10",
  retryPolicy: RetryPolicy.always,
  backoff: { duration: "5s", factor: "2", cap: "60s" },
  expression: "not (lastRetry.message contains 'failure condition')",
};
