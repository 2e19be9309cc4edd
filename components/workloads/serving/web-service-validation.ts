import {
  checkDnsLabel,
  checkEnum,
  checkQuantity,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
} from "../../internal";
import { compareQuantities } from "../../model";
import { validateBatchJob } from "../jobs";
import { TRAINING_VARIABLE } from "../object/training-variable";
import { checkObject, checkQueue, checkServiceName } from "../object";
import { checkPod } from "../pods";
import { FINGERPRINT_DIGITS } from "../object/fingerprint";
import { checkProbe } from "../pods/probes";
import { checkReplicas, checkText } from "./replica-validation";
import { checkRoute } from "./route";
import { TRAINING_SUFFIX, trainingJob } from "./training-step";
import { MemoryScalingMode, TrafficDistribution, type WebPort, type WebServiceArgs } from "./web-service-args";
import { gpusOf, portsOf, servicePortOf, shutdownOf } from "./web-service-manifest";

/** Checks a WebService's inputs as far as they are known. */
export function validateWebService(name: string, args: WebServiceArgs): InputProblem[] {
  const ports = portsOf(args);
  const { cpuPercent, prometheus, podMetric } = args;
  const metrics = { cpuPercent, prometheus, podMetric };
  return [
    ...checkPod("", args, { pods: 1, defaultGpus: 0, pools: args.pools }),
    ...checkServiceObject(name, args),
    ...checkQueue(args),
    ...checkReplicas("", args, { gpus: gpusOf(args), metrics, mayBeNone: prometheus !== undefined }),
    ...checkPodMetric(args),
    ...checkMemoryScaling(args),
    ...checkPorts(ports),
    ...checkProbe("readiness", args.readiness, ports),
    ...checkProbe("startup", args.startup, ports),
    ...checkProbe("liveness", args.liveness, ports),
    ...checkWholeNumber("maxSurge", args.maxSurge, { min: 0 }),
    ...checkWholeNumber("progressSeconds", args.progressSeconds, { min: 1 }),
    ...checkShutdown(args),
    ...checkRoute("route", args.route),
    ...checkTraining(name, args),
    ...(args.beside === undefined ? [] : checkDnsLabel("beside", args.beside)),
    ...checkEnum("trafficDistribution", args.trafficDistribution, TrafficDistribution),
  ];
}

/** A Service's name begins with a letter, which other names need not. */
function checkServiceObject(name: string, args: WebServiceArgs): InputProblem[] {
  const objectName = args.objectName ?? name;
  const taken = args.trainFirst === undefined ? 0 : `-${TRAINING_SUFFIX}-`.length + FINGERPRINT_DIGITS;
  return [...checkObject(name, args, { taken, reason: "with trainFirst" }), ...checkServiceName(objectName)];
}

function checkPodMetric({ podMetric, prometheus }: WebServiceArgs): InputProblem[] {
  if (podMetric === undefined) return [];
  const remedy = "Keep one of them: two autoscalers would work against each other.";
  return [
    ...checkText("podMetric.name", podMetric.name, "the name of a custom metric", "Name it."),
    ...checkQuantity("podMetric.average", podMetric.average ?? "", "100"),
    ...(prometheus === undefined ? [] : [inputProblem("podMetric", podMetric, "nothing beside prometheus", remedy)]),
  ];
}

function checkMemoryScaling({ memoryScaling }: WebServiceArgs): InputProblem[] {
  if (memoryScaling === undefined) return [];
  const { maxMemory, minMemory, mode } = memoryScaling;
  const problems = [
    ...checkText("memoryScaling.maxMemory", maxMemory, "a Kubernetes quantity above zero", 'Write it like "16Gi".'),
    ...checkQuantity("memoryScaling.maxMemory", maxMemory, "16Gi"),
    ...checkQuantity("memoryScaling.minMemory", minMemory, "1Gi"),
    ...checkEnum("memoryScaling.mode", mode, MemoryScalingMode),
  ];
  if (problems.length > 0 || minMemory === undefined || compareQuantities(minMemory, maxMemory) <= 0) return problems;
  return [inputProblem("memoryScaling.minMemory", minMemory, `maxMemory, ${maxMemory}, at most`, "Lower it.")];
}

/** @see https://pkg.go.dev/k8s.io/apimachinery@v0.36.3/pkg/util/validation#IsValidPortName */
const PORT_NAME = /^(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/;

function checkPorts(ports: WebPort[]): InputProblem[] {
  if (ports.length === 0) return [inputProblem("ports", ports, "at least one port", "Name one, or leave it out.")];
  const range = { min: 1, max: 65535 };
  return ports.flatMap((port, index) => {
    const at = `ports[${index}]`;
    const earlier = ports.slice(0, index);
    return [
      ...(PORT_NAME.test(port.name ?? "")
        ? []
        : [
            inputProblem(
              `${at}.name`,
              port.name,
              "at most 15 lower-case letters, digits and single hyphens",
              "Rename it.",
            ),
          ]),
      ...checkWholeNumber(`${at}.port`, port.port ?? NaN, range),
      ...checkWholeNumber(`${at}.servicePort`, port.servicePort, range),
      ...checkOther(
        `${at}.name`,
        port.name,
        earlier.map(({ name }) => name),
      ),
      ...checkOther(
        `${at}.port`,
        port.port,
        earlier.map((each) => each.port),
      ),
      ...checkOther(`${at}.servicePort`, servicePortOf(port), earlier.map(servicePortOf)),
    ];
  });
}

function checkOther<T>(path: string, value: T, used: T[]): InputProblem[] {
  return used.includes(value) ? [inputProblem(path, value, "each value once", "Choose another.")] : [];
}

function checkShutdown(args: WebServiceArgs): InputProblem[] {
  const { drainSeconds, terminationSeconds } = shutdownOf(args);
  const problems = [
    ...checkWholeNumber("drainSeconds", args.drainSeconds, { min: 0 }),
    ...checkWholeNumber("terminationSeconds", args.terminationSeconds, { min: 1 }),
  ];
  if (problems.length > 0 || drainSeconds < terminationSeconds) return problems;
  const remedy = "A pod is killed then, and has to finish what it was asked before.";
  return [inputProblem("drainSeconds", drainSeconds, `less than terminationSeconds, ${terminationSeconds}`, remedy)];
}

/** What the Job would be refused for, by the paths of what it was made from. */
function checkTraining(name: string, args: WebServiceArgs): InputProblem[] {
  const { trainFirst } = args;
  if (trainFirst === undefined) return [];
  const job = trainingJob(args.objectName ?? name, args, trainFirst);
  const ofObject = ["objectName", "namespace", "labels", "lineage"];
  const problems = validateBatchJob(name, { ...job, objectName: "training" }).filter(
    ({ propertyPath }) => !ofObject.some((path) => propertyPath.startsWith(path)),
  );
  return [
    ...problems.map(({ propertyPath, reason }) => ({
      propertyPath: `trainFirst.${propertyPath}`,
      reason: `trainFirst.${reason}`,
    })),
    ...checkOwnProgram(trainFirst),
    ...[args.env, args.secretEnv].flatMap((variables, index) => checkNoId(["env", "secretEnv"][index]!, variables)),
    ...[trainFirst.env, trainFirst.secretEnv].flatMap((variables, index) =>
      checkNoId(["trainFirst.env", "trainFirst.secretEnv"][index]!, variables),
    ),
  ];
}

function checkOwnProgram({ image, command, args }: WebServiceArgs["trainFirst"] & object): InputProblem[] {
  if ((image ?? command ?? args) !== undefined) return [];
  const remedy = "Say what trains; the service's own program would never end.";
  return [inputProblem("trainFirst.command", command, "a command, args or image", remedy)];
}

function checkNoId(path: string, variables: object = {}): InputProblem[] {
  if (!(TRAINING_VARIABLE in variables)) return [];
  const at = `${path}["${TRAINING_VARIABLE}"]`;
  return [inputProblem(at, TRAINING_VARIABLE, "any variable but this", "Remove it: trainFirst sets it.")];
}
