import { checkWholeNumber, type InputProblem } from "../../internal";
import { checkGang } from "../object";
import { checkTrainingObject, type Reserved } from "./job-checks";
import type { MxNetJobArgs } from "./mx-net-job-args";
import { mxNetRoles } from "./mx-net-job-manifest";
import { checkEnd } from "./run-policy";
import { checkRoles, checkSingle, checkWorkers } from "./training-role";

const RESERVED: Reserved = {
  owner: "the job",
  variables: [
    "DMLC_ROLE",
    "DMLC_PS_ROOT_URI",
    "DMLC_PS_ROOT_PORT",
    "DMLC_NUM_SERVER",
    "DMLC_NUM_WORKER",
    "DMLC_USE_KUBERNETES",
  ],
};

/** What the controller adds to the name of a pod so that a new one has another. */
const RANDOM_SUFFIX = "-xxxxx";

/**
 * Checks an MxNetJob's inputs as far as they are known.
 *
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/pkg/webhooks/jobset_webhook.go "ValidateCreate" for the names
 */
export function validateMxNetJob(name: string, args: MxNetJobArgs): InputProblem[] {
  const roles = mxNetRoles(args);
  const suffixes = roles.map(({ type, replicas }) => `-${type}-0-${replicas - 1}${RANDOM_SUFFIX}`);
  return [
    ...checkRoles(args, roles, RESERVED, args.pools),
    ...checkWorkers(args.workers),
    ...checkSingle("scheduler.replicas", args.scheduler?.replicas, "MXNet knows one scheduler."),
    ...checkWholeNumber("schedulerPort", args.schedulerPort, { min: 1024, max: 65_535 }),
    ...checkWholeNumber("maxRestarts", args.maxRestarts, { min: 0 }),
    ...checkWholeNumber("ttlSecondsAfterFinished", args.ttlSecondsAfterFinished, { min: 0 }),
    ...checkEnd(args),
    ...checkTrainingObject(name, args, suffixes),
    ...checkGang(args),
  ];
}
