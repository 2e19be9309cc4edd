export * from "./dag";
export { artifact, param } from "./declarations";
export type {
  Artifact,
  ArtifactOptions,
  Declaration,
  Declarations,
  DefaultedOptions,
  LoopItem,
  JsonValue,
  KeyedArtifactOptions,
  OptionalArtifactOptions,
  Parameter,
  ParameterOptions,
} from "./declarations";
export * from "./definition";
export { type ArgumentList, type ArgumentOf, type ArgumentsOf, Task, TaskList, type TaskOptions } from "./graph";
export {
  ArtifactRef,
  Condition,
  type ItemRef,
  type LoopRefsOf,
  ParameterRef,
  type RefOf,
  type RefsOf,
  text,
  type Widened,
} from "./references";
export * from "./step";
