import type { Rule } from "../../engine/rule";
import { chartRelease } from "./chart-release";
import { chartRepository } from "./chart-repository";
import { chartVersion } from "./chart-version";
import { devicePluginValues } from "./device-plugin-values";
import { releaseImages } from "./release-images";
import { releaseResources } from "./release-resources";
import { releaseSecurityContext } from "./release-security-context";
import { sparkOperatorValues } from "./spark-operator-values";
import { toolkitVersion } from "./toolkit-version";

/** Rules about Helm charts. */
export const RULES: Rule[] = [
  chartVersion,
  chartRepository,
  chartRelease,
  devicePluginValues,
  toolkitVersion,
  sparkOperatorValues,
  releaseImages,
  releaseResources,
  releaseSecurityContext,
];
