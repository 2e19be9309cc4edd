import {
  checkDnsLabel,
  checkEnum,
  checkQuantity,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  isPlain,
} from "../../internal";
import { checkObject, checkQueue, checkServiceName } from "../object";
import {
  checkImage,
  checkPod,
  checkProgram,
  checkVolumes,
  type HardwareFacts,
  type PodArgs,
  type ProgramOptions,
  type RoleArgs,
} from "../pods";
import { checkProbe } from "../pods/probes";
import { serverPod, serverPorts } from "./after-training-manifest";
import type { AfterTrainingArgs } from "./after-training-args";
import type { BrokerArgs } from "./broker-args";
import { BROKER_SUFFIX, hasOwnBroker } from "./broker-manifest";
import { checkJobLimits } from "./job-validation";
import { type MasterWorkerJobArgs, WorkersStart } from "./master-worker-job-args";
import { trainingPod } from "./master-worker-job-manifest";
import { TRAINING_VARIABLE } from "../object/training-variable";

/**
 * Characters that a StatefulSet's name has less than others, as its pods carry it in a label, with a hash.
 *
 * @see https://github.com/kubernetes/kubernetes/issues/64023
 */
const REVISION_LENGTH = 11;

/** Checks a MasterWorkerJob's inputs as far as they are known. */
export function validateMasterWorkerJob(name: string, args: MasterWorkerJobArgs): InputProblem[] {
  const { master, workers, afterTraining, broker = {} } = args;
  const missing = Object.entries({ master, workers }).filter(([, role]) => role === undefined);
  if (missing.length > 0) {
    return missing.map(([path]) => inputProblem(path, undefined, "a role", "Say what it runs, at least as {}."));
  }
  const facts = { pods: 1, defaultGpus: 0, pools: args.pools };
  return [
    ...checkPrograms(args, facts),
    ...(master.replicas === undefined || master.replicas === 1
      ? []
      : [inputProblem("master.replicas", master.replicas, "1", "Leave it out: one master fills the queue.")]),
    ...checkWholeNumber("workers.replicas", workers.replicas, { min: 1 }),
    ...checkNoTrainingId(args),
    ...checkEnum("workersStart", args.workersStart, WorkersStart),
    ...checkBroker(broker),
    ...(afterTraining === undefined ? [] : checkServer(afterTraining)),
    ...checkJobLimits("", args),
    ...checkNames(name, args),
    ...checkQueue(args),
  ];
}

/** What is wrong with the workload's own words is told once, and not for every role that has them. */
function checkPrograms(args: MasterWorkerJobArgs, facts: HardwareFacts): InputProblem[] {
  const { master, workers, afterTraining } = args;
  const own = [...checkProgram("", args), ...checkVolumes("", args, facts)];
  const told = new Set(own.map(({ propertyPath }) => propertyPath));
  const ofRole = (role: string, pod: PodArgs, given: RoleArgs) =>
    checkPod(`${role}.`, pod, facts).filter(({ propertyPath }) => {
      const [, argument = ""] = /^\w+\.(\w+)/.exec(propertyPath) ?? [];
      return argument in given || !told.has(propertyPath.slice(role.length + 1));
    });
  return [
    ...own,
    ...ofRole("master", trainingPod(args, master), master),
    ...ofRole("workers", trainingPod(args, workers), workers),
    ...(afterTraining === undefined ? [] : ofRole("afterTraining", serverPod(args, afterTraining), afterTraining)),
  ];
}

function checkNoTrainingId(args: MasterWorkerJobArgs): InputProblem[] {
  const { master, workers, afterTraining } = args;
  const owners: [path: string, owner: ProgramOptions | undefined][] = [
    ["", args],
    ["master.", master],
    ["workers.", workers],
    ["afterTraining.", afterTraining],
  ];
  return owners.flatMap(([path, owner]) =>
    (["env", "secretEnv"] as const).flatMap((argument) => {
      if (!(TRAINING_VARIABLE in (owner?.[argument] ?? {}))) return [];
      const at = `${path}${argument}["${TRAINING_VARIABLE}"]`;
      return [inputProblem(at, TRAINING_VARIABLE, "any variable but this", "Remove it: the workload sets it.")];
    }),
  );
}

function checkBroker(broker: BrokerArgs): InputProblem[] {
  const { existingUrl, ...own } = broker;
  const beside = Object.keys(own);
  const remedy = "Keep one of them: arguments of Redis are of no use with a broker that is there already.";
  return [
    ...(existingUrl !== undefined && beside.length > 0
      ? [inputProblem("broker.existingUrl", existingUrl.name, `nothing beside ${beside.join(", ")}`, remedy)]
      : []),
    ...("image" in broker ? checkImage("broker.image", broker.image) : []),
    ...checkQuantity("broker.memory", broker.memory, "512Mi"),
    ...checkQuantity("broker.volumeSize", broker.volumeSize, "5Gi"),
    ...(isPlain(broker.storageClassName) ? checkDnsLabel("broker.storageClassName", broker.storageClassName) : []),
  ];
}

function checkServer(server: AfterTrainingArgs): InputProblem[] {
  const range = { min: 1, max: 65_535 };
  return [
    ...checkWholeNumber("afterTraining.replicas", server.replicas, { min: 1 }),
    ...checkWholeNumber("afterTraining.port", server.port, range),
    ...checkWholeNumber("afterTraining.servicePort", server.servicePort, range),
    ...checkProbe("afterTraining.readiness", server.readiness, serverPorts(server)),
  ];
}

function checkNames(name: string, args: MasterWorkerJobArgs): InputProblem[] {
  const isOwn = hasOwnBroker(args);
  const hasServices = isOwn || args.afterTraining !== undefined;
  return [
    ...checkObject(name, args, {
      taken: isOwn ? BROKER_SUFFIX.length + REVISION_LENGTH : "-master".length,
      reason: isOwn ? "with a broker of its own" : "with a master",
    }),
    ...(hasServices ? checkServiceName(args.objectName ?? name) : []),
  ];
}
