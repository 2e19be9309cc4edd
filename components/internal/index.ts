export * from "./checks";
export * from "./compact";
export * from "./device-plugin-namespace";
export * from "./inputs";
export * from "./taints";
