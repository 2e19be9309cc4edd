import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  KubernetesObjectApi,
} from "@kubernetes/client-node";
import { parseDocument } from "yaml";
import { embeddedPulumi } from "../../cli/pulumi";
import { checkoutRoot } from "../../rehearsal/checkout";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { find } from "../../rehearsal/toolchain/resolve";
import { mlstack } from "./mlstack";
import type { ProgramGround } from "./pulumi-program";

/** A value of the configuration, by its path within it. */
export type Setting = [path: (string | number)[], value: unknown];

/** Parts of the platform whose controllers are two by default. */
const REPLICATED = [
  "argoWorkflows",
  "jobSet",
  "katib",
  "kserve",
  "kueue",
  "mpiOperator",
  "sparkOperator",
  "trainer",
  "trainingOperator",
  "verticalPodAutoscaling",
];

/**
 * One of each controller, which does as much work as two.
 *
 * @param without parts that an environment does not have; none by default.
 */
export function oneOfEach(without: readonly string[] = []): Setting[] {
  const parts = REPLICATED.filter((part) => !without.includes(part));
  return parts.map((part) => [["mlstack:platform", "parts", part, "replicas"], 1]);
}

/** What a rehearsal has in place of the local stack as it is. */
export interface Chosen {
  /** Parts of the platform; by default all that the local stack has. */
  parts?: string[];
  /** Names of the scenarios; by default all that the local stack has, and none with chosen parts. */
  scenarios?: string[];
  /** Name of the environment that it is a part of; `local` by default. */
  environment?: string;
  /** Folder that is made for it; by default one that has a name of its own. */
  folder?: string;
  /** Further values of the configuration. */
  set?: Setting[];
}

/** The local stack, or a part of it, on a cluster whose controllers run. */
export class RehearsedStack {
  private kept: KubeConfig | undefined;

  /** @param folder with its configuration and its state. */
  constructor(readonly folder: string) {}

  /** Brings it up, in a folder of its own. @throws Error where it does not come up. */
  static async up(chosen: Chosen): Promise<RehearsedStack> {
    const { folder = await mkdtemp(join(tmpdir(), "mlstack-rehearsal-")), environment = "local" } = chosen;
    await mkdir(folder, { recursive: true });
    const stack = new RehearsedStack(folder);
    await writeFile(stack.configuration, await configurationOf(chosen));
    // Its configuration is a copy of the environment's, which has policies of its own by its name.
    const policies = join(checkoutRoot(), "stacks", `policies.${environment}.yaml`);
    const own = existsSync(policies) ? ["--policies", policies] : [];
    const { code, output } = await mlstack(
      stack.state,
      "up",
      "--skip-preview",
      "--config",
      stack.configuration,
      ...own,
    );
    if (code === 0) return stack;
    await stack.remove();
    throw new Error(output);
  }

  /** Folder of its state, as `MLSTACK_STATE` names it. */
  get state(): string {
    return join(this.folder, "state");
  }

  /** Its file of configuration. */
  get configuration(): string {
    return join(this.folder, "rehearsal.yaml");
  }

  /** Path of its kubeconfig. */
  get kubeconfig(): string {
    return clusterLayout(this.state).kubeconfig;
  }

  /** How it is reached, by connections that all who ask share: tests ask again and again. */
  get config(): KubeConfig {
    return (this.kept ??= readKubeconfig(this.kubeconfig));
  }

  get core(): CoreV1Api {
    return this.config.makeApiClient(CoreV1Api);
  }

  get apps(): AppsV1Api {
    return this.config.makeApiClient(AppsV1Api);
  }

  get batch(): BatchV1Api {
    return this.config.makeApiClient(BatchV1Api);
  }

  get custom(): CustomObjectsApi {
    return this.config.makeApiClient(CustomObjectsApi);
  }

  get objects(): KubernetesObjectApi {
    return KubernetesObjectApi.makeApiClient(this.config);
  }

  /** What Pulumi programs beside the stack run on. */
  async ground(): Promise<ProgramGround> {
    const [engine, provider] = await Promise.all([find("pulumi"), find("kubernetes-provider")]);
    const { variables } = await embeddedPulumi(engine, provider, this.state);
    return { kubeconfig: this.kubeconfig, variables };
  }

  async create(object: object): Promise<void> {
    await this.objects.create(object);
  }

  /** Destroys it as users do, and removes its folder. @throws Error where something does not go. */
  async down(): Promise<void> {
    const { code, output } = await mlstack(this.state, "down", "--config", this.configuration);
    if (code !== 0) {
      await this.remove();
      throw new Error(output);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Ends its cluster, whatever is on it, and removes its folder. */
  async remove(): Promise<void> {
    await mlstack(this.state, "down", "--force");
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function configurationOf({ environment = "local", parts, scenarios, set = [] }: Chosen): Promise<string> {
  const document = parseDocument(await readFile(join(checkoutRoot(), "stacks", `Pulumi.${environment}.yaml`), "utf8"));
  const key = ["config", "mlstack:platform", "parts"];
  const known = Object.keys(
    (document.toJS() as { config: Record<string, { parts: object }> }).config["mlstack:platform"]!.parts,
  );
  for (const part of known.filter((part) => parts?.includes(part) === false)) document.deleteIn([...key, part]);
  document.setIn(["config", "mlstack:cluster", "controllers"], "processes");
  if (scenarios ?? parts) document.setIn(["config", "mlstack:scenarios"], scenarios ?? []);
  for (const [path, value] of set) document.setIn(["config", ...path], value);
  return document.toString();
}
