export * from "./checks";
export * from "./compact";
export * from "./inputs";
export * from "./labels";
export * from "./taints";
