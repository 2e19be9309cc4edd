import { join } from "node:path";
import { runSteps, type Step } from "../cli/progress";
import { type Benchmark, secondsOf } from "./benchmark";
import { JUDGED_RESOURCES, sizeKb } from "./judged-resources";
import { analyzeRequest, PackProcess } from "./pack-process";
import { emptyPack, ownPacks, type Pack } from "./packs";
import { Results } from "./results";
import { median } from "./statistics";

/** Unmeasured calls per resource: V8 compiles what runs often, and a stack has many resources. */
const WARM_UP_CALLS = 50;

/** Measured calls per resource and run. */
const CALLS = 200;

/** Measures the start of each policy pack, its memory and its calls against a pack whose only policy does nothing. */
export async function measurePolicyPacks({ runs, scratch, results }: Benchmark): Promise<void> {
  const cache = join(scratch, "caches", "packs");
  const empty = await emptyPack(scratch);
  const packs = [empty, ...ownPacks()];
  const round = (title: string, into: Results): Step => ({
    title,
    typical: "15 s",
    run: async (tell) => {
      for (const pack of packs) {
        tell(pack.name);
        await measureOnce(into, pack, cache);
      }
      return undefined;
    },
  });
  await runSteps([
    // It fills the compile cache, and this process's own first calls are slow too.
    round("Unmeasured round", new Results()),
    ...Array.from({ length: runs }, (_, index) => round(`Run ${index + 1} of ${runs}: policy packs`, results)),
  ]);
}

async function measureOnce(results: Results, { name, folder }: Pack, cache: string): Promise<void> {
  const start = async (measure: string, variables: Record<string, string>) => {
    const started = performance.now();
    const pack = await PackProcess.start(folder, variables);
    results.record(measure, name, (performance.now() - started) / 1000, "s");
    return pack;
  };
  await (await start("start, cold", { NODE_DISABLE_COMPILE_CACHE: "1" })).stop();
  const pack = await start("start, warm", { NODE_COMPILE_CACHE: cache });
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
