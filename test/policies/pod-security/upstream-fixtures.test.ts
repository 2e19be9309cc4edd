import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { objectAt, type TreeObject } from "../../../components/model";
import { KINDS_WITH_PODS } from "../../../components/model/pod-sets/pod-sets-of";
import type { ResourceRule, Values } from "../../../policies/engine/rule";
import { subjectsOf, writtenResourceOf } from "../../../policies/engine/written-resource";
import { addedCapability } from "../../../policies/pod-security/standards/added-capability";
import { appArmor } from "../../../policies/pod-security/standards/app-armor";
import { droppedCapabilities } from "../../../policies/pod-security/standards/dropped-capabilities";
import { hostNamespaces } from "../../../policies/pod-security/standards/host-namespaces";
import { hostPath } from "../../../policies/pod-security/standards/host-path";
import { hostPort } from "../../../policies/pod-security/standards/host-port";
import { kubernetesVersion } from "../../../policies/pod-security/standards/kubernetes-version";
import { nonRoot } from "../../../policies/pod-security/standards/non-root";
import { privilegeEscalation } from "../../../policies/pod-security/standards/privilege-escalation";
import { privilegedContainer } from "../../../policies/pod-security/standards/privileged-container";
import { probeHost } from "../../../policies/pod-security/standards/probe-host";
import { procMount, procMountInUserNamespace } from "../../../policies/pod-security/standards/proc-mount";
import { rootUser } from "../../../policies/pod-security/standards/root-user";
import { RULES } from "../../../policies/pod-security/standards/rules";
import { seccompProfile } from "../../../policies/pod-security/standards/seccomp-profile";
import { seccompUnconfined } from "../../../policies/pod-security/standards/seccomp-unconfined";
import { seLinuxOptions } from "../../../policies/pod-security/standards/selinux-options";
import { safeSysctls } from "../../../policies/pod-security/standards/sysctls";
import { volumeType } from "../../../policies/pod-security/standards/volume-type";
import { windowsHostProcess } from "../../../policies/pod-security/standards/windows-host-process";
import { asPod, expressible, LIFTS, NOT_LIFTED, type WrittenPod } from "../lifted-pod";

const LEVELS = ["baseline", "restricted"] as const;
type Level = (typeof LEVELS)[number];

/** The rules of each control of upstream, by what the names of its fixtures begin with. */
const CONTROLS: Record<Level, Record<string, ResourceRule[]>> = {
  baseline: {
    apparmorprofile: [appArmor],
    capabilities_baseline: [addedCapability],
    hostnamespaces: [hostNamespaces],
    hostpathvolumes: [hostPath],
    hostports: [hostPort],
    hostprobesandhostlifecycle: [probeHost],
    privileged: [privilegedContainer],
    procmount: [procMount],
    seccompprofile_baseline: [seccompUnconfined],
    selinuxoptions: [seLinuxOptions],
    sysctls: [safeSysctls],
    windowshostprocess: [windowsHostProcess],
  },
  restricted: {
    allowprivilegeescalation: [privilegeEscalation],
    capabilities_restricted: [addedCapability, droppedCapabilities],
    procmount_restricted: [procMount, procMountInUserNamespace],
    restrictedvolumes: [hostPath, volumeType],
    runasnonroot: [nonRoot, rootUser],
    runasuser: [rootUser],
    seccompprofile_restricted: [seccompUnconfined, seccompProfile],
  },
};

/** Rules of the controls of a level, which takes in those of the one before. */
const RULES_OF: Record<Level, ResourceRule[]> = {
  baseline: Object.values(CONTROLS.baseline).flat(),
  restricted: RULES as ResourceRule[],
};

/** How many pods upstream has that fail and pass, by version. */
const FIXTURES: Record<Level, Record<string, [fail: number, pass: number]>> = {
  baseline: {
    "1.29": [29, 11],
    "1.30": [29, 11],
    "1.31": [29, 11],
    "1.32": [29, 11],
    "1.33": [29, 11],
    "1.34": [34, 14],
    "1.35": [34, 15],
    "1.36": [34, 15],
    "1.37": [34, 15],
  },
  restricted: {
    "1.29": [69, 19],
    "1.30": [69, 19],
    "1.31": [69, 19],
    "1.32": [69, 19],
    "1.33": [69, 19],
    "1.34": [74, 22],
    "1.35": [76, 23],
    "1.36": [76, 23],
    "1.37": [76, 23],
  },
};

/** Pods that break other controls too: one without capabilities at all, and those of a node, which share its network. */
const BREAKING_OTHERS = ["allowprivilegeescalation3.yaml", "windowshostprocess0.yaml", "windowshostprocess1.yaml"];

interface Fixture {
  level: Level;
  version: string;
  fails: boolean;
  /** Control by the name of the file; `base` and the like where it is that of none. */
  control: string;
  file: string;
  pod: TreeObject;
}

const folder = fixturesFolder();
const fixtures = folder === undefined ? [] : fixturesIn(folder);
const newest = fixtures.filter(({ version }) => version === fixtures.at(-1)?.version);

/** Fixtures of the newest version of upstream's module in the cache that Go keeps; undefined where it has none. */
function fixturesFolder(): string | undefined {
  const { GOMODCACHE, GOPATH } = process.env;
  const goPath = (GOPATH ?? "").split(delimiter)[0] || join(homedir(), "go");
  const modules = join(GOMODCACHE || join(goPath, "pkg", "mod"), "k8s.io");
  const versions = (existsSync(modules) ? readdirSync(modules) : []).filter((name) =>
    name.startsWith("pod-security-admission@v"),
  );
  const [last] = versions.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return last === undefined ? undefined : join(modules, last, "test", "testdata");
}

function fixturesIn(root: string): Fixture[] {
  const versions = Object.keys(FIXTURES.baseline).filter((version) =>
    existsSync(join(root, "baseline", `v${version}`)),
  );
  return versions.flatMap((version) =>
    LEVELS.flatMap((level) =>
      ["fail", "pass"].flatMap((verdict) => {
        const at = join(root, level, `v${version}`, verdict);
        return readdirSync(at).map((file): Fixture => {
          const pod = parse(readFileSync(join(at, file), "utf8")) as TreeObject;
          const control = file.replace(/\d*\.yaml$/, "");
          return {
            level,
            version,
            fails: verdict === "fail",
            control,
            file: `${level}/v${version}/${verdict}/${file}`,
            pod,
          };
        });
      }),
    ),
  );
}

function rulesOf({ level, control }: Fixture): ResourceRule[] | undefined {
  return CONTROLS[level][control] ?? CONTROLS.baseline[control];
}

/** Titles of the rules that find fault with an object, beside others that it names, and of those that cannot decide. */
function verdictOf(rules: ResourceRule[], version: string, objects: TreeObject[]) {
  const [subject] = subjectsOf(objects.flatMap((object) => writtenResourceOf(object) ?? []));
  const verdict = { violated: new Set<string>(), undecided: new Set<string>() };
  for (const rule of rules) {
    const defaults = Object.entries(rule.parameters).map(([name, { default: value }]) => [name, value] as const);
    const settings: Values = { ...Object.fromEntries(defaults), kubernetesVersion: version };
    for (const judgement of rule.judge(subject!, settings)) {
      verdict["undecidedPath" in judgement ? "undecided" : "violated"].add(rule.title);
    }
  }
  return verdict;
}

const verdictsOfPods = new Map<string, ReturnType<typeof verdictOf>>();

/** The verdict of all rules on a pod by itself, which is asked for once for each kind. */
function verdictOfPod(file: string, version: string, pod: WrittenPod, lacks: string[] = []) {
  const key = [file, ...lacks].join(" ");
  const verdict = verdictsOfPods.get(key) ?? verdictOf(RULES as ResourceRule[], version, [asPod(pod)]);
  verdictsOfPods.set(key, verdict);
  return verdict;
}

function isIn<T>(some: Set<T>, ...wholes: Set<T>[]): boolean {
  return [...some].every((one) => wholes.some((whole) => whole.has(one)));
}

function isRefused(rules: ResourceRule[], { version, pod }: Fixture): boolean {
  return verdictOf(rules, version, [pod]).violated.size > 0;
}

describe.skipIf(fixtures.length === 0)("pods of upstream (skipped where Go's cache lacks its module)", () => {
  const versions = [...new Set(fixtures.map(({ version }) => version))];
  const cases = LEVELS.flatMap((level) => versions.map((version) => [level, version] as const));

  it.each(cases)("at the level %s of %s are judged as they are meant, every one", (level, version) => {
    const ofLevel = fixtures.filter((one) => one.level === level && one.version === version);
    const [failing, passing] = [ofLevel.filter(({ fails }) => fails), ofLevel.filter(({ fails }) => !fails)];
    const [fail, pass] = FIXTURES[level][version]!;

    expect(failing.filter((one) => !isRefused(rulesOf(one)!, one)).map(({ file }) => file)).toEqual([]);
    expect(passing.filter((one) => isRefused(RULES_OF[level], one)).map(({ file }) => file)).toEqual([]);
    expect([failing.length, passing.length]).toEqual([fail, pass]);
  });

  it("that pass are refused by the rules of their own control at no level", () => {
    const passing = fixtures.filter((one) => !one.fails && rulesOf(one) !== undefined);

    expect(passing.filter((one) => isRefused(rulesOf(one)!, one)).map(({ file }) => file)).toEqual([]);
    expect(passing.length).toBeGreaterThan(versions.length * 20);
  });

  it("that fail break no rule of another control, but for those that have to", () => {
    const others = fixtures.filter(
      (one) =>
        one.fails &&
        isRefused(
          RULES_OF[one.level].filter((rule) => !rulesOf(one)!.includes(rule)),
          one,
        ),
    );

    expect([...new Set(others.map(({ file }) => file.replace(/.*\//, "")))].sort()).toEqual(BREAKING_OTHERS);
  });

  it("are there for every control", () => {
    const all = Object.values(CONTROLS).flatMap((ofLevel) => Object.keys(ofLevel));
    const found = new Set(fixtures.filter(({ fails }) => fails).map(({ control }) => control));

    expect(all).toHaveLength(19);
    expect([...found].sort()).toEqual(all.sort());
  });

  describe("have the same verdict, rule by rule, in", () => {
    const lifts = LIFTS.map((lift) => [[lift.kind, lift.place].filter((part) => part).join(" "), lift] as const);

    it.each(lifts)("%s", (_title, { lift, lacks, isCompleted }) => {
      const others = newest.filter(({ file, version, pod }) => {
        const written = expressible(asWritten(pod), lacks);
        const ofPod = verdictOfPod(file, version, written, lacks);
        const lifted = verdictOf(RULES as ResourceRule[], version, lift(written));
        const isMadeUp = !isIn(lifted.violated, ofPod.violated);
        // What another object may add makes a fault undecided, and never one up.
        if (isCompleted) return isMadeUp || !isIn(ofPod.violated, lifted.violated, lifted.undecided);
        return isMadeUp || !isIn(ofPod.violated, lifted.violated) || lifted.undecided.size > 0;
      });

      expect(others.map(({ file }) => file)).toEqual([]);
    });

    it("every kind that has pods, but for those that can not say what a pod is", () => {
      const lifted = ["/Pod", ...LIFTS.map(({ kind }) => kind), ...Object.keys(NOT_LIFTED)];

      expect([...new Set(lifted)].sort()).toEqual([...KINDS_WITH_PODS].sort());
    });
  });
});

describe("the table of fixtures", () => {
  it("has every version that rules may be asked for", () => {
    const versions = Object.keys(FIXTURES.baseline);

    expect(versions.filter((version) => !kubernetesVersion.accepts(version))).toEqual([]);
    expect((kubernetesVersion.schema as { enum: string[] }).enum).toEqual(versions);
  });
});

function asWritten(pod: TreeObject): WrittenPod {
  return { metadata: objectAt(pod, "metadata") ?? {}, spec: objectAt(pod, "spec") ?? {} };
}
