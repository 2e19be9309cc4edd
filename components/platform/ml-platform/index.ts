export * from "./ml-platform";
export type { MlPlatformArgs, PlatformPart } from "./ml-platform-args";
export { validateMlPlatform } from "./ml-platform-validation";
export { PLATFORM_PARTS } from "./platform-parts";
