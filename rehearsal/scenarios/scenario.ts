import { z } from "zod";
import { duration, span } from "./duration";
import { faultSchema } from "./fault";
import { count, glob, mapping, nonEmptyText, objectName } from "./schema-types";

/** Scenario seconds per real second, where a scenario does not say. */
export const USUAL_SPEED = 60;

/** The fastest: a second of the machine is then an hour, and what controllers wait for by themselves decides all. */
const MOST_SPEED = 3600;

const speedWords = `a number from 1 (real time) to ${MOST_SPEED}`;

/** How many times faster than the clock. */
export const speed = z
  .number({ error: speedWords })
  .min(1, { error: speedWords })
  .max(MOST_SPEED, { error: speedWords });

/** Exit code of what fails; 0 would be no failure. */
const exitWords = "a whole number from 1 to 255";
const exit = z.int({ error: exitWords }).min(1, { error: exitWords }).max(255, { error: exitWords });

/** How the pods of a workload end: after a time, the first tries in failure, or from where the try before had come to. */
const ending = {
  takes: span.optional(),
  fails: count(0).default(0),
  exit: exit.default(1),
  checkpoints: span.optional(),
};

/** Tries that fail are told to fail at their end, where nothing is left to do. */
const savesOrFails = ({ fails, checkpoints }: { fails: number; checkpoints?: number | undefined }) =>
  fails === 0 || checkpoints === undefined;
const savesOrFailsWords = "either fails or checkpoints";

const object = z.looseObject(
  {
    apiVersion: nonEmptyText,
    kind: nonEmptyText,
    metadata: z.looseObject({}, { error: "a mapping" }).optional(),
  },
  { error: "an object of Kubernetes with apiVersion and kind" },
);

const manifest = z.union([nonEmptyText.transform((path) => [path]), z.array(nonEmptyText).min(1)], {
  error: "the path of a manifest, or a list of paths",
});

const arrival = mapping({
  name: objectName,
  manifest: manifest.optional(),
  object: object.optional(),
  namespace: objectName.optional(),
  at: duration.default(0),
  every: span.optional(),
  count: count(1).optional(),
  ...ending,
})
  .refine((written) => (written.manifest === undefined) !== (written.object === undefined), {
    error: "either manifest or object",
  })
  .refine(savesOrFails, { error: savesOrFailsWords })
  .superRefine(({ every, count: times = 1 }, context) => {
    if (every !== undefined || times === 1) return;
    const message = "a time between one arrival and the next, as there are several";
    context.addIssue({ code: "custom", path: ["every"], input: every, message });
  });

const durationRule = mapping({ namespace: glob.optional(), name: glob, ...ending })
  .refine(({ takes, fails, checkpoints }) => takes !== undefined || fails > 0 || checkpoints !== undefined, {
    error: "takes, fails or checkpoints",
  })
  .refine(savesOrFails, { error: savesOrFailsWords });

/** A scenario file: what is to happen in a rehearsal, in times of the scenario, which begins at 0. */
const scenarioFields = mapping({
  /** Stack that is rehearsed; `local` by default. */
  stack: nonEmptyText.optional(),
  /** Scenario seconds per second; {@link USUAL_SPEED} by default. */
  speed: speed.optional(),
  /** Whether the pods of its namespaces go to a real node, where they take the time that they take; false by default. */
  "real-node": z.boolean({ error: "true or false" }).optional(),
  /** When it ends at the latest; when nothing can change any more by default. */
  until: span.optional(),
  /** What comes beside the workloads of the stack. */
  workloads: z.array(arrival, { error: "a list of workloads" }).default([]),
  /** How long workloads take: the first rule that fits counts. */
  durations: z.array(durationRule, { error: "a list of rules" }).default([]),
  /** What goes wrong. */
  faults: z.array(faultSchema, { error: "a list of faults" }).default([]),
});

/** What pods on a real node do takes the time of the clock. */
const REAL_SPEED = 1;

/** The same, with the speed that it has where none is written, once all of it is checked. */
export const scenarioSchema = scenarioFields
  .superRefine((written, context) => {
    const { workloads, until, speed: asked } = written;
    if (written["real-node"] === true && asked !== undefined && asked !== REAL_SPEED) {
      const message = "1 with real-node, whose pods take the time of the clock";
      context.addIssue({ code: "custom", path: ["speed"], input: asked, message });
    }
    workloads.forEach(({ name, every, count: times }, index) => {
      if (workloads.findIndex((other) => other.name === name) < index) {
        const message = "a name that no other workload of the scenario has";
        context.addIssue({ code: "custom", path: ["workloads", index, "name"], input: name, message });
      }
      if (every !== undefined && times === undefined && until === undefined) {
        const message = "a number of arrivals, as the scenario has no until";
        context.addIssue({ code: "custom", path: ["workloads", index, "count"], input: times, message });
      }
    });
  })
  .transform((written) => ({
    ...written,
    speed: written.speed ?? (written["real-node"] === true ? REAL_SPEED : USUAL_SPEED),
  }));

/** What is to happen in a rehearsal; times in seconds of the scenario. */
export type Scenario = z.output<typeof scenarioSchema>;

/** A workload of the scenario, as often as it comes. */
export type ScenarioWorkload = Scenario["workloads"][number];

/** The scenario of somebody who gives none: the stack's own workloads, at the usual speed. */
export function emptyScenario(): Scenario {
  return scenarioSchema.parse({});
}
