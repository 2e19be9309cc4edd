import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runSteps, type Step } from "../cli/progress";
import { writtenResourceOf, type WrittenResource } from "../policies/engine/written-resource";
import type { Tree } from "../components/model";
import { type Benchmark, secondsOf } from "./benchmark";
import { analyzeRequest, analyzeStackRequest, PackProcess } from "./pack-process";
import { emptyPack, ownPacks, packsOfSinglePolicies, type Pack } from "./packs";
import { renderOnce } from "./workload-mix/render-once";

/** Resources of the measured stack. */
const RESOURCES = 300;

/** A large workflow has about this many bytes. */
const LARGE = 50_000;

/** Packs that judge together, as Pulumi has them do. */
interface Contender {
  name: string;
  packs: Pack[];
}

/**
 * Measures what the policy packs add to a stack of 300 resources of all kinds of workloads: each resource is judged by all
 * packs side by side, one after another, then the stack as a whole; against packs that do nothing, and against one policy
 * per rule.
 */
export async function measurePolicyStack({ runs, scratch, results }: Benchmark): Promise<void> {
  const empty = await emptyPack(scratch);
  const contenders: Contender[] = [
    { name: "packs that do nothing", packs: ownPacks().map(() => empty) },
    { name: "the packs", packs: ownPacks() },
    { name: "one policy per rule", packs: await packsOfSinglePolicies(scratch) },
  ];
  const manifests = join(scratch, "judged-workloads.json");
  let resources: WrittenResource[] = [];
  const prepare: Step = {
    title: "Workloads",
    typical: "5 s",
    run: async () => {
      await renderOnce(manifests);
      const objects = JSON.parse(await readFile(manifests, "utf8")) as Tree[];
      resources = objects.flatMap((object) => writtenResourceOf(object) ?? []).slice(0, RESOURCES);
      return undefined;
    },
  };
  const rounds = Array.from({ length: runs }, (_, index): Step => ({
    title: `Run ${index + 1} of ${runs}: a stack under the policy packs`,
    typical: "40 s",
    run: async (tell) => {
      const wholes: number[] = [];
      for (const contender of contenders) {
        tell(contender.name);
        const record = (measure: string, value: number, unit: "s" | "ms") => {
          results.record(measure, contender.name, value, unit);
        };
        wholes.push(await measureOnce(contender, resources, scratch, record));
      }
      const [nothing = 0, ...others] = wholes;
      for (const [place, whole] of others.entries()) {
        results.record(`added to ${RESOURCES} resources`, contenders[place + 1]!.name, whole - nothing, "s");
      }
      return undefined;
    },
  }));
  await runSteps([prepare, ...rounds]);
}

/** @returns seconds that all of it takes. */
async function measureOnce(
  { packs }: Contender,
  resources: WrittenResource[],
  scratch: string,
  record: (measure: string, value: number, unit: "s" | "ms") => void,
): Promise<number> {
  const variables = { NODE_COMPILE_CACHE: join(scratch, "caches", "stack") };
  const processes = await Promise.all(packs.map(({ folder }) => PackProcess.start(folder, variables)));
  const judge = (resource: WrittenResource) => {
    const request = analyzeRequest(resource.type, resource.properties);
    return Promise.all(processes.map((pack) => pack.analyze(request)));
  };
  const each: number[] = [];
  for (const resource of resources) each.push(await secondsOf(() => judge(resource)));
  const stack = analyzeStackRequest(resources);
  const together = await secondsOf(() => Promise.all(processes.map((pack) => pack.analyzeStack(stack))));
  const whole = each.reduce((sum, seconds) => sum + seconds, together);
  record(`${RESOURCES} resources, then the stack`, whole, "s");
  record("the stack as a whole", together * 1000, "ms");
  record("95 of 100 resources within", each.toSorted((a, b) => a - b)[Math.floor(each.length * 0.95)]! * 1000, "ms");
  const large = largeWorkflow();
  for (let call = 0; call < 5; call++) await judge(large);
  record("a workflow of 50 KB", (await secondsOf(() => judge(large))) * 1000, "ms");
  for (const pack of processes) await pack.stop();
  return whole;
}

/** A workflow with as many templates as make it large. */
function largeWorkflow(): WrittenResource {
  const template = (index: number) => ({
    name: `step-${index}`,
    container: {
      image: "registry.example/step:1.4",
      command: ["python", "step.py"],
      args: ["--part", String(index)],
      env: Array.from({ length: 8 }, (_, number) => ({
        name: `SETTING_${number}`,
        value: `setting ${number} of many`,
      })),
      resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { memory: "2Gi" } },
      securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  });
  const templates = [];
  while (JSON.stringify(templates).length < LARGE) templates.push(template(templates.length));
  const properties = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Workflow",
    metadata: { name: "large", namespace: "ml" },
    spec: { entrypoint: "step-0", templates },
  };
  return { type: "kubernetes:argoproj.io/v1alpha1:Workflow", name: "large", properties };
}
