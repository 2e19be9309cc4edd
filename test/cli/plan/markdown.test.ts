import { describe, expect, it } from "vitest";
import { planMarkdown } from "../../../cli/plan/markdown";
import type { PlanReport } from "../../../cli/plan/report";
import { emptyReport, typicalReport } from "./page/fixture";

/** The Markdown of a plan that is typical but for these changes, by its lines. */
const lines = (changes: Partial<PlanReport>) => planMarkdown({ ...typicalReport, ...changes }).split("\n");

describe("a plan as Markdown", () => {
  it("begins with what a workflow finds its own comment by, and with what the change costs", () => {
    expect(lines({}).slice(0, 13)).toEqual([
      "<!-- mlstack plan -->",
      "",
      "### Plan of staging",
      "",
      "**This change adds up to USD 87.84/h, as train-a100 may grow from 0 to 4 nodes.**",
      "",
      "| USD per hour | idle | typical | ceiling |",
      "| --- | --: | --: | --: |",
      "| pool train-a100 (new) | 0.00 | 26.35 (+26.35) | 87.84 (+87.84) |",
      "| pool old-t4 (goes) | 0.00 (−0.53) | 0.00 (−0.53) | 0.00 (−2.10) |",
      "| pool serve-a10g | 5.67 | 14.18 (+2.84) | 34.02 (+11.34) |",
      "| **environment** | 6.44 | 46.70 (+26.35) | 134.18 (+87.84) |",
      "",
    ]);
  });

  it("says of a sum that is not known, or that nothing bounds, what it was", () => {
    const [before, after] = [
      { idle: undefined, typical: undefined, ceiling: 2 },
      { idle: 1, typical: undefined, ceiling: null },
    ];
    const difference = { sentence: "it is not known", before, after, changes: [] };
    expect(lines({ difference })).toContain(
      "| **environment** | 1.00 (was unknown) | unknown | unbounded (was 2.00) |",
    );
  });

  it("tells the cost alone where there is nothing to compare with", () => {
    const { difference: _, ...alone } = typicalReport;
    expect(planMarkdown(alone)).toContain(
      "\n\n**Cost:** USD 6.44/h idle, USD 46.70/h typical, unbounded at most.\n\n- not counted: the pool new-hardware,",
    );
    expect(planMarkdown(emptyReport)).toContain("at most.\n\n**0 sets of pods:**");
  });

  it("lists what does not run with everything else, and why", () => {
    expect(lines({})).toContain(
      "**15 sets of pods:** 11 run at once, 1 queue, 2 can never run, 1 undecided. Peak: 23 nodes, 48 GPUs.",
    );
    expect(lines({})).toContain("- **never** Job vision/arm-export: no pool has arm64 nodes");
    expect(lines({})).toContain("- **undecided** Job vision/replay: its number of pods is not known yet");
    expect(lines({})).toContain(
      "- waits MPIJob language/pretrain Worker, 8 pods: its pods must run together, and never can",
    );
  });

  it("lists mandatory findings first", () => {
    const found = lines({ findings: typicalReport.findings.toReversed() });
    const places = found.flatMap((line, index) => (/^- (\*\*mandatory\*\* )?\\\[/.test(line) ? [index] : []));
    const areMandatory = places.map((place) => found[place]!.startsWith("- **mandatory** "));
    expect(areMandatory).toEqual([true, true, true, false, false, false]);
  });

  it("shows names that anybody wrote as they are: without format, cells, HTML, mentions or commands", () => {
    const evil = "a|b\n::error::<img src=x> [x](https://e.example) @everyone #1 **bold** `code`";
    const [, , title] = lines({ stack: evil });
    expect(title).toBe(
      "### Plan of a\\|b\\\\u000a::error::\\<img src=x\\> \\[x\\]\\(https://e.example\\) @<!-- -->everyone \\#1 \\*\\*bold\\*\\* \\`code\\`",
    );
  });

  it("ends at the end of a line where a comment could not hold all of it, and says so", () => {
    const [finding] = typicalReport.findings;
    const text = planMarkdown({ ...typicalReport, findings: Array.from({ length: 5000 }, () => finding!) });
    expect(text.length).toBeLessThan(65_536);
    expect(text.length).toBeGreaterThan(55_000);
    expect(text).toMatch(
      /\.\n\n…and more: this plan is longer than a comment may be\. The other formats have all of it\.\n$/,
    );
  });
});
