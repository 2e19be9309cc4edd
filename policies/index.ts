export { policiesOf } from "./engine/family";
export type { Edit } from "./engine/edit";
export * from "./engine/rule";
export { type ResourceFacts, Subject } from "./engine/subject";
export * from "./packs";
export { packConfiguration } from "./policy-file";
