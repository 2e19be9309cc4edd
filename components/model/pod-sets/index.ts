export { stepGroupsOf, workflowTemplates, type WorkflowStep, type WorkflowTemplate } from "./argo-templates";
export {
  containersOf,
  joinPaths,
  pathInContainer,
  pathInPodSet,
  type ContainerAt,
  type PodSet,
  type PodTemplate,
} from "./pod-set";
export { podSetsOf } from "./pod-sets-of";
export { ARGO_VARIABLE, KATIB_PARAMETER, parseText, withUnknowns } from "./text";
