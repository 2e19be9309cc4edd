import { satisfies, valid, validRange } from "semver";
import { describe, expect, it } from "vitest";
import { describeFinding } from "../../components/model/finding";
import { SUPPORTED_KUBERNETES } from "../../components/model";
import {
  checkVersions,
  PART_VERSIONS,
  type VersionedPart,
  type VersionRule,
  type VersionSet,
} from "../../components/model/version-matrix";
import { versionRules } from "../../components/model/version-rules";
import { CHARTS, MANIFESTS } from "../../components/model/versions";

type Pair = Partial<Record<VersionedPart | "kubernetes", string>>;

/** For each rule, in order: a pair that goes together, and one that does not. */
const pairs: [rule: string, good: Pair, bad: Pair][] = [
  ["kueue >=0.17.0, trainer", { kueue: "0.17.0", trainer: "2.2.0" }, { kueue: "0.17.0", trainer: "2.1.0" }],
  ["kueue >=0.20.0, trainer", { kueue: "0.20.0", trainer: "2.3.0" }, { kueue: "0.20.0", trainer: "2.2.0" }],
  ["kueue >=0.19.0, kubernetes", { kueue: "0.19.2", kubernetes: "1.29" }, { kueue: "0.19.2", kubernetes: "1.28" }],
  ["trainer >=2.3.0, kubernetes", { trainer: "2.3.0", kubernetes: "1.31" }, { trainer: "2.3.0", kubernetes: "1.30" }],
  ["trainer >=2.0.0, jobSet", { trainer: "2.3.0", jobSet: "0.10.0" }, { trainer: "2.3.0", jobSet: "0.9.1" }],
  [
    "pipelines >=2.15.0 <3.0.0, argoWorkflows",
    { pipelines: "2.17.0", argoWorkflows: "4.0.5" },
    { pipelines: "2.17.0", argoWorkflows: "4.1.0" },
  ],
  [
    "argoWorkflows >=4.0.0 <5.0.0, kubernetes",
    { argoWorkflows: "4.0.5", kubernetes: "1.33" },
    { argoWorkflows: "4.0.5", kubernetes: "1.32" },
  ],
  ["istiod ~1.30.0, kubernetes", { istiod: "1.30.3", kubernetes: "1.36" }, { istiod: "1.30.3", kubernetes: "1.31" }],
  ["istiod ~1.29.0, kubernetes", { istiod: "1.29.5", kubernetes: "1.35" }, { istiod: "1.29.5", kubernetes: "1.36" }],
  ...(["istioBase", "istioCni", "istioGateway", "ztunnel"] as const).map((part): [string, Pair, Pair] => [
    `${part} ~1.30.0, istiod`,
    { [part]: "1.30.3", istiod: "1.30.1" },
    { [part]: "1.30.3", istiod: "1.29.5" },
  ]),
  [
    "kserve >=0.17.0, certManager",
    { kserve: "v0.20.0", certManager: "v1.17.0" },
    { kserve: "v0.20.0", certManager: "v1.16.5" },
  ],
  ["kserve >=0.17.0, keda", { kserve: "0.20.0", keda: "2.18.0" }, { kserve: "0.20.0", keda: "2.17.2" }],
  [
    "certManager >=1.20.0, kubernetes",
    { certManager: "v1.21.1", kubernetes: "1.32" },
    { certManager: "v1.21.1", kubernetes: "1.31" },
  ],
  [
    "verticalPodAutoscaler >=0.9.0, kubernetes",
    { verticalPodAutoscaler: "0.11.0", kubernetes: "1.28" },
    { verticalPodAutoscaler: "0.11.0", kubernetes: "1.27" },
  ],
  [
    "karpenter <1.13.0, kubernetes",
    { karpenter: "1.9.0", kubernetes: "1.35" },
    { karpenter: "1.9.0", kubernetes: "1.36" },
  ],
  [
    "karpenter <1.9.0, kubernetes",
    { karpenter: "1.8.2", kubernetes: "1.34" },
    { karpenter: "1.8.2", kubernetes: "1.35" },
  ],
  [
    "karpenter <1.6.0, kubernetes",
    { karpenter: "1.5.0", kubernetes: "1.33" },
    { karpenter: "1.5.0", kubernetes: "1.34" },
  ],
  [
    "karpenter <1.5.0, kubernetes",
    { karpenter: "1.4.9", kubernetes: "1.32" },
    { karpenter: "1.4.9", kubernetes: "1.33" },
  ],
];

const titleOf = ({ part, versions, needs }: VersionRule) => `${part} ${versions}, ${needs}`;

/** A set with a Kubernetes that every pinned part supports, where none is given. */
function setOf({ kubernetes = "1.35", ...parts }: Pair): VersionSet {
  return { kubernetes, parts };
}

/** The findings that a rule is the cause of. */
const reasons = (set: VersionSet) => checkVersions(set).map(({ remedy }) => remedy);

describe("version rules", () => {
  it("have a pair each that shows them", () => {
    expect(pairs.map(([rule]) => rule)).toEqual(versionRules.map(titleOf));
  });

  it.each(pairs)("%s: accepts what goes together and names both ends of what does not", (title, good, bad) => {
    const rule = versionRules.find((each) => titleOf(each) === title)!;
    // Trainer has to have JobSet beside it, whatever else it goes together with.
    const jobSet = PART_VERSIONS.jobSet;
    expect(checkVersions(setOf({ jobSet, ...good }))).toEqual([]);
    const finding = checkVersions(setOf({ jobSet, ...bad })).find(({ remedy }) => remedy.includes(rule.because))!;
    const bare = (version: string | undefined) => version?.replace(/^v/, "");
    expect(finding).toEqual({
      rule: "VERSION-01",
      severity: "high",
      object: `${rule.part} ${bare(bad[rule.part])}`,
      path: rule.needs,
      observed: bare(bad[rule.needs]),
      allowed: rule.range,
      remedy: `Change one of the two versions; ${rule.because}.`,
    });
  });

  it.each(versionRules.map((rule) => [titleOf(rule), rule] as const))("%s is about parts that there are", (_, rule) => {
    expect(Object.keys(PART_VERSIONS)).toContain(rule.part);
    expect([...Object.keys(PART_VERSIONS), "kubernetes"]).toContain(rule.needs);
    expect([validRange(rule.versions), validRange(rule.range)]).not.toContain(null);
    expect(rule.source).toMatch(/^https:\/\/\S+( \(\S+\))?$/);
    expect(rule.because).not.toMatch(/\.$/);
  });

  it("say nothing of a part that is not there, unless it has to be", () => {
    expect(checkVersions(setOf({ kueue: "0.20.0", kserve: "0.20.0", pipelines: "2.17.0" }))).toEqual([]);
    const findings = checkVersions(setOf({ trainer: "2.3.0", ztunnel: "1.30.3" }));
    expect(findings.map(describeFinding)).toEqual([
      "[VERSION-01] trainer 2.3.0: jobSet is absent; allowed: >=0.10.0. Add jobSet.",
      "[VERSION-01] ztunnel 1.30.3: istiod is absent; allowed: ~1.30.0. Add istiod.",
    ]);
  });

  it("say nothing of versions that they are not about", () => {
    expect(reasons(setOf({ istiod: "1.31.0", trainer: "1.9.0", kueue: "0.16.0", kubernetes: "1.20" }))).toEqual([]);
  });

  it("tell all that is wrong", () => {
    const findings = checkVersions(setOf({ kueue: "0.20.0", trainer: "2.1.0", kubernetes: "1.28" }));
    expect(findings.map(({ object, path }) => `${object}: ${path}`)).toEqual([
      "kueue 0.20.0: trainer",
      "kueue 0.20.0: trainer",
      "kueue 0.20.0: kubernetes",
      "trainer 2.1.0: jobSet",
    ]);
  });
});

describe("the pinned versions", () => {
  it.each(SUPPORTED_KUBERNETES)("go together on Kubernetes %s", (kubernetes) => {
    expect(checkVersions({ kubernetes, parts: PART_VERSIONS })).toEqual([]);
  });

  it("do not on Kubernetes 1.30, which the findings tell", () => {
    const findings = checkVersions({ kubernetes: "1.30", parts: PART_VERSIONS }).map(describeFinding);
    expect(findings).toContain(
      "[VERSION-01] certManager 1.21.1: kubernetes is 1.30; allowed: >=1.32.0. " +
        "Change one of the two versions; cert-manager 1.20 and newer support Kubernetes from 1.32.",
    );
    expect(findings.map((text) => text.split(" ")[1])).toEqual(["trainer", "argoWorkflows", "istiod", "certManager"]);
  });

  it("are exact and without a leading v, one for each release", () => {
    for (const [part, version] of Object.entries(PART_VERSIONS)) expect(valid(version), part).toBe(version);
    const asOnePart = ["kserveTypes", "kserveRuntimes", "karpenterCrds"];
    const keys = [...Object.keys(CHARTS), ...Object.keys(MANIFESTS)].filter((key) => !asOnePart.includes(key));
    expect(Object.keys(PART_VERSIONS).sort()).toEqual(keys.sort());
  });

  it("of charts that are one release are the same", () => {
    const { kserve, kserveTypes, kserveRuntimes, karpenter, karpenterCrds } = CHARTS;
    expect(new Set([kserve.version, kserveTypes.version, kserveRuntimes.version]).size).toBe(1);
    expect(karpenterCrds.version).toBe(karpenter.version);
    const { istioBase, istiod, istioCni, istioGateway, ztunnel } = CHARTS;
    expect(new Set([istioBase, istiod, istioCni, istioGateway, ztunnel].map(({ version }) => version)).size).toBe(1);
  });

  it("are within the versions that every rule about Kubernetes speaks of", () => {
    const silent = versionRules.filter(({ part, versions, needs }) => {
      return needs === "kubernetes" && part !== "karpenter" && !satisfies(PART_VERSIONS[part], versions);
    });
    // Kept for those who stay on the version before.
    expect(silent.map(titleOf)).toEqual(["istiod ~1.29.0, kubernetes"]);
  });
});
