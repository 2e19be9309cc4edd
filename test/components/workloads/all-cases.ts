import { jobCases } from "./jobs/cases";
import { loopCases } from "./loop/cases";
import { monitoringCases } from "./monitoring/cases";
import { notebookCases } from "./notebooks/cases";
import { pipelineCases } from "./pipelines/cases";
import { registryCases } from "./registry/cases";
import { servingCases } from "./serving/cases";
import { sparkCases } from "./spark/cases";
import { trainingCases } from "./training/cases";
import { tuningCases } from "./tuning/cases";
import { workflowCases } from "./workflows/cases";

/** Every kind of workload. */
export const allWorkloadCases = [
  ...jobCases,
  ...sparkCases,
  ...workflowCases,
  ...pipelineCases,
  ...trainingCases,
  ...tuningCases,
  ...notebookCases,
  ...servingCases,
  ...registryCases,
  ...monitoringCases,
  ...loopCases,
];
