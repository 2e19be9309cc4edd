export * from "./job-set-controller";
