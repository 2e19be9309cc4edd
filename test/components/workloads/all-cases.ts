import { jobCases } from "./jobs/cases";

/** Every kind of workload. */
export const allWorkloadCases = [...jobCases];
