export * from "./adjustments";
export * from "./chart-values";
export * from "./compact-types";
export * from "./kubernetes-object";
export * from "./platform-facts";
export * from "./rendered-objects";
export * from "./source";
