import { appendFileSync } from "node:fs";
import { it } from "vitest";
import { allCases, titleOf } from "../components/platform/all-cases";
import { fixedSecretValues, flawsOf, secretValues } from "./flaws";
import { triesOf, tryPart } from "./part-tries";
it.each(allCases.map((c) => [titleOf(c), c] as const))("%s", async (_, c) => {
  const tries = await triesOf(c);
  const all = [];
  const t0 = Date.now();
  for (const t of tries) all.push(await tryPart(c, t));
  const t1 = Date.now();
  const counts = new Map<string, number>();
  for (const f of all.flatMap(flawsOf)) counts.set(f, (counts.get(f) ?? 0) + 1);
  const unrend = [...new Set(all.flatMap((t) => t.sources.filter((s) => s.objects === undefined).map((s) => s.title)))];
  const { fixed, seenOnce } = fixedSecretValues(all);
  const vals = all.flatMap((t) => t.resources.flatMap(secretValues)).filter((x) => fixed.includes(x.key)).map((x) => x.key + "=" + x.value.slice(0, 100));
  const hasNs = all.some((t) => t.resources.some((r) => r.type === "kubernetes:core/v1:Namespace"));
  appendFileSync("/tmp/w/generic/out.txt", `== ${_} tries ${tries.length} sources ${all.flatMap((t) => t.sources).length} run ${t1 - t0} ns ${hasNs}\n${[...counts].map(([f, n]) => `${n} ${f}`).sort().join("\n")}\n${seenOnce.join(", ")} UNRENDERED ${unrend.join(" ")}\n${[...new Set(vals)].join("\n")}\n`);
}, 120000);
