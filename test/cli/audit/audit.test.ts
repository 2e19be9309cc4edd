import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { advisoriesOf } from "../../../cli/audit/advisories";
import { auditFaults, explainedAdvisories } from "../../../cli/audit/explained";
import { explanationsFile } from "../../../cli/audit/run";
import { lastingFolder } from "../../support/lasting-folder";
import { npmScript } from "../../support/mlstack";

const ID = "GHSA-c2qf-rxjj-qqgw";
const found = { id: ID, package: "semver", severity: "high", title: "slow on long ranges", range: "<99.0.0" };
const entry = {
  advisory: ID,
  package: "semver",
  reason: "Ranges come from our own files, and never from anybody else.",
  until: "2027-03-01",
};

describe("known vulnerabilities that are explained", () => {
  const today = new Date().toISOString().slice(0, 10);

  it("are written down, each with a reason and a last day within a year", () => {
    const nextYear = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
    const entries = explainedAdvisories(readFileSync(explanationsFile(), "utf8"));
    expect(entries.filter(({ until }) => until > nextYear)).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["no reason", { reason: undefined }, "[0.reason] Invalid input: expected string, received undefined"],
    ["a reason that is no sentence", { reason: "fine" }, "[0.reason] Invalid string: must match pattern"],
    ["no last day", { until: undefined }, "[0.until] Invalid input: expected string, received undefined"],
    ["a last day that is none", { until: "2027-02-30" }, "[0.until] Invalid ISO date"],
    ["another id", { advisory: "CVE-2026-1" }, "[0.advisory] Invalid string: must match pattern"],
    ["something else", { severity: "low" }, '[0] Unrecognized key: "severity"'],
  ])("are refused with %s", (_, change, flaw) => {
    expect(() => explainedAdvisories(JSON.stringify([{ ...entry, ...change }]))).toThrow(
      expect.objectContaining({
        name: "Problem",
        message: expect.stringContaining(`cli/audit/explained.yaml: ${flaw}`) as string,
        remedy: "Mend the entries; docs/supply-chain.md shows what they say.",
      }),
    );
  });
});

describe("what stands in the way of a release", () => {
  const faults = (entries: object[], reported = [found], today = "2027-03-01") =>
    auditFaults(reported, explainedAdvisories(JSON.stringify(entries)), today);

  it("is nothing where all is explained, to the last day of each", () => {
    expect(faults([entry])).toEqual([]);
    expect(faults([], [])).toEqual([]);
  });

  it("is a vulnerability that nobody has explained, or of another package alone", () => {
    const told = [`${ID} (high): semver <99.0.0: slow on long ranges`];
    expect(faults([])).toEqual(told);
    expect(faults([{ ...entry, package: "yaml" }])).toEqual([
      ...told,
      `${ID} of yaml is explained, and not reported any more`,
    ]);
  });

  it("is an explanation that is over", () => {
    expect(faults([entry], [found], "2027-03-02")).toEqual([`the explanation of ${ID} of semver ended on 2027-03-01`]);
    expect(faults([entry], [])).toEqual([`${ID} of semver is explained, and not reported any more`]);
  });
});

describe("npm run audit, by the real npm and a registry of this test", { timeout: 120_000 }, () => {
  const folder = lastingFolder("audit");
  /** Packages that npm has asked about. */
  let asked: string[] = [];
  let registry: Server;
  beforeAll(async () => {
    const advisory = (name: string, id: number, ghsa: string) => ({
      ...{ id, url: `https://github.com/advisories/${ghsa}`, title: `${name} waits for ever`, severity: "high" },
      ...{ vulnerable_versions: "<99.0.0", cwe: [], cvss: { score: 0, vectorString: "" } },
    });
    registry = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        response.statusCode = request.url === "/-/npm/v1/security/advisories/bulk" ? 200 : 404;
        if (response.statusCode === 404) return response.end("{}");
        asked = Object.keys(JSON.parse(gunzipSync(Buffer.concat(parts)).toString()) as object);
        const told = {
          "cli-table3": [advisory("cli-table3", 1, ID)],
          vitest: [advisory("vitest", 2, "GHSA-aaaa-bbbb-cccc")],
        };
        return response.setHeader("content-type", "application/json").end(JSON.stringify(told));
      });
    });
    await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => registry.close());

  const audit = async (entries: object[], address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`) => {
    const file = join(folder, "explained.yaml");
    await writeFile(file, JSON.stringify(entries));
    return npmScript("audit", { npm_config_registry: address, npm_config_fetch_retries: "0" }, file);
  };

  it("fails on one that nobody has explained, of packages that run alone", async () => {
    const { code, printed } = await audit([]);
    expect(printed).toBe(`${ID} (high): cli-table3 <99.0.0: cli-table3 waits for ever\n`);
    expect(code).toBe(1);
    expect(asked).toContain("typescript");
  });

  it("ends well where each is explained", async () => {
    const { code, printed } = await audit([{ ...entry, package: "cli-table3", until: "2999-12-31" }]);
    expect([code, printed]).toEqual([0, "Each of 1 known vulnerabilities is explained.\n"]);
  });

  it("fails otherwise where no registry answers", async () => {
    const { code, output } = await audit([], "http://127.0.0.1:1");
    expect(output).toMatch(/^npm cannot tell known vulnerabilities: .*127\.0\.0\.1:1/m);
    expect(output).toContain("Ask a registry that has audits, for example with npm_config_registry=");
    expect(code).toBe(2);
  });

  it("takes for a report only what is one", () => {
    expect(advisoriesOf('{ "vulnerabilities": {} }')).toEqual([]);
    expect(() => advisoriesOf("")).toThrow("npm cannot tell known vulnerabilities");
  });
});
