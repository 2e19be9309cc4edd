import { compact, nonEmpty } from "../../../internal";
import { prefixOf, taskGroups, type Templates, tasksScope, templatesOf } from "../checks/graph-scope";
import { inputScope, joinedScope } from "../checks/scope";
import type { StepTemplate, WorkflowDefinition } from "../definition";
import { containerTemplate, type TemplateContext } from "./container-template";
import { resourceTemplates } from "./resource-template";
import { graphTemplate } from "./task-template";
import { type ArgoTemplate, emptyAsUndefined } from "./template-parts";

/** The templates of a definition as Argo spells them. */
export function argoTemplates(definition: WorkflowDefinition, context: TemplateContext): ArgoTemplate[] {
  const templates = templatesOf(definition);
  return definition.templates.flatMap((template) => argoTemplate(template, templates, context));
}

function argoTemplate(template: StepTemplate, templates: Templates, context: TemplateContext): ArgoTemplate[] {
  if (template.container !== undefined) return [containerTemplate(template, context)];
  if (template.resource !== undefined) return resourceTemplates(template, context);
  if (template.suspend !== undefined) return [suspendTemplate(template)];
  const tasks = tasksScope(prefixOf(template), taskGroups(template).flat(), templates);
  return [graphTemplate(template, joinedScope(inputScope(template), tasks))];
}

/**
 * A pause. What is asked for are inputs with the same names, of which Argo's pages make a form.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/intermediate-inputs/
 */
function suspendTemplate({ name, suspend, outputs = {} }: StepTemplate): ArgoTemplate {
  const asked = outputs.parameters ?? [];
  const inputs = asked.map(({ name: output, options, defaultValue }) =>
    compact({ name: output, default: defaultValue ?? options?.[0] ?? "", enum: options }),
  );
  const supplied = asked.map(({ name: output, defaultValue }) => ({
    name: output,
    valueFrom: compact({ supplied: {}, default: defaultValue }),
  }));
  return compact({
    name,
    inputs: emptyAsUndefined({ parameters: nonEmpty(inputs) }),
    outputs: emptyAsUndefined({ parameters: nonEmpty(supplied) }),
    suspend: suspend?.seconds === undefined ? {} : { duration: String(suspend.seconds) },
  });
}
