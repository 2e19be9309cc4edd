import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { POLICY_PACKS } from "../cli/policy-packs";
import { runSteps, type Step } from "../cli/progress";
import { checkoutRoot } from "../rehearsal/checkout";
import { type Benchmark, secondsOf } from "./benchmark";
import { JUDGED_RESOURCES, sizeKb } from "./judged-resources";
import { analyzeRequest, PackProcess } from "./pack-process";
import { Results } from "./results";
import { median } from "./statistics";

/** Unmeasured calls per resource: V8 compiles what runs often, and a stack has many resources. */
const WARM_UP_CALLS = 50;

/** Measured calls per resource and run. */
const CALLS = 200;

/** A pack that is measured. */
interface Pack {
  name: string;
  folder: string;
}

/** Measures the start of each policy pack, its memory and its calls against a pack whose only policy does nothing. */
export async function measurePolicyPacks({ runs, scratch, results }: Benchmark): Promise<void> {
  const empty = await writeEmptyPack(join(scratch, "empty-pack"));
  const packs = [empty, ...POLICY_PACKS.map((name) => ({ name, folder: join(checkoutRoot(), "policies", name) }))];
  const round = (title: string, into: Results, measured: Pack[]): Step => ({
    title,
    typical: "10 s",
    run: async (tell) => {
      for (const pack of measured) {
        tell(pack.name);
        await measureOnce(into, pack);
      }
      return undefined;
    },
  });
  await runSteps([
    // The first round also pays for this process's own first calls, and for reading the SDK from the disk.
    round("Unmeasured round", new Results(), [empty]),
    ...Array.from({ length: runs }, (_, index) => round(`Run ${index + 1} of ${runs}: policy packs`, results, packs)),
  ]);
}

async function measureOnce(results: Results, { name, folder }: Pack): Promise<void> {
  const started = performance.now();
  const pack = await PackProcess.start(folder);
  results.record("start until it can be called", name, (performance.now() - started) / 1000, "s");
  results.record("memory after the start", name, await pack.memoryMib(), "MiB");
  for (const resource of JUDGED_RESOURCES) {
    const request = analyzeRequest(resource.type, resource.properties);
    for (let call = 0; call < WARM_UP_CALLS; call++) await pack.analyze(request);
    const seconds: number[] = [];
    for (let call = 0; call < CALLS; call++) seconds.push(await secondsOf(() => pack.analyze(request)));
    const measure = `call: ${resource.title} of ${sizeKb(resource).toFixed(1)} KB`;
    results.record(measure, name, median(seconds) * 1000, "ms");
  }
  await pack.stop();
}

async function writeEmptyPack(folder: string): Promise<Pack> {
  const program = `const { PolicyPack } = require("@pulumi/policy");
const policy = { name: "nothing", description: "Nothing.", validateResource: () => undefined };
new PolicyPack("empty", { policies: [policy] });
`;
  await mkdir(folder);
  await writeFile(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "empty", version: "0.0.1", main: "index.js" }));
  await writeFile(join(folder, "index.js"), program);
  return { name: "empty pack", folder };
}
