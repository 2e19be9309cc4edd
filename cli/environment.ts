import { existsSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "../rehearsal/checkout";
import { ControlPlane } from "../rehearsal/cluster/control-plane";
import { clusterLayout } from "../rehearsal/cluster/layout";
import { NO_PROGRAMS } from "../rehearsal/operators/program-file";
import { ensurePodPrograms } from "../rehearsal/operators/pod-programs";
import { ensurePlatformSources, moduleSources } from "../rehearsal/charts/module-sources";
import { Problem } from "../rehearsal/problem";
import { requireRealNodes } from "../rehearsal/real-node/prerequisites";
import type { RealNodes } from "../rehearsal/real-node/real-nodes";
import { type AskedRealNodes, ensureRealNodes, REAL_NODE_TOOL } from "../rehearsal/real-node/tool";
import { exclusively } from "../rehearsal/toolchain/lock";
import { binaryOf, built, find, type Found } from "../rehearsal/toolchain/resolve";
import { type ToolName, TOOLS } from "../rehearsal/toolchain/tools";
import { createStack, embeddedConfigFile, recoverStack, stackExists } from "./embedded-stack";
import { OfflineStack } from "./offline";
import type { Step } from "./progress";
import { backendFolder, embeddedPulumi, type Pulumi, usersPulumi, withoutCheckpoints } from "./pulumi";
import { readStackFile, type StackFile, type StackOptions, writeEmbeddedStackFile } from "./stack-file";

/** How a stack is to be run. */
export interface EnvironmentOptions extends StackOptions {
  /** Whether it is planned against stand-in providers, in a folder of its own; false by default. */
  offline?: boolean;
  /** How many real nodes there are to be; what the configuration says by default. */
  realNodes?: number;
  /** Namespaces whose pods go there, beside those of the configuration; none by default. */
  realNamespaces?: readonly string[];
  /** Names of images that pods there have, beside those that follow from the configuration; none by default. */
  realImages?: readonly string[];
}

/** A stack that is ready for a Pulumi command: tools found, control plane up, configuration written. */
export class Environment {
  private readonly found = new Map<ToolName, Found>();
  private engine: Pulumi | undefined;
  private offlineStack: OfflineStack | undefined;
  private clusterIsNew = false;
  private chartMirror: string | undefined;
  private programs = NO_PROGRAMS;
  private realNodes: RealNodes | undefined;

  private constructor(
    readonly stack: StackFile,
    private readonly offline: boolean,
    private readonly realImages: readonly string[] = [],
  ) {}

  /** @throws {Problem} when there is no such stack, or when it is to have real nodes and can have none. */
  static async open({
    offline = false,
    realNodes,
    realNamespaces = [],
    realImages = [],
    ...options
  }: EnvironmentOptions): Promise<Environment> {
    const stack = await readStackFile(options);
    if (realNodes === undefined) return new Environment(stack, offline);
    if (!stack.embedded) {
      throw new Problem(
        `the stack ${stack.name} is not on the embedded control plane, and only that has real nodes beside simulated ones`,
        "Leave --real-node out, or name a stack whose mlstack:cluster is local.",
      );
    }
    const namespaces = [...(stack.realNodes?.namespaces ?? []), ...realNamespaces];
    const asked = { ...stack.realNodes, count: realNodes, namespaces };
    return new Environment({ ...stack, realNodes: asked }, offline, realImages);
  }

  /** The steps that make the environment ready, for {@link runSteps}; each does nothing where nothing is missing. */
  steps(): Step[] {
    const needsCluster = this.stack.embedded && !this.offline;
    const tools: ToolName[] = needsCluster ? ["controlplane", "pulumi", "kubernetes-provider"] : ["pulumi"];
    // All are looked for at once: each runs the binaries that it finds, to see that they work.
    const steps = tools.map((name) => this.toolStep(name, find(name)));
    if (this.offline) return [...steps, { title: "Stand-in providers", run: () => this.prepareOffline() }];
    if (!this.stack.embedded) return steps;
    const { controllersOf, realNodes } = this.stack;
    // What they lack is told before anything takes minutes.
    if (realNodes !== undefined) requireRealNodes();
    return [
      ...steps,
      ...(this.stack.needsMirror === true || this.stack.scalesLocally === true ? [this.chartsStep()] : []),
      ...(controllersOf === undefined ? [] : [this.controllersStep(controllersOf)]),
      ...(realNodes === undefined ? [] : [this.realNodesStep(realNodes)]),
      { title: "Embedded control plane", typical: "5 s", run: (tell) => this.startControlPlane(tell) },
      { title: `Stack ${this.stack.name}`, typical: "1 s", run: () => this.prepareStack() },
    ];
  }

  /** The engine to run; only after the steps have run. */
  get pulumi(): Pulumi {
    if (this.engine) return this.engine;
    this.engine = usersPulumi(this.tool("pulumi"));
    return this.engine;
  }

  /** The embedded control plane; only after the steps have run, and only where the stack runs on it. */
  get controlPlane(): ControlPlane {
    const binary = binaryOf(this.tool("controlplane"), "controlplane");
    return new ControlPlane(binary, clusterLayout(), this.programs, this.realNodes);
  }

  /** Arguments that name the stack and its configuration to every Pulumi command. */
  get stackArguments(): string[] {
    const own = ["--stack", this.stack.name];
    if (this.offlineStack) return this.offlineStack.stackArguments;
    if (this.stack.embedded) return [...own, "--config-file", this.configFile];
    return this.stack.isDefault ? own : [...own, "--config-file", this.stack.path];
  }

  /** Removes what the run alone needed; only an offline environment has any such thing. */
  async close(): Promise<void> {
    await this.offlineStack?.remove();
  }

  private get configFile(): string {
    return embeddedConfigFile(this.stack.name);
  }

  private toolStep(name: ToolName, search: Promise<Found>): Step {
    const { title, typicalMinutes } = TOOLS[name];
    return {
      title,
      typical: `${typicalMinutes} min to build, once per version`,
      run: async (tell) => {
        const found = await search;
        const building = "building from Go modules, this once";
        if (found.origin === "to be built") tell(building);
        const tool = await built(found, (doing) => {
          tell(`${building}: ${doing}`);
        });
        this.found.set(name, tool);
        return `${tool.version} ${found.origin === "to be built" ? "built" : `from ${tool.origin}`}`;
      },
    };
  }

  private chartsStep(): Step {
    return {
      title: "Charts and manifests of the platform",
      typical: "30 s to download, once per version",
      run: async (tell) => {
        this.chartMirror = await ensurePlatformSources(tell);
        return `${moduleSources().length} from Go modules`;
      },
    };
  }

  private controllersStep(parts: readonly string[]): Step {
    return {
      title: "Controllers of the platform",
      typical: "15 min to build all, once per version",
      run: async (tell) => {
        this.programs = await ensurePodPrograms(parts, tell);
        return `${Object.keys(this.programs.images).length} programs from Go modules`;
      },
    };
  }

  private realNodesStep(asked: AskedRealNodes): Step {
    return {
      title: REAL_NODE_TOOL.title,
      typical: `${REAL_NODE_TOOL.typicalMinutes} min to build, once per version`,
      run: async (tell) => {
        const { parts = [], scenarios = [] } = this.stack;
        this.realNodes = await ensureRealNodes(asked, { parts, scenarios, images: this.realImages }, tell);
        const { count, gpus, cpus, images } = this.realNodes;
        const nodes = `${count} ${count === 1 ? "node" : "nodes"}`;
        return `${nodes}, each to say that it has ${cpus} CPUs and ${gpus} GPUs; ${images.length} images`;
      },
    };
  }

  private async prepareOffline(): Promise<undefined> {
    this.offlineStack = await OfflineStack.prepare(this.stack, this.tool("pulumi"));
    this.engine = this.offlineStack.pulumi;
  }

  private async startControlPlane(tell: (doing: string) => void): Promise<string> {
    const { started, isNew } = await this.controlPlane.start(tell);
    this.clusterIsNew = isNew;
    return started.length === 0 ? "already running" : `started ${started.join(", ")}`;
  }

  /** One run at a time: of two that see no stack, both would create it. */
  private prepareStack(): Promise<string> {
    return exclusively(join(stateFolder(), "locks", "stack"), () => this.prepareStackAlone());
  }

  private async prepareStackAlone(): Promise<string> {
    // A control plane whose Pulumi state was deleted is full of objects that no stack owns.
    const stateIsLost = !this.clusterIsNew && !existsSync(backendFolder());
    if (stateIsLost) {
      await this.controlPlane.remove();
      await this.controlPlane.start();
    }
    this.engine = await embeddedPulumi(this.tool("pulumi"), this.tool("kubernetes-provider"));
    const isNew = !(await stackExists(this.stack.name));
    if (isNew) await createStack(this.engine, this.stack.name);
    const { kubeconfig } = this.controlPlane.layout;
    await writeEmbeddedStackFile(this.stack, this.configFile, { kubeconfig, chartMirror: this.chartMirror });
    // What is not in the state of a killed first update is applied again by the next, under the same names.
    if (isNew) this.engine = withoutCheckpoints(this.engine);
    if (isNew) return stateIsLost ? "created, on a new control plane as the Pulumi state was lost" : "created";
    const recovery = { clusterIsNew: this.clusterIsNew, stackArguments: this.stackArguments };
    return (await recoverStack(this.engine, this.stack.name, recovery)) ?? "exists";
  }

  private tool(name: ToolName): Found {
    const found = this.found.get(name);
    if (!found) throw new Error(`${name} was not looked for yet`);
    return found;
  }
}
