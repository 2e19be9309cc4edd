import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { versions, versionsCommand, type VersionsOptions } from "../../cli/commands/versions";
import { UPGRADE_STEPS } from "../../components/model/version-hops";
import { PART_VERSIONS } from "../../components/model/version-matrix";
import { read } from "../support/pages";
import { scratchFolder } from "../support/scratch";

let output: string;
beforeEach(() => {
  output = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text.toString();
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The cells of a row of a printed table. */
const rowOf = (start: string) =>
  output
    .split("\n")
    .find((line) => line.startsWith(`${start} `))
    ?.split(/ {2,}/);

describe("mlstack versions", () => {
  it("shows every part with its pinned version, what is newer, and what blocks it", () => {
    expect(versions({})).toBe(0);
    expect(rowOf("PART")).toEqual(["PART", "PINNED", "NEWEST KNOWN 2026-11-22", "WHAT BLOCKS IT"]);
    for (const [part, version] of Object.entries(PART_VERSIONS))
      expect(rowOf(part)?.slice(0, 2)).toEqual([part, version]);
    expect(rowOf("certManager")).toEqual(["certManager", "1.21.1", "1.21.1"]);
    expect(rowOf("keda")).toEqual(["keda", "2.20.2", "2.21.1"]);
    expect(rowOf("kueue")).toEqual([
      "kueue",
      "0.19.2",
      "0.20.7",
      "v1beta1 is not served from 0.20 on: migrate stored objects to v1beta2 first",
    ]);
  });

  it("shows every step of an upgrade, and that the pinned versions go together on the default Kubernetes", () => {
    versions({});
    for (const { from, to, step } of UPGRADE_STEPS)
      expect(output).toMatch(new RegExp(`${from} to ${to} +${step}`.replaceAll(".", "\\.")));
    expect(output.endsWith("\n\nAll of these go together on Kubernetes 1.35 (of 1.36, 1.35, 1.34, 1.33).\n")).toBe(
      true,
    );
  });

  it.each(["1.33", "v1.33", "1.33.7"])("checks against another Kubernetes, %s", (kubernetes) => {
    expect(versions({ kubernetes })).toBe(0);
    expect(output).toContain("All of these go together on Kubernetes 1.33 (of ");
  });

  it("fails on a Kubernetes that parts do not support, and names both ends and a remedy", () => {
    expect(versions({ kubernetes: "1.30" })).toBe(1);
    expect(output).toMatch(
      /\n\[VERSION-01\] certManager 1\.21\.1: kubernetes is 1\.30; allowed: >=1\.32\.0\. Change one of the two versions; cert-manager 1\.20 and newer support Kubernetes from 1\.32\.\n$/,
    );
    expect(output).not.toContain("All of these go together");
  });

  it.each([
    ["newest", '--kubernetes "newest" is no version of Kubernetes'],
    ["1", '--kubernetes "1" is no version of Kubernetes'],
    ["2.1", '--kubernetes "2.1" is no version of Kubernetes'],
    ["1.99", "Kubernetes 1.99 is newer than every version that is known here"],
  ])("says that it does not know Kubernetes %s", (kubernetes, message) => {
    expect(() => versions({ kubernetes })).toThrow(
      expect.objectContaining({
        name: "Problem",
        message,
        remedy: "Name a minor version up to 1.36, for example --kubernetes 1.35.",
      }),
    );
    expect(output).toBe("");
  });

  describe("--json", () => {
    const printed = (options: VersionsOptions): Record<string, unknown> => {
      const code = versions({ ...options, json: true });
      return { code, ...(JSON.parse(output) as object) };
    };

    it("prints the same as data", () => {
      const { parts, ...rest } = printed({});
      expect(rest).toEqual({
        code: 0,
        kubernetes: "1.35",
        knownOn: "2026-11-22",
        findings: [],
        upgradeSteps: UPGRADE_STEPS,
      });
      expect(parts).toHaveLength(Object.keys(PART_VERSIONS).length);
      expect(parts).toContainEqual({ part: "certManager", pinned: "1.21.1", newest: "1.21.1", blockedBy: "" });
      expect(parts).toContainEqual({ part: "keda", pinned: "2.20.2", newest: "2.21.1", blockedBy: "" });
    });

    it("prints findings, and fails with them", () => {
      const { code, findings, kubernetes } = printed({ kubernetes: "1.32" });
      expect([code, kubernetes]).toEqual([1, "1.32"]);
      expect(findings).toEqual([
        {
          rule: "VERSION-01",
          severity: "high",
          object: "argoWorkflows 4.0.5",
          path: "kubernetes",
          observed: "1.32",
          allowed: ">=1.33.0",
          remedy:
            "Change one of the two versions; Argo Workflows 4 is tested with the versions from 1.34 on, and its client with 1.33.",
        },
      ]);
    });
  });
});

describe("mlstack versions --plan", () => {
  /** A file as `versions --json` prints it, with some versions in place of the pinned ones. */
  const running = async (older: Record<string, string>, kubernetes = "1.35") => {
    versions({ json: true });
    const printed = JSON.parse(output) as { parts: { part: string; pinned: string }[] };
    output = "";
    const parts = printed.parts.map(({ part, pinned }) => ({ part, pinned: older[part] ?? pinned }));
    const path = join(await scratchFolder(), "versions.json");
    await writeFile(path, JSON.stringify({ ...printed, kubernetes, parts }));
    return path;
  };

  it("says so where nothing is to be done", async () => {
    expect(await versionsCommand({ stack: "local", plan: true, from: await running({}) })).toBe(0);
    expect(output).toBe("Nothing is to be upgraded: what runs is what this release installs.\n");
  });

  it("prints numbered steps, types before controllers and no hop left out", async () => {
    const from = await running({ certManager: "1.19.2" });
    expect(await versionsCommand({ stack: "local", plan: true, from })).toBe(0);
    expect(output.split("\n").map((line) => line.split(/ {2,}/).slice(0, 4).join("|").trim())).toEqual([
      "|PART|HOP|STEP",
      "1|certManager|1.19.2 to 1.20|prepare",
      "2|certManager|1.19.2 to 1.20|types",
      "3|certManager|1.19.2 to 1.20|upgrade",
      "4|certManager|1.19.2 to 1.20|restart",
      "5|certManager|1.20 to 1.21.1|prepare",
      "6|certManager|1.20 to 1.21.1|types",
      "7|certManager|1.20 to 1.21.1|upgrade",
      "8|certManager|1.20 to 1.21.1|restart",
      "",
    ]);
    expect(rowOf("3")?.[4]).toBe("Set `version` of `certManager` to the newest 1.20 and run up.");
  });

  it("prints what the guide to upgrades shows", async () => {
    const shown = /^\$ npm run mlstack -- versions --plan.*\n([^]*?)\n…/m.exec(read("docs/upgrades.md"))?.[1] ?? "";
    await versionsCommand({ stack: "local", plan: true, from: await running({ certManager: "1.19.2" }) });
    expect(shown).not.toBe("");
    expect(output.startsWith(`${shown}\n`)).toBe(true);
  });

  it("goes to the Kubernetes that is asked for, and tells what stays as it is", async () => {
    const from = await running({ kueue: "0.20.7" }, "1.34");
    await versionsCommand({ stack: "local", plan: true, from, kubernetes: "1.36" });
    expect(rowOf("3")?.slice(1, 4)).toEqual(["kubernetes", "1.34 to 1.35", "upgrade"]);
    expect(output).toContain(" 1.35 to 1.36 ");
    const remarks = [
      "kueue runs 0.20.7, newer than 0.19.2: it stays, as nothing goes back.",
      "Which add-ons of EKS run is not known: with each hop of Kubernetes, raise them by `cluster.eks.addOnVersions` and `addOns.versions`.",
    ];
    expect(output.endsWith(`\n\n${remarks.join("\n")}\n`)).toBe(true);
  });

  it("prints the same as data", async () => {
    const from = await running({ jobSet: "0.11.0" });
    await versionsCommand({ stack: "local", plan: true, json: true, from });
    const source = "https://github.com/kubernetes-sigs/jobset/releases (0.12)";
    const hop = { part: "jobSet", from: "0.11.0", to: "0.12.0", source };
    expect(JSON.parse(output)).toMatchObject({
      running: { kubernetes: "1.35", parts: { jobSet: "0.11.0", kueue: PART_VERSIONS.kueue } },
      steps: [
        { number: 1, kind: "types", ...hop },
        { number: 2, kind: "upgrade", ...hop },
        { number: 3, kind: "restart", ...hop },
      ],
      remarks: [],
    });
  });

  it("takes no file without a plan, and knows no Kubernetes that nobody has", async () => {
    await expect(versionsCommand({ stack: "local", from: "versions.json" })).rejects.toMatchObject({
      message: "--from says from which versions an upgrade is planned",
    });
    const from = await running({});
    await expect(versionsCommand({ stack: "local", plan: true, from, kubernetes: "1.99" })).rejects.toMatchObject({
      message: "Kubernetes 1.99 is newer than every version that is known here",
    });
  });
});
