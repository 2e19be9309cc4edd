export * from "./part-args";
export { PodSecurityLevel } from "./part-namespace";
