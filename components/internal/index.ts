export * from "./checks";
export * from "./compact";
export * from "./inputs";
export * from "./taints";
