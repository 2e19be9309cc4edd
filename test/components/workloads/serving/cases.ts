import { inferenceServiceCase } from "./inference-service-case";
import { webServiceCase } from "./web-service-case";

/** The kinds that serve. */
export const servingCases = [webServiceCase, inferenceServiceCase];
