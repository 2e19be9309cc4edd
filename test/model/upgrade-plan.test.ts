import { gt, valid } from "semver";
import { describe, expect, it } from "vitest";
import { EksAddOn } from "../../components/cluster/eks/eks-add-ons-args";
import { networkingAddOns } from "../../components/cluster/eks/networking-add-ons";
import { ADD_ON_UPGRADES } from "../../components/model/add-on-upgrades";
import { type RunningVersions, upgradePlan } from "../../components/model/upgrade-plan";
import { UPGRADE_RULES } from "../../components/model/upgrade-rules";
import { PART_VERSIONS } from "../../components/model/version-matrix";

const target = { kubernetes: "1.35", parts: PART_VERSIONS };
const plan = (parts: Record<string, string>, kubernetes: string | undefined = "1.35") =>
  upgradePlan({ kubernetes, parts, addOns: {} }, target);

/** The hops of a plan, in order. */
const hopsOf = (parts: Record<string, string>, kubernetes?: string) =>
  plan(parts, kubernetes)
    .steps.filter(({ kind }) => kind === "upgrade")
    .map(({ part, from, to }) => `${part} ${from} to ${to}`);

describe("the rules of upgrades", () => {
  it("are about every part that has a version of its own, those of one release together, and Kubernetes", () => {
    const told = Object.entries(UPGRADE_RULES).flatMap(([part, rule]) => [part, ...(rule.with ?? [])]);
    expect(told.sort()).toEqual([...Object.keys(PART_VERSIONS), "kubernetes"].sort());
  });

  it.each(Object.entries(UPGRADE_RULES))("of %s speak in sentences, and name their source", (_, rule) => {
    for (const sentence of [rule.before, rule.drain, rule.restarts, rule.after])
      if (sentence !== undefined) expect(sentence).toMatch(/^\S.*[^.]\.$/);
    for (const version of rule.through ?? []) expect(valid(version)).toBe(version);
    expect(rule.source).toMatch(/^https:\/\/\S+( \([\d.-]+\))?$/);
  });
});

describe("the plan of an upgrade", () => {
  it("has no step where everything is as this release has it", () => {
    expect(plan(PART_VERSIONS)).toEqual({ steps: [], remarks: [] });
  });

  it("has no step for parts that an environment does not have", () => {
    expect(hopsOf({ katib: "0.18.0" })).toEqual(["katib 0.18.0 to 0.19.0"]);
  });

  it("tells a hop in the order in which it is made: by hand, drained, types before the controller, what restarts", () => {
    const { steps } = plan({ notebooks: "1.10.0", hub: "0.3.7" });
    expect(steps.map(({ part, kind }) => `${part} ${kind}`)).toEqual([
      "notebooks drain",
      "notebooks types",
      "notebooks upgrade",
      "notebooks restart",
      "hub prepare",
      "hub upgrade",
      "hub restart",
    ]);
    expect(steps.map(({ from, to }) => `${from} ${to}`)).toContain("1.10.0 1.11.0");
  });

  it("skips no minor version where none may be skipped", () => {
    expect(hopsOf({ certManager: "v1.18.4" })).toEqual([
      "certManager 1.18.4 to 1.19",
      "certManager 1.19 to 1.20",
      "certManager 1.20 to 1.21.1",
    ]);
  });

  it("takes patches, and the next minor version, in one hop", () => {
    expect(hopsOf({ certManager: "1.21.0", istiod: "1.29.6" })).toEqual([
      "certManager 1.21.0 to 1.21.1",
      "istiod 1.29.6 to 1.30.3",
    ]);
  });

  it("skips no major version where none may be skipped, and any minor one within", () => {
    expect(hopsOf({ gpuOperator: "24.3.0" })).toEqual(["gpuOperator 24.3.0 to 25", "gpuOperator 25 to 26.7.0"]);
    expect(hopsOf({ gpuOperator: "26.3.0" })).toEqual(["gpuOperator 26.3.0 to 26.7.0"]);
  });

  it("goes through the versions that a later one expects", () => {
    const later = { kubernetes: "1.35", parts: { ...PART_VERSIONS, trainer: "2.5.0" } };
    const hops = upgradePlan({ kubernetes: "1.35", parts: { trainer: "2.1.0", jobSet: "0.12.0" } }, later)
      .steps.filter(({ kind }) => kind === "upgrade")
      .map(({ from, to }) => `${from} to ${to}`);
    expect(hops).toEqual(["2.1.0 to 2.3.0", "2.3.0 to 2.5.0"]);
  });

  it("has what the hop of a part asks for by hand, with its source, and not what another hop does", () => {
    const { steps } = plan({ jobSet: "0.10.1" });
    expect(steps[0]).toEqual({
      part: "jobSet",
      from: "0.10.1",
      to: "0.12.0",
      kind: "prepare",
      what: "Delete the controller's Deployment first: its selector changed, and selectors are immutable.",
      source: "https://github.com/kubernetes-sigs/jobset/releases/tag/v0.11.0",
    });
    expect(plan({ jobSet: "0.11.1" }).steps.filter(({ kind }) => kind === "prepare")).toEqual([]);
  });

  it("says how the version of each hop is set", () => {
    const { steps, remarks } = plan({ certManager: "1.19.2", prometheusStack: "88.0.0", karpenter: "1.13.0" }, "1.34");
    expect(steps.flatMap(({ kind, what }) => (kind === "upgrade" ? [what] : []))).toEqual([
      "Set `version` of `certManager` to the newest 1.20 and run up.",
      "Leave `version` of `certManager` out, as this release installs 1.21.1, and run up.",
      "Leave `version` of `monitoring` out, as this release installs 88.5.3, and run up.",
      "Run up with this release, which installs 1.14.1.",
      'Set `cluster.eks.kubernetesVersion: "1.35"` and run up.',
    ]);
    expect(remarks).toEqual([
      "Before the first up with this release, set `version` of `certManager`, `monitoring` to what each runs: without it all would be upgraded at once.",
    ]);
  });

  it("holds no part back where there is one alone", () => {
    expect(plan({ certManager: "1.19.0", karpenter: "1.13.0" }, "1.34").remarks).toEqual([]);
  });

  it("takes the charts of one release together", () => {
    const istio = { istioBase: "1.29.6", istiod: "1.29.6", istioCni: "1.29.6", istioGateway: "1.29.6" };
    expect(plan(istio).remarks).toEqual([]);
    expect(hopsOf(istio)).toEqual(["istiod 1.29.6 to 1.30.3"]);
  });
});

describe("the order of an upgrade", () => {
  it("has what others stand on first, and Kubernetes last, one minor version at a time", () => {
    expect(hopsOf({ kserve: "0.19.0", certManager: "1.20.0", kueue: "0.19.0" }, "1.33")).toEqual([
      "certManager 1.20.0 to 1.21.1",
      "kueue 0.19.0 to 0.19.2",
      "kserve 0.19.0 to 0.20.0",
      "kubernetes 1.33 to 1.34",
      "kubernetes 1.34 to 1.35",
    ]);
  });

  it("has a part wait for the Kubernetes that it needs", () => {
    expect(hopsOf({ certManager: "1.19.0", jobSet: "0.11.0" }, "1.31")).toEqual([
      "jobSet 0.11.0 to 0.12.0",
      "kubernetes 1.31 to 1.32",
      "certManager 1.19.0 to 1.20",
      "certManager 1.20 to 1.21.1",
      "kubernetes 1.32 to 1.33",
      "kubernetes 1.33 to 1.34",
      "kubernetes 1.34 to 1.35",
    ]);
  });

  it("has a part wait for the other part that it needs", () => {
    const later = { kubernetes: "1.35", parts: { ...PART_VERSIONS, pipelines: "2.17.0", argoWorkflows: "4.0.5" } };
    const { steps, remarks } = upgradePlan(
      { kubernetes: "1.35", parts: { kueue: "0.16.0", trainer: "2.1.0", jobSet: "0.12.0" } },
      later,
    );
    const upgrades = steps.filter(({ kind }) => kind === "upgrade").map(({ part, to }) => `${part} ${to}`);
    expect(upgrades).toEqual(["trainer 2.3.0", "kueue 0.17", "kueue 0.18", "kueue 0.19.2"]);
    expect(remarks.filter((remark) => remark.includes("VERSION-01"))).toEqual([]);
  });

  it("remarks what does not go together for a while, where there is no other way", () => {
    const { remarks } = upgradePlan(
      { kubernetes: "1.35", parts: { pipelines: "2.17.0", argoWorkflows: "4.0.5" } },
      { kubernetes: "1.35", parts: { pipelines: "2.17.0", argoWorkflows: "4.1.2" } },
    );
    expect(remarks).toEqual([
      "With argoWorkflows 4.1.2, for a while: [VERSION-01] pipelines 2.17.0: argoWorkflows is 4.1.2; allowed: >=3.7.0 <4.1.0. " +
        "Change one of the two versions; Pipelines 2.17 speaks to Argo Workflows 3.7 and 4.0 only.",
    ]);
  });

  it("never goes back, and ends where this release is, from whatever runs", () => {
    const running: RunningVersions = {
      kubernetes: "1.32",
      parts: {
        certManager: "1.16.0",
        kueue: "0.14.0",
        trainer: "2.0.0",
        jobSet: "0.9.0",
        istiod: "1.27.1",
        kserve: "0.15.0",
      },
    };
    const { steps } = upgradePlan(running, target);
    const at = new Map(Object.entries({ ...running.parts, kubernetes: "1.32" }));
    for (const { part, from, to } of steps.filter(({ kind }) => kind === "upgrade")) {
      expect(from).toBe(at.get(part));
      const whole = (version: string) => (valid(version) === null ? `${version}.0` : version);
      expect(gt(whole(to), whole(from))).toBe(true);
      at.set(part, to);
    }
    expect(Object.fromEntries(at)).toMatchObject({ kubernetes: "1.35", certManager: "1.21.1", kueue: "0.19.2" });
    for (const part of Object.keys(running.parts)) expect(at.get(part)).toBe(PART_VERSIONS[part as "kueue"]);
  });
});

describe("add-ons of EKS", () => {
  const addOns = {
    ...{ coredns: "v1.12.3-eksbuild.1", "aws-ebs-csi-driver": "v1.50.0-eksbuild.1" },
    ...{ "vpc-cni": "v1.20.0-eksbuild.1", "kube-proxy": "v1.33.3-eksbuild.1" },
  };
  const withAddOns = (kubernetes: string, running: Record<string, string> | undefined = addOns) =>
    upgradePlan({ kubernetes, parts: {}, addOns: running }, target);

  it("are all that this release installs, told with the keys that set them", () => {
    const keyed = (wanted: string) =>
      Object.entries(ADD_ON_UPGRADES).flatMap(([name, { key }]) => (key === wanted ? [name] : []));
    expect(keyed("cluster.eks.addOnVersions").sort()).toEqual(networkingAddOns({}).sort());
    expect(keyed("addOns.versions").sort()).toEqual(Object.values(EksAddOn).sort());
    for (const { key, beforeNodes, restarts } of Object.values(ADD_ON_UPGRADES)) {
      expect(beforeNodes).toBe(key === "cluster.eks.addOnVersions");
      expect(restarts).toMatch(/^\S.*[^.]\.$/);
    }
  });

  it("follow the control plane, those that machines need before these, the others after them", () => {
    expect(withAddOns("1.34").steps.map(({ part, kind }) => `${part} ${kind}`)).toEqual([
      "kubernetes prepare",
      "kubernetes drain",
      "kubernetes upgrade",
      "vpc-cni upgrade",
      "vpc-cni restart",
      "kube-proxy upgrade",
      "kube-proxy restart",
      "kubernetes restart",
      "coredns upgrade",
      "coredns restart",
      "aws-ebs-csi-driver upgrade",
      "aws-ebs-csi-driver restart",
      "kubernetes finish",
    ]);
  });

  it("go with each hop of Kubernetes, from what runs to what EKS has for it", () => {
    const { steps } = withAddOns("1.33");
    const told = (name: string) => steps.filter(({ part, kind }) => part === name && kind === "upgrade");
    expect(told("kube-proxy").map(({ from, to }) => `${from} to ${to}`)).toEqual([
      "v1.33.3-eksbuild.1 to one for 1.34",
      "one for 1.34 to one for 1.35",
    ]);
    expect(told("kube-proxy")[1]!.what).toBe(
      "In the same update: set `cluster.eks.addOnVersions` of `kube-proxy` to what " +
        "`aws eks describe-addon-versions --addon-name kube-proxy --kubernetes-version 1.35` has as its default.",
    );
    expect(told("coredns")[0]!.what).toContain("set `addOns.versions` of `coredns` to what ");
  });

  it("stay where Kubernetes does, and where EKS Auto Mode has them itself", () => {
    expect(withAddOns("1.35")).toEqual({ steps: [], remarks: [] });
    expect(new Set(withAddOns("1.34", {}).steps.map(({ part }) => part))).toEqual(new Set(["kubernetes"]));
    expect(withAddOns("1.34", {}).remarks).toEqual([]);
  });

  it("are remarked where nobody knows which there are, or one is not known", () => {
    expect(upgradePlan({ kubernetes: "1.34", parts: {} }, target).remarks).toEqual([
      "Which add-ons of EKS run is not known: with each hop of Kubernetes, raise them by `cluster.eks.addOnVersions` and `addOns.versions`.",
    ]);
    expect(withAddOns("1.34", { adot: "v0.1.0-eksbuild.1" }).remarks).toEqual([
      "adot is no add-on of this release: nothing is planned for it.",
    ]);
  });
});

describe("what cannot be planned", () => {
  it.each<[string, Record<string, string>, string]>([
    [
      "a part that is not known",
      { volcano: "1.12.0" },
      "volcano is no part of this release: nothing is planned for it.",
    ],
    [
      "a version that is none",
      { kueue: "main" },
      'kueue runs "main", which is no version: look yourself what lies between it and 0.19.2.',
    ],
    [
      "a version that is newer",
      { kueue: "0.20.7", trainer: "2.3.0", jobSet: "0.12.0" },
      "kueue runs 0.20.7, newer than 0.19.2: it stays, as nothing goes back.",
    ],
  ])("is remarked: %s", (_, parts, remark) => {
    expect(plan(parts)).toEqual({ steps: [], remarks: [remark] });
  });

  it("is the Kubernetes of a cluster that is not the stack's", () => {
    expect(upgradePlan({ kubernetes: undefined, parts: {} }, target)).toEqual({ steps: [], remarks: [] });
  });
});
