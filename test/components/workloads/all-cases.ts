import { jobCases } from "./jobs/cases";
import { servingCases } from "./serving/cases";
import { sparkCases } from "./spark/cases";
import { trainingCases } from "./training/cases";

/** Every kind of workload. */
export const allWorkloadCases = [...jobCases, ...sparkCases, ...trainingCases, ...servingCases];
