import {
  checkEnum,
  checkExactImage,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  isPlain,
  problemAt,
} from "../../internal";
import { checkObject } from "../object";
import { checkPod, type JobVolume } from "../pods";
import { checkGateBounds } from "./gate-bounds";
import { GateFailure, type ModelVersionArgs } from "./model-version-args";
import { registrationPod, SCRIPT_PATH, SCRIPT_VOLUME } from "./model-version-manifest";
import { LINEAGE_PROPERTIES, versionOf } from "./model-version-record";

/** Names that the registry's filters read without quoting. */
const PROPERTY = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Checks a ModelVersion's inputs as far as they are known. */
export function validateModelVersion(name: string, args: ModelVersionArgs): InputProblem[] {
  const { image, volumes = [] } = args;
  // The script's own volume would shift the places of the author's.
  const pod = { ...registrationPod(args.objectName ?? name, args), volumes };
  return [
    ...checkPod("", pod, { pods: 1, defaultGpus: 0, pools: args.pools }),
    ...(isPlain(image) ? checkExactImage("image", image) : []),
    ...volumes.flatMap(checkVolume),
    ...checkIdentity(args),
    ...checkAddresses(args),
    ...checkProperties(args),
    ...checkMetrics(args),
    ...checkGate(args),
    ...checkWholeNumber("backoffLimit", args.backoffLimit, { min: 0 }),
    ...checkWholeNumber("activeDeadlineSeconds", args.activeDeadlineSeconds, { min: 1 }),
    ...checkObject(name, args),
  ];
}

function checkVolume({ name, mountPath }: JobVolume, index: number): InputProblem[] {
  return [
    ...(name === SCRIPT_VOLUME
      ? [inputProblem(`volumes[${index}].name`, name, "any name but that of the script's volume", "Rename it.")]
      : []),
    ...(mountPath === SCRIPT_PATH
      ? [inputProblem(`volumes[${index}].mountPath`, mountPath, "any path but that of the script", "Choose another.")]
      : []),
  ];
}

function checkIdentity(args: ModelVersionArgs): InputProblem[] {
  const version = versionOf(args);
  if (version === undefined) {
    const allowed = "a name, or a lineage with commit or parameters";
    return [...checkName("model", args.model), inputProblem("version", version, allowed, "Name the version.")];
  }
  return [...checkName("model", args.model), ...checkName("version", version)];
}

function checkName(path: string, value: ModelVersionArgs["model"]): InputProblem[] {
  if (value !== undefined && (!isPlain(value) || /^\S(.*\S)?$/.test(value))) return [];
  return [inputProblem(path, value, "a name in one line, without outer spaces", "Name it as people look for it.")];
}

function checkAddresses({ uri, registry }: ModelVersionArgs): InputProblem[] {
  const isAddress = !isPlain(uri) || /^[a-z][a-z0-9+.-]*:\/\/\S+$/.test(uri);
  return [
    ...(uri !== undefined && isAddress
      ? []
      : [inputProblem("uri", uri, "an address such as s3://models/resnet/1", "Say where the model's files are.")]),
    ...(isPlain(registry) && !/^https?:\/\/[^/\s]+\/?$/.test(registry)
      ? [
          inputProblem(
            "registry",
            registry,
            "an address such as http://model-registry-service.kubeflow.svc:8080",
            "Write it so.",
          ),
        ]
      : []),
  ];
}

function checkProperties({ properties = {}, metrics = {} }: ModelVersionArgs): InputProblem[] {
  const ofLineage: string[] = Object.values(LINEAGE_PROPERTIES);
  const named = (list: string, keys: string[], taken: string[], whose: string) =>
    keys.flatMap((key) => {
      const path = `${list}["${key}"]`;
      if (!PROPERTY.test(key)) {
        return [inputProblem(path, key, "letters, digits and underscores, no digit first", "Rename it.")];
      }
      return taken.includes(key) ? [problemAt(path, `the name of ${whose}`, "a name of its own", "Rename it.")] : [];
    });
  return [
    ...named("properties", Object.keys(properties), ofLineage, "a property of the lineage"),
    ...named("metrics", Object.keys(metrics), [...ofLineage, ...Object.keys(properties)], "a property"),
  ];
}

function checkMetrics({ metrics = {}, metricsFile, volumes = [] }: ModelVersionArgs): InputProblem[] {
  const isMounted = volumes.some(({ mountPath }) => metricsFile?.startsWith(`${mountPath}/`) === true);
  return [
    ...Object.entries(metrics).flatMap(([key, value]) => {
      if (!isPlain(value) || Number.isFinite(value)) return [];
      return [
        problemAt(`metrics["${key}"]`, String(value), "a finite number", "Leave out what could not be measured."),
      ];
    }),
    ...(metricsFile === undefined || isMounted
      ? []
      : [inputProblem("metricsFile", metricsFile, "a path in one of volumes", "Mount the volume that it is on.")]),
  ];
}

function checkGate({ gate, metrics = {}, metricsFile }: ModelVersionArgs): InputProblem[] {
  if (gate === undefined) return [];
  const { metric, otherwise } = gate;
  const known = Object.keys(metrics).join(", ");
  return [
    ...(metricsFile !== undefined || metric in metrics
      ? []
      : [
          inputProblem(
            "gate.metric",
            metric,
            known === "" ? "a metric that is told" : `one of the metrics, ${known}`,
            "Tell it by metrics or metricsFile.",
          ),
        ]),
    ...checkGateBounds(gate),
    ...checkEnum("gate.otherwise", otherwise, GateFailure),
  ];
}
