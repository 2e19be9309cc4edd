export * from "./metrics-args";
export * from "./parameter-space";
export { Sweep } from "./sweep";
export * from "./sweep-args";
export { sweepManifest } from "./sweep-manifest";
export { sweepTrial, type TrialFacts, type TrialParameters } from "./sweep-trial";
export { validateSweep } from "./sweep-validation";
