import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { POLICY_PACKS } from "../cli/policy-packs";
import { runSteps } from "../cli/progress";
import { checkoutRoot } from "../rehearsal/checkout";
import { type Benchmark, secondsOf } from "./benchmark";
import { JUDGED_RESOURCES, sizeKb } from "./judged-resources";
import { analyzeRequest, PackProcess } from "./pack-process";

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
export async function measurePolicyPacks(benchmark: Benchmark): Promise<void> {
  const packs = [
    await writeEmptyPack(join(benchmark.scratch, "empty-pack")),
    ...POLICY_PACKS.map((name) => ({ name, folder: join(checkoutRoot(), "policies", name) })),
  ];
  await runSteps(
    Array.from({ length: benchmark.runs }, (_, index) => ({
      title: `Run ${index + 1} of ${benchmark.runs}: policy packs`,
      typical: "10 s",
      run: async (tell: (doing: string) => void) => {
        for (const pack of packs) {
          tell(pack.name);
          await measureOnce(benchmark, pack);
        }
        return undefined;
      },
    })),
  );
}

async function measureOnce({ results }: Benchmark, { name, folder }: Pack): Promise<void> {
  const started = performance.now();
  const pack = await PackProcess.start(folder);
  results.record("start until it can be called", name, (performance.now() - started) / 1000, "s");
  results.record("memory after the start", name, await pack.memoryMib(), "MiB");
  for (const resource of JUDGED_RESOURCES) {
    const request = analyzeRequest(resource.type, resource.properties);
    const call = async (times: number) => {
      for (let made = 0; made < times; made++) await pack.analyze(request);
    };
    await call(WARM_UP_CALLS);
    const milliseconds = ((await secondsOf(() => call(CALLS))) / CALLS) * 1000;
    results.record(`call: ${resource.title} of ${sizeKb(resource).toFixed(1)} KB`, name, milliseconds, "ms");
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
