import { mpiJobCase } from "./mpi-job-case";
import { mxNetJobCase } from "./mx-net-job-case";
import { pyTorchJobCase } from "./py-torch-job-case";
import { tensorFlowJobCase } from "./tensor-flow-job-case";
import { trainJobCase } from "./train-job-case";

/** The kinds of training on several pods that operators run. */
export const trainingCases = [trainJobCase, tensorFlowJobCase, pyTorchJobCase, mpiJobCase, mxNetJobCase];
