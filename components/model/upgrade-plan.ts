import { gt, parse, satisfies, valid } from "semver";
import { ADD_ON_SOURCE, ADD_ON_UPGRADES, type AddOnUpgrade } from "./add-on-upgrades";
import { bareVersion } from "./bare-version";
import { describeFinding, type Finding } from "./finding";
import { PART_SOURCES } from "./part-sources";
import { UPGRADE_RULES, type UpgradedPart, type UpgradeRule } from "./upgrade-rules";
import { UPGRADE_STEPS } from "./version-hops";
import { checkVersions, type VersionSet } from "./version-matrix";

/** What a step of an upgrade is: the parts of a hop, in this order. */
export const STEP_KINDS = ["prepare", "drain", "types", "upgrade", "restart", "finish"] as const;

/** A name of {@link STEP_KINDS}. */
export type StepKind = (typeof STEP_KINDS)[number];

/** One step of an upgrade. */
export interface PlannedStep {
  /** A part, Kubernetes, or an add-on of EKS by its name. */
  part: string;
  /** Version before and after the hop that the step belongs to; of a hop in between the minor or major version alone. */
  from: string;
  to: string;
  kind: StepKind;
  /** What has to be done, or what is to be expected. */
  what: string;
  /** Page that says so. */
  source: string;
}

/** An upgrade, step by step. */
export interface UpgradePlan {
  steps: PlannedStep[];
  /** What could not be planned, and why. */
  remarks: string[];
}

/** A version on the way, as semver and as one says it. */
interface Stop {
  version: string;
  spoken: string;
}

/** A move of one part by one hop. */
interface Hop {
  part: UpgradedPart;
  from: Stop;
  to: Stop;
  isLast: boolean;
}

/** Names of what runs and its versions, as someone else wrote them down. */
export interface RunningVersions {
  /** As `1.35`; undefined where the cluster is none of the stack's. */
  kubernetes: string | undefined;
  parts: Record<string, string>;
  /** Add-ons of EKS by name, which Kubernetes brings along; by default they are not known. */
  addOns?: Record<string, string>;
}

/**
 * The steps from what runs to what is to run.
 *
 * Hops come in the order of {@link UPGRADE_RULES}, but for those that would bring together what does not go together: they wait
 * for what they need. What runs newer than it is to run stays, and is remarked.
 */
export function upgradePlan(running: RunningVersions, target: VersionSet): UpgradePlan {
  const remarks: string[] = [];
  const hops = (Object.keys(UPGRADE_RULES) as UpgradedPart[]).map((part) => hopsOf(part, running, target, remarks));
  const unknown = Object.keys(running.parts).filter((part) => !Object.hasOwn(target.parts, part));
  for (const part of unknown) remarks.push(`${part} is no part of this release: nothing is planned for it.`);
  remarks.unshift(...holdingRemark(hops));
  const { addOns = {} } = running;
  for (const name of Object.keys(addOns).filter((each) => !Object.hasOwn(ADD_ON_UPGRADES, each)))
    remarks.push(`${name} is no add-on of this release: nothing is planned for it.`);
  const plain = ordered(hops, { kubernetes: running.kubernetes ?? target.kubernetes, parts: running.parts }, remarks);
  if (running.addOns === undefined && plain.some(({ part }) => part === "kubernetes")) remarks.push(UNKNOWN_ADD_ONS);
  return { steps: withAddOns(plain, addOns), remarks };
}

const UNKNOWN_ADD_ONS =
  "Which add-ons of EKS run is not known: with each hop of Kubernetes, raise them by `cluster.eks.addOnVersions` and `addOns.versions`.";

/** The steps with those of add-ons: what machines need goes between the control plane and these, everything else after them. */
function withAddOns(steps: PlannedStep[], addOns: Record<string, string>): PlannedStep[] {
  const running = Object.entries(ADD_ON_UPGRADES).filter(([name]) => Object.hasOwn(addOns, name));
  const known = new Map(Object.entries(addOns));
  return steps.flatMap((step) => {
    if (step.part !== "kubernetes" || (step.kind !== "restart" && step.kind !== "upgrade")) return [step];
    const own = running.filter(([, { beforeNodes }]) => beforeNodes === (step.kind === "upgrade"));
    return [
      step,
      ...own.flatMap(([name, addOn]) => {
        const from = known.get(name)!;
        known.set(name, targetOf(step));
        return addOnSteps(name, addOn, from, step);
      }),
    ];
  });
}

/** EKS alone knows which versions it has for a version of Kubernetes. */
function targetOf({ to }: PlannedStep): string {
  return `one for ${to}`;
}

function addOnSteps(part: string, { key, restarts }: AddOnUpgrade, from: string, hop: PlannedStep): PlannedStep[] {
  const shared = { part, from, to: targetOf(hop), source: ADD_ON_SOURCE };
  const asked = `aws eks describe-addon-versions --addon-name ${part} --kubernetes-version ${hop.to}`;
  const what = `In the same update: set \`${key}\` of \`${part}\` to what \`${asked}\` has as its default.`;
  return [
    { ...shared, kind: "upgrade", what },
    { ...shared, kind: "restart", what: restarts },
  ];
}

/** The hops of a part; none, and a remark, where there is no way. */
function hopsOf(part: UpgradedPart, running: RunningVersions, target: VersionSet, remarks: string[]): Hop[] {
  const isKubernetes = part === "kubernetes";
  const [before, after] = isKubernetes
    ? [running.kubernetes, target.kubernetes]
    : [running.parts[part], target.parts[part]];
  if (before === undefined || after === undefined) return [];
  const [from, to] = [stopAt(before), stopAt(after)];
  if (valid(from.version) === null || valid(to.version) === null) {
    remarks.push(`${part} runs "${before}", which is no version: look yourself what lies between it and ${after}.`);
    return [];
  }
  if (gt(from.version, to.version)) {
    remarks.push(`${part} runs ${before}, newer than ${after}: it stays, as nothing goes back.`);
    return [];
  }
  if (from.version === to.version) return [];
  const stops = [from, ...stopsBetween(from.version, to.version, UPGRADE_RULES[part]), to];
  return stops.slice(1).map((stop, index) => ({ part, from: stops[index]!, to: stop, isLast: stop === to }));
}

/** Kubernetes is told by its minor version. */
function stopAt(spoken: string): Stop {
  const bare = bareVersion(spoken);
  return { version: /^\d+\.\d+$/.test(bare) ? `${bare}.0` : bare, spoken: bare };
}

function stopsBetween(from: string, to: string, { hops, through = [] }: UpgradeRule): Stop[] {
  const [start, end] = [parse(from)!, parse(to)!];
  const between = (first: number, last: number) =>
    Array.from({ length: Math.max(0, last - first - 1) }, (_, index) => first + 1 + index);
  const minors =
    hops === "minor" && start.major === end.major
      ? between(start.minor, end.minor).map((minor) => `${end.major}.${minor}`)
      : [];
  const majors = hops === "major" ? between(start.major, end.major).map(String) : [];
  const stops = [
    ...minors.map((spoken) => ({ version: `${spoken}.0`, spoken })),
    ...majors.map((spoken) => ({ version: `${spoken}.0.0`, spoken })),
    ...through
      .filter((version) => gt(version, from) && gt(to, version))
      .map((version) => ({ version, spoken: version })),
  ];
  return stops.sort((one, other) => (gt(one.version, other.version) ? 1 : -1));
}

/** Takes the first hop that brings nothing together which does not go together, again and again. */
function ordered(hops: Hop[][], start: VersionSet, remarks: string[]): PlannedStep[] {
  const steps: PlannedStep[] = [];
  let now = start;
  let waiting = hops.filter((own) => own.length > 0);
  while (waiting.length > 0) {
    const before = new Set(checkVersions(now).map(describeFinding));
    const tries = waiting.map(([hop]) => {
      const set = withHop(now, hop!);
      return { hop: hop!, set, fresh: checkVersions(set).filter((finding) => !before.has(describeFinding(finding))) };
    });
    const least = Math.min(...tries.map(({ fresh }) => fresh.length));
    const { hop, set, fresh } = tries.find((each) => each.fresh.length === least)!;
    remarks.push(...fresh.map((finding) => conflictOf(hop, finding)));
    steps.push(...stepsOf(hop));
    now = set;
    waiting = waiting.map((own) => (own[0] === hop ? own.slice(1) : own)).filter((own) => own.length > 0);
  }
  return steps;
}

function withHop({ kubernetes, parts }: VersionSet, { part, to }: Hop): VersionSet {
  if (part === "kubernetes") return { kubernetes: to.spoken, parts };
  const moved = [part, ...(UPGRADE_RULES[part].with ?? [])].filter((each) => parts[each] !== undefined);
  return { kubernetes, parts: { ...parts, ...Object.fromEntries(moved.map((each) => [each, to.version])) } };
}

function conflictOf({ part, to }: Hop, finding: Finding): string {
  return `With ${part} ${to.spoken}, for a while: ${describeFinding(finding)}`;
}

function stepsOf(hop: Hop): PlannedStep[] {
  const { part, from, to } = hop;
  const rule = UPGRADE_RULES[part];
  const step = (kind: StepKind, what: string, source = rule.source): PlannedStep => {
    return { part, from: from.spoken, to: to.spoken, kind, what, source };
  };
  const ofHop = UPGRADE_STEPS.filter(
    (each) => each.part === part && satisfies(from.version, each.from) && satisfies(to.version, each.to),
  );
  return [
    ...ofHop.map((each) => step("prepare", each.step, each.source)),
    ...(rule.before === undefined ? [] : [step("prepare", rule.before)]),
    ...(rule.drain === undefined ? [] : [step("drain", rule.drain)]),
    ...(rule.types === undefined ? [] : [step("types", `Resource types of ${rule.types}, before the controller.`)]),
    step("upgrade", upgradeOf(hop)),
    step("restart", rule.restarts),
    ...(rule.after === undefined ? [] : [step("finish", rule.after)]),
  ];
}

/** How the version of a hop is set: by what this release installs, or in the configuration on the way there. */
function upgradeOf({ part, to, isLast }: Hop): string {
  if (part === "kubernetes") return `Set \`cluster.eks.kubernetesVersion: "${to.spoken}"\` and run up.`;
  const keys = keysOf(part).join(" and ");
  if (isLast && keys === "") return `Run up with this release, which installs ${to.spoken}.`;
  if (isLast) return `Leave \`version\` of ${keys} out, as this release installs ${to.spoken}, and run up.`;
  const exact = to.spoken === to.version ? to.spoken : `newest ${to.spoken}`;
  if (keys === "") return `Run up with a release of this package that installs the ${exact}.`;
  return `Set \`version\` of ${keys} to the ${exact} and run up.`;
}

/** Keys of a platform that set the version of a part; none where only the release does. */
function keysOf(part: UpgradedPart): string[] {
  return Object.entries<readonly string[]>(PART_SOURCES).flatMap(([key, sources]) =>
    sources.includes(part) ? [`\`${key}\``] : [],
  );
}

/** With a new release every part without a version of its own jumps at once, so those that wait have to be held. */
function holdingRemark(hops: Hop[][]): string[] {
  const held = hops.filter((own) => own.length > 0).flatMap(([first]) => keysOf(first!.part));
  if (held.length <= 1) return [];
  return [
    `Before the first up with this release, set \`version\` of ${held.join(", ")} to what each runs: without it all would be upgraded at once.`,
  ];
}
