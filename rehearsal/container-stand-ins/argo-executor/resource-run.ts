import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, type KubeConfig, PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";
import { hasCode } from "../../cluster/api-errors";
import { patiently } from "../../cluster/patience";
import { judge, parseCondition } from "./conditions";
import type { Outputs } from "./outputs";
import { act, type ObjectReference, outputsOfObject, read } from "./resource";
import type { StepTemplate } from "./step";

/** Milliseconds between two looks at an object that is waited for; Argo has five seconds, in which nothing happens here. */
const LOOK = 1000;

/** Annotation of a pod that notes which object it made, lest a stand-in that begins anew makes another one. */
const MADE = "mlstack.dev/simulated-object";

/** What a `resource` template is run with. */
export interface ResourceRun {
  pod: V1Pod;
  template: StepTemplate;
  admin: KubeConfig;
  /** The rights of the pod, asked for anew each time as they expire. */
  own: () => Promise<KubeConfig>;
  signal: AbortSignal;
}

/** Runs a `resource` template to its end. @returns its outputs. @throws Error where it fails. */
export async function runResource(run: ResourceRun): Promise<Outputs | undefined> {
  const { template, pod } = run;
  const { action, successCondition = "", failureCondition = "" } = template.resource!;
  const hasConditions = successCondition !== "" || failureCondition !== "";
  if (action === "delete" && (hasConditions || template.outputs?.parameters?.length)) {
    throw new Error("successCondition, failureCondition and outputs are not supported for delete action");
  }
  const reference = noted(pod) ?? (await make(run));
  if (reference === undefined) return outputsOfObject(undefined, template);
  if (hasConditions) await awaitObject(run, reference, successCondition, failureCondition);
  return outputsOfObject(await patiently(run.signal, async () => read(await run.own(), reference)), template);
}

async function make(run: ResourceRun): Promise<ObjectReference | undefined> {
  const { pod, template, admin } = run;
  const { name = "", namespace = "" } = pod.metadata ?? {};
  const reference = await patiently(run.signal, async () => act(await run.own(), template.resource!, namespace));
  const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  const body = { metadata: { annotations: { [MADE]: JSON.stringify(reference ?? null) } } };
  await patiently(run.signal, () =>
    admin.makeApiClient(CoreV1Api).patchNamespacedPod({ name, namespace, body }, merge),
  );
  return reference;
}

function noted({ metadata }: V1Pod): ObjectReference | undefined {
  const text = metadata?.annotations?.[MADE];
  return text === undefined ? undefined : ((JSON.parse(text) as ObjectReference | null) ?? undefined);
}

async function awaitObject(run: ResourceRun, reference: ObjectReference, success: string, failure: string) {
  const [succeeds, fails] = [success, failure].map((text) => (text === "" ? [] : parseCondition(text)));
  for (;;) {
    const object = await patiently(run.signal, async () => read(await run.own(), reference)).catch((error: unknown) => {
      if (!hasCode(error, 404)) throw error;
      throw new Error("The resource has been deleted while its status was still being checked. Will not be retried");
    });
    const verdict = judge(object, succeeds!, fails!);
    if (typeof verdict === "string") throw new Error(verdict);
    if (verdict) return;
    await sleep(LOOK, undefined, { signal: run.signal });
  }
}
