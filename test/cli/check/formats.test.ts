import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { check } from "../../../cli/check/checking";
import { asJson } from "../../../cli/check/formats/json";
import { asJunit } from "../../../cli/check/formats/junit";
import { asSarif } from "../../../cli/check/formats/sarif";
import { asTable } from "../../../cli/check/formats/table";
import { readInput } from "../../../cli/check/input";
import type { TreeObject } from "../../../components/model";
import { none, onlyRules, POD, scratch, SOME, TODAY, TOLERATION_FINDING } from "./manifests";

interface SarifRun {
  tool: { driver: { version: string; rules: { id: string; properties?: Record<string, unknown> }[] } };
  invocations?: { toolConfigurationNotifications: unknown[] }[];
  results: Record<string, unknown>[];
}

describe("formats of mlstack check", () => {
  const at = scratch();
  const { file } = at;

  async function result(config: TreeObject = SOME, text = POD) {
    const { documents } = await readInput([await file("pod.yaml", text)], none);
    return check(documents, config, TODAY);
  }

  const exemption = {
    rule: "POD-01",
    object: "Pod ml/*",
    reason: "debugs the driver of the node",
    owner: "ml",
    until: "2026-12-31",
  };
  const exempting = { ...SOME, exemptions: [exemption] };

  /** A name that begins a command of GitHub on a line of its own. */
  const EVIL = POD.replace("name: mnist", 'name: "a\\n::error::b\\u001b[31m"');

  describe("table", () => {
    it("is for people", async () => {
      const lines = asTable(await result(exempting)).split("\n");

      expect(lines[0]).toBe("policies");
      expect(lines[1]).toMatch(/^ {11}advisory {2}\w+ +\[META-04\] .*POD-01 \(ml, until 2026-12-31\)/);
      expect(lines[3]).toBe(join(at.folder, "pod.yaml"));
      expect(lines[4]).toBe(`  6:3      mandatory high     ${TOLERATION_FINDING}`);
      expect(lines.at(-2)).toBe("2 mandatory (1 high, 1 medium), 0 advisory, 1 let pass by exemptions");
    });

    it("is nothing but the sum where nothing is wrong", async () => {
      expect(asTable(await result(onlyRules()))).toBe("0 mandatory, 0 advisory\n");
    });

    it("shows names on one line, without what a terminal or GitHub obeys", async () => {
      const table = asTable(await result(onlyRules("POD-01"), EVIL));

      expect(table).toContain("[POD-01] Pod ml/a\\u000a::error::b\\u001b[31m: spec");
      expect(table).not.toMatch(/^\s*::|\u001b/m);
    });

    it("begins no line with the name of a file that is a command of GitHub", async () => {
      const { documents } = await readInput(["-"], () => Promise.resolve(POD));
      const named = documents.map((document) => ({ ...document, file: "::error::a.yaml" }));

      expect(asTable(check(named, SOME, TODAY))).toMatch(/^\.\/::error::a\.yaml$/m);
    });
  });

  describe("json", () => {
    it("is for programs", async () => {
      const { version, findings } = JSON.parse(asJson(await result(exempting))) as Record<string, never>;

      expect(version).toBe(1);
      expect(findings).toContainEqual({
        rule: "POD-01",
        severity: "critical",
        object: "Pod ml/mnist",
        path: "spec.containers[0].securityContext.privileged",
        observed: "true",
        allowed: "false or absent",
        remedy: "Remove it, and add the single capabilities that the program needs.",
        level: "mandatory",
        file: join(at.folder, "pod.yaml"),
        line: 10,
        column: 37,
        undecided: false,
        fixable: false,
        exemption: {
          rule: "POD-01",
          reason: exemption.reason,
          owner: "ml",
          until: "2026-12-31",
          object: "Pod ml/*",
          source: expect.any(String) as string,
        },
      });
    });

    it("counts as the table does", async () => {
      expect(JSON.parse(asJson(await result(exempting)))).toMatchObject({
        summary: { mandatory: 2, advisory: 0, exempted: 1 },
      });
    });

    it("tells what --fix mends", async () => {
      const { findings } = JSON.parse(asJson(await result())) as { findings: { rule: string; fixable: boolean }[] };

      expect(findings.filter(({ fixable }) => fixable).map(({ rule }) => rule)).toEqual(["GPU-02"]);
    });
  });

  describe("sarif", () => {
    function runOf(sarif: string): SarifRun {
      const { version, runs } = JSON.parse(sarif) as { version: string; runs: [SarifRun] };
      expect(version).toBe("2.1.0");
      return runs[0];
    }

    it("is for code hosts", async () => {
      const { tool, results } = runOf(asSarif(await result(exempting), { version: "1.2.3" }));
      const indexOf = (id: string) => tool.driver.rules.findIndex((rule) => rule.id === id);

      expect(tool.driver.version).toBe("1.2.3");
      expect(tool.driver.rules.find(({ id }) => id === "POD-01")).toMatchObject({
        shortDescription: { text: "Containers are not privileged" },
        defaultConfiguration: { level: "error" },
        properties: { "security-severity": "9.5" },
      });
      expect(results).toContainEqual({
        ruleId: "GPU-02",
        ruleIndex: indexOf("GPU-02"),
        level: "error",
        message: { text: TOLERATION_FINDING },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: `${at.folder}/pod.yaml` },
              region: { startLine: 6, startColumn: 3 },
            },
            logicalLocations: [{ fullyQualifiedName: "Pod ml/mnist: spec.tolerations" }],
          },
        ],
      });
    });

    it("leaves exempted findings out, unless they are asked for", async () => {
      const idsOf = (sarif: string) => runOf(sarif).results.map(({ ruleId }) => ruleId);

      expect(idsOf(asSarif(await result(exempting), { version: "1" }))).toEqual(["GPU-02", "POD-22"]);
      const shown = asSarif(await result(exempting), { version: "1", showExempted: true });
      expect(idsOf(shown)).toEqual(["GPU-02", "POD-22", "POD-01"]);
      expect(runOf(shown).results.filter(({ suppressions }) => suppressions !== undefined)).toMatchObject([
        {
          ruleId: "POD-01",
          suppressions: [
            {
              kind: "external",
              status: "accepted",
              justification: "debugs the driver of the node (ml, until 2026-12-31)",
            },
          ],
        },
      ]);
    });

    it("places what is about configuration at the policy file", async () => {
      const { results, invocations } = runOf(
        asSarif(await result(exempting), { version: "1", policyFile: "ci/policies.yaml" }),
      );

      expect(invocations).toBeUndefined();
      expect(results.find(({ ruleId }) => ruleId === "META-04")).toMatchObject({
        locations: [{ physicalLocation: { artifactLocation: { uri: "ci/policies.yaml" }, region: { startLine: 1 } } }],
      });
    });

    it("makes that a notification where there is no policy file, as every result needs a place", async () => {
      const { results, invocations } = runOf(asSarif(await result(exempting), { version: "1" }));

      expect(invocations).toMatchObject([
        {
          executionSuccessful: true,
          toolConfigurationNotifications: [{ descriptor: { id: "META-04" }, level: "warning" }],
        },
      ]);
      expect(
        results.map(({ locations }) => (locations as { physicalLocation?: object }[])[0]?.physicalLocation),
      ).toEqual([expect.anything(), expect.anything()]);
    });

    it("gives an id the highest severity and level of its rules", async () => {
      const found = await result(onlyRules("GPU-02"));
      const [rule] = found.rules;
      const rules = (["low", "critical", "medium"] as const).map((severity) => ({
        ...rule!,
        severity,
        level: severity === "medium" ? ("mandatory" as const) : ("advisory" as const),
      }));

      expect(runOf(asSarif({ findings: [], rules }, { version: "1" })).tool.driver.rules).toMatchObject([
        { id: "GPU-02", defaultConfiguration: { level: "error" }, properties: { "security-severity": "9.5" } },
      ]);
      const mild = rules.map((one) => ({ ...one, level: "advisory" as const, severity: "low" as const }));
      expect(runOf(asSarif({ findings: [], rules: mild }, { version: "1" })).tool.driver.rules).toMatchObject([
        { defaultConfiguration: { level: "warning" }, properties: { "security-severity": "2.0" } },
      ]);
    });

    it("shows names on one line", async () => {
      const { results } = runOf(asSarif(await result(onlyRules("POD-01"), EVIL), { version: "1" }));

      expect(results[0]?.["message"]).toMatchObject({ text: expect.stringContaining("ml/a\\u000a::error") as string });
    });
  });

  describe("junit", () => {
    it("is for CI, with exemptions as skipped and sound documents as passed", async () => {
      const xml = asJunit(await result(exempting), [
        { file: join(at.folder, "pod.yaml"), title: "Pod ml/mnist" },
        { file: "b.yaml", title: 'Job ml/"<sound>"' },
      ]);

      expect(xml).toContain('<testsuites name="mlstack check" tests="5" failures="2" skipped="1">');
      expect(xml).toContain('<failure type="high" message="[GPU-02] Pod ml/mnist: spec.tolerations is without a match');
      expect(xml).toContain('<skipped message="debugs the driver of the node (ml, until 2026-12-31)"/>');
      expect(xml).toContain('<testcase classname="b.yaml" name="Job ml/&quot;&lt;sound&gt;&quot;"/>');
      expect(xml).not.toMatch(/<testcase[^>]*name="Pod ml\/mnist"\/>/);
    });

    it("names no two test cases alike", async () => {
      const found = await result();
      const twice = { ...found, findings: [...found.findings, ...found.findings] };
      const xml = asJunit(twice, [
        { file: "b.yaml", title: "Job a" },
        { file: "b.yaml", title: "Job a" },
      ]);
      const names = [...xml.matchAll(/<testcase classname="[^"]*" name="([^"]*)"/g)].map(([, name]) => name);

      expect(names).toContain("POD-22 Pod ml/mnist: spec.containers[0].image");
      expect(names).toContain("POD-22 Pod ml/mnist: spec.containers[0].image (2)");
      expect(names).toContain("Job a (2)");
      expect(new Set(names).size).toBe(8);
    });

    it("shows names on one line", async () => {
      const xml = asJunit(await result(onlyRules("POD-01"), EVIL), []);

      expect(xml).toContain('name="POD-01 Pod ml/a\\u000a::error::b\\u001b[31m: spec');
    });
  });
});
