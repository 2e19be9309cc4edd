export {
  containersOf,
  pathInContainer,
  pathInPodSet,
  type ContainerAt,
  type PodSet,
  type PodTemplate,
} from "./pod-set";
export { podSetsOf } from "./pod-sets-of";
