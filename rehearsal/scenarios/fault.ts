import { z } from "zod";
import { PROCESS_NAMES, SUPERVISOR } from "../cluster/processes";
import { duration, span } from "./duration";
import { glob, mapping, nonEmptyText } from "./schema-types";

/** When a fault happens, in seconds of the scenario from its beginning. */
const at = duration;

/** Which node is lost: one of the two is told. */
const place = { node: nonEmptyText.optional(), pool: nonEmptyText.optional() };

/**
 * What may go wrong, by `kind`:
 *
 * - `nodeLost`: a node is gone from one moment to the next, the named one, or one of a pool that has pods.
 * - `spotInterruption`: the cloud takes a spot node of a pool back, `notice` after it said so (two minutes on AWS).
 * - `zoneDown`: all nodes of a zone are lost, and no new one starts there.
 * - `processKilled`: a process of the control plane is killed, and started again.
 * - `operatorKilled`: the controller of a part of the platform is killed, and started again.
 * - `webhookUnreachable`: nothing answers the webhooks of a part for a time.
 * - `imageMissing`: the images of pods whose names fit never come; the pods that are created from then on stay pending.
 * - `clockPassed`: hours pass at once, for what has expiry dates.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html (notice of two minutes)
 */
export const faultSchema = z.discriminatedUnion(
  "kind",
  [
    mapping({ at, kind: z.literal("nodeLost"), ...place }).refine(
      ({ node, pool }) => (node === undefined) !== (pool === undefined),
      { error: "either node or pool" },
    ),
    mapping({ at, kind: z.literal("spotInterruption"), pool: nonEmptyText, notice: duration.default(120) }),
    mapping({ at, kind: z.literal("zoneDown"), zone: nonEmptyText }),
    mapping({ at, kind: z.literal("processKilled"), process: z.enum([...PROCESS_NAMES, SUPERVISOR]) }),
    mapping({ at, kind: z.literal("operatorKilled"), part: nonEmptyText }),
    mapping({ at, kind: z.literal("webhookUnreachable"), part: nonEmptyText, for: span }),
    mapping({ at, kind: z.literal("imageMissing"), name: glob }),
    mapping({ at, kind: z.literal("clockPassed"), by: span }),
  ],
  { error: "at, kind" },
);

/** Something that goes wrong at a time of the scenario. */
export type Fault = z.output<typeof faultSchema>;

/** Name of what goes wrong. */
export type FaultKind = Fault["kind"];

/** One kind of fault. */
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

/** What a fault did. */
export interface FaultEffect {
  /** As a sentence without a period: `node a10g-1 with 2 pods is gone`. */
  did: string;
  /** Names of the nodes that it takes, at once or after a notice. */
  nodes?: readonly string[];
  /** Pods of controllers whose programs it killed, by uid. */
  controllers?: readonly string[];
  /** Pods whose images never come from then on: their names, `*` and `?` standing for any text and letter. */
  imagesOf?: string;
}

/** Makes faults of one kind happen. */
export interface FaultInjector<Kind extends FaultKind = FaultKind> {
  /**
   * Makes the fault happen now, whatever its `at` says, and resolves once it has: what lasts, such as a webhook that nothing
   * answers for a time, goes on after that and is undone by the injector itself.
   *
   * @throws {Problem} where the fault finds nothing that it could happen to.
   */
  inject(fault: FaultOf<Kind>): Promise<FaultEffect>;
}

/** The injectors that there are, by the kind of their faults. */
export type FaultInjectors = { readonly [Kind in FaultKind]?: FaultInjector<Kind> };
