export * from "./step-template";
export * from "./tasks";
export * from "./values";
export * from "./workflow-definition";
