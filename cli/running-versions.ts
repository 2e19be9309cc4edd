import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { SOURCES } from "../components/model/module-sources";
import type { RunningVersions } from "../components/model/upgrade-plan";
import { PART_VERSIONS } from "../components/model/version-matrix";
import { callersPath } from "../rehearsal/checkout";
import { Problem } from "../rehearsal/problem";
import { ensure } from "../rehearsal/toolchain/resolve";
import { Environment } from "./environment";
import { backendFolder, embeddedPulumi } from "./pulumi";
import { readStackFile, type StackOptions } from "./stack-file";
import { stateOf } from "./teardown/pulumi-state";
import { eksClusterOf, isDeleted, propertiesOf, resourcesOf, type StateResource } from "./teardown/state";

/** Component that has the objects of charts and manifests, and says of which versions. */
const RENDERED = "mlstack:internal:RenderedObjects";

/** Parts by the names of their charts and manifests; charts that go with another one are no parts. */
const partOf = new Map(
  Object.entries(SOURCES).flatMap(([part, { name }]) => (Object.hasOwn(PART_VERSIONS, part) ? [[name, part]] : [])),
);

/**
 * The versions that a stack's state tells of, of parts, Kubernetes and EKS's add-ons. Those of charts and manifests that no part of a platform has a pin for are left
 * out, and so is the version of a cluster that the stack did not make.
 */
export function versionsInState(resources: StateResource[]): RunningVersions {
  const rendered = resources.filter(({ type }) => type === RENDERED).flatMap(({ inputs }) => namedVersions(inputs));
  const parts = rendered.flatMap(([name, version]) =>
    partOf.has(name) ? [[partOf.get(name)!, version] as const] : [],
  );
  const version = eksClusterOf(resources)?.inputs?.["version"];
  return {
    kubernetes: typeof version === "string" ? version : undefined,
    parts: Object.fromEntries(parts),
    ...(typeof version === "string" ? { addOns: addOnsIn(resources) } : {}),
  };
}

/** Add-ons of EKS that the stack made, by name; EKS chose the version where nobody did. */
function addOnsIn(resources: StateResource[]): Record<string, string> {
  const own = resources.filter((resource) => resource.type === "aws:eks/addon:Addon" && isDeleted(resource));
  return Object.fromEntries(
    own.map((resource) => {
      const { addonName, addonVersion } = propertiesOf(resource);
      return [String(addonName), typeof addonVersion === "string" ? addonVersion : "a version that is not known"];
    }),
  );
}

/**
 * What an environment runs, by Pulumi's state of it; nothing of the cluster is asked or started.
 *
 * @throws {Problem} when there is no such state, or it does not say what runs.
 */
export async function versionsOfStack(options: StackOptions): Promise<RunningVersions> {
  const resources = await stateOfStack(options);
  if (resources.length === 0) {
    throw new Problem(
      `the stack ${options.stack} has nothing that runs`,
      "Bring it up first, or name what runs elsewhere with --from FILE.",
    );
  }
  const running = versionsInState(resources);
  if (running.kubernetes !== undefined || Object.keys(running.parts).length > 0) return running;
  throw new Problem(
    `the state of ${options.stack} does not say which versions run: it has no platform, or was made by an older version`,
    "Name them with --from FILE, a file that `mlstack versions --json` of that version printed.",
  );
}

async function stateOfStack(options: StackOptions): Promise<StateResource[]> {
  const stack = await readStackFile(options);
  if (stack.embedded) {
    if (!existsSync(backendFolder())) return [];
    const pulumi = await embeddedPulumi(await ensure("pulumi"), await ensure("kubernetes-provider"));
    return resourcesOf(await pulumi.quietly(["stack", "export", "--stack", stack.name]));
  }
  const environment = await Environment.open(options);
  // Quietly, as JSON may be asked for.
  for (const step of environment.steps()) await step.run(() => undefined);
  return stateOf(environment);
}

/** What `mlstack versions --json` prints, as far as it says what runs. */
const printed = z.object({
  kubernetes: z.string().optional(),
  parts: z.array(z.object({ part: z.string(), pinned: z.string() })),
});

/**
 * What `mlstack versions --json` has printed, here or of another version.
 *
 * @throws {Problem} when there is no such file, or it is another one.
 */
export async function versionsOfFile(path: string): Promise<RunningVersions> {
  const remedy = "Name a file that `mlstack versions --json` printed.";
  const text = await readFile(callersPath(path), "utf8").catch(() => {
    throw new Problem(`${path} cannot be read`, remedy);
  });
  const { success, data } = printed.safeParse(parsed(text));
  if (!success) throw new Problem(`${path} is not what \`mlstack versions --json\` prints`, remedy);
  return {
    kubernetes: data.kubernetes,
    parts: Object.fromEntries(data.parts.map(({ part, pinned }) => [part, pinned])),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function namedVersions(inputs: Record<string, unknown> | undefined): [string, string][] {
  const { versions } = inputs ?? {};
  if (typeof versions !== "object" || versions === null) return [];
  return Object.entries(versions).filter((entry): entry is [string, string] => typeof entry[1] === "string");
}
