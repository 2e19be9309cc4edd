import { checkWholeNumber, type InputProblem, inputProblem } from "../../internal";
import { checkEnvironment, checkImage } from "../pods";
import type { CanaryArgs, InferenceServiceArgs } from "./inference-service-args";
import { STABLE } from "./inference-service-routes";
import { checkStorageUri } from "./model-validation";
import { replicaRange } from "./replicas";

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Names of headers as Istio has them in routes. */
const HEADER = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Checks the versions beside the stable one.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_validation.go
 * `validateCanarySpecs`
 */
export function checkCanaries(args: InferenceServiceArgs): InputProblem[] {
  const { canaries = [], versionHeader } = args;
  const noOthers = "Add canaries, or leave it out.";
  return [
    ...canaries.flatMap((canary, index) => checkCanary(`canaries[${index}]`, canary, canaries.slice(0, index), args)),
    ...(canaries.length > 0 ? checkAll(canaries, args) : []),
    ...(versionHeader === undefined || HEADER.test(versionHeader)
      ? []
      : [
          inputProblem(
            "versionHeader",
            versionHeader,
            "lower-case letters, digits and hyphens",
            "Write it like x-version.",
          ),
        ]),
    ...(versionHeader !== undefined && canaries.length === 0
      ? [inputProblem("versionHeader", versionHeader, "nothing without canaries", noOthers)]
      : []),
  ];
}

function checkCanary(
  path: string,
  canary: CanaryArgs,
  earlier: CanaryArgs[],
  args: InferenceServiceArgs,
): InputProblem[] {
  const { name, trafficPercent, storageUri, image, runtimeVersion, env, replicas } = canary;
  const { fewest } = replicaRange(args, args.gpus ?? 0);
  const used = [STABLE, ...earlier.map((each) => each.name)];
  const nothingNew = [storageUri, image, runtimeVersion, env].every((value) => value === undefined);
  return [
    ...(NAME.test(name ?? "")
      ? []
      : [inputProblem(`${path}.name`, name, "lower-case letters, digits and hyphens, a letter first", "Rename it.")]),
    ...(used.includes(name)
      ? [inputProblem(`${path}.name`, name, `a name other than ${used.join(", ")}`, "Rename it.")]
      : []),
    ...checkWholeNumber(`${path}.trafficPercent`, trafficPercent ?? NaN, { min: 0, max: 100 }),
    ...checkStorageUri(`${path}.storageUri`, storageUri),
    ...(image === undefined ? [] : checkImage(`${path}.image`, image)),
    ...checkEnvironment(`${path}.`, { env: env ?? {}, secretEnv: args.secretEnv ?? {} }),
    ...checkWholeNumber(`${path}.replicas`, replicas, { min: 1, max: Math.max(1, fewest) }),
    ...(nothingNew
      ? [
          inputProblem(
            path,
            canary,
            "a version with something of its own",
            "Say what is different: storageUri, image or env.",
          ),
        ]
      : []),
  ];
}

function checkAll(canaries: CanaryArgs[], args: InferenceServiceArgs): InputProblem[] {
  const sum = canaries.reduce((total, { trafficPercent }) => total + trafficPercent, 0);
  const { model, replicas, prometheus, exposed = false } = args;
  const rules: [isBroken: boolean, path: string, given: unknown, allowed: string, remedy: string][] = [
    [sum > 100, "canaries", `${sum} percent`, "100 percent at most, for all together", "Lower their shares."],
    [model === undefined, "model", model, "a model with canaries", "KServe has none of servers of one's own."],
    [replicas === 0, "replicas", replicas, "1 or more with canaries", "KServe keeps pods of each version."],
    [prometheus !== undefined, "prometheus", prometheus, "nothing with canaries", CANNOT_SCALE],
    [
      exposed,
      "exposed",
      exposed,
      "false with canaries",
      "Use route: the ingress of KServe leads to one version alone.",
    ],
  ];
  return rules
    .filter(([isBroken]) => isBroken)
    .map(([, path, given, allowed, remedy]) => inputProblem(path, given, allowed, remedy));
}

const CANNOT_SCALE =
  "Scale by cpuPercent: KServe would give canaries a ScaledObject without triggers, which is refused.";
