import { cp, readdir, readFile, symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKS } from "../../policies";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { Consumer } from "../support/consumer";
import { TypedPrograms } from "../support/consumer-types";
import { programs, PROJECTS, projects, TEMPLATE } from "../support/example-projects";
import { FRAGMENTS } from "../support/fragments";
import { files, read, root } from "../support/pages";
import type { Outcome } from "../support/mlstack";
import { type ProgramGround, PulumiProgram } from "../support/pulumi-program";
import { PulumiProject } from "../support/pulumi-project";
import { fullTypes } from "../support/resource-types";
import { createTypes } from "../support/served-types";
import { runStep, workflows } from "../support/workflows";

/** Groups of resource types that workloads of the stories are of; nothing here runs their controllers. */
const GROUPS = /\.(argoproj\.io|sparkoperator\.k8s\.io|serving\.kserve\.io|kubeflow\.org|autoscaling\.k8s\.io)$/;

/** What each program is told beside the cluster, and what it says in the end. */
const RUNS: Record<string, { settings?: Record<string, string>; says: string[] }> = {
  "existing-cluster": { says: ["finished", '"mnist-nightly"'] },
  "parameter-server": {
    settings: { images: "ghcr.io/acme/mlstack" },
    says: ['"TFJob parameter-server/parameter-server"'],
  },
  refit: {
    settings: { images: "ghcr.io/acme/mlstack", commit: "0123abc", bucket: "acme-artifacts" },
    says: [
      '"WorkflowTemplate refit/mojo-packaging"',
      '"Workflow refit/refit-first"',
      '"CronWorkflow refit/refit-weekly"',
    ],
  },
  "heart-disease": {
    // Nothing runs pipelines on its cluster.
    settings: { images: "ghcr.io/acme/mlstack", bucket: "acme-artifacts", waitForModels: "false" },
    says: ['"Workflow heart-disease/heart-disease-first"', '"InferenceService heart-disease/heart-disease"'],
  },
  "scooter-demand": {
    settings: { images: "ghcr.io/acme/mlstack" },
    says: ['"Deployment scooter-demand/scooter-demand"', '"CronJob scooter-demand/scooter-demand-retrain"'],
  },
  "model-loop": {
    settings: { modelStore: "s3://acme-models/churn" },
    says: ['address: "http://churn'],
  },
};

describe("the projects of the examples, with the package as npm packs it", { timeout: 300_000 }, () => {
  let consumer: Consumer;
  let project: PulumiProject;
  let ground: ProgramGround;
  let minimal: PulumiProgram;
  const outcomes = new Map<string, Promise<Outcome>>();
  const folderOf = (name: string) => join(consumer.folder, name);
  const packs = () =>
    Object.keys(PACKS).flatMap((pack) => ["--policy-pack", join("node_modules/mlstack/policies", pack)]);
  const settingsOf = (settings: Record<string, string>) =>
    Object.entries(settings).flatMap(([name, value]) => ["--config", `${name}=${value}`]);

  async function bringUp(name: string): Promise<Outcome> {
    const program = await PulumiProgram.in(folderOf(name), ground);
    const told = settingsOf({ kubeconfig: ground.kubeconfig, ...RUNS[name]!.settings });
    return program.pulumi("up", "--yes", "--skip-preview", ...told, ...packs());
  }

  /** Runs the step of the workflow that judges a program, in its folder. @returns with what it ended. */
  async function judgedInCi(name: string, program: PulumiProgram): Promise<number | null> {
    await cp(join(folderOf("policies-in-ci"), "pack-settings.ts"), join(folderOf(name), "pack-settings.ts"));
    const { preview } = workflows.find(({ path }) => path.startsWith(`${PROJECTS}/policies-in-ci/`))!.jobs;
    const step = preview!.steps.find((each) => each.name === "Preview")!;
    const environment = (await program.environment()) as Record<string, string>;
    return runStep(folderOf(name), step, { ...environment, STACK: name });
  }

  /** What `npm install` leaves in a project. */
  const install = (folder: string) => symlink("../node_modules", join(folder, "node_modules"));

  beforeAll(async () => {
    consumer = await Consumer.install();
    project = await PulumiProject.create();
    // Types are checked once for all programs, and not again with each run.
    const variables = { ...project.ground.variables, PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
    ground = { ...project.ground, variables };
    const config = readKubeconfig(ground.kubeconfig);
    const types = (await fullTypes()).filter(({ metadata }) => GROUPS.test(metadata.name));
    await createTypes(config, types);
    for (const name of projects) {
      await cp(join(root, PROJECTS, name), folderOf(name), { recursive: true });
      await install(folderOf(name));
    }
  }, 600_000);
  afterAll(async () => {
    await project.remove();
    await consumer.remove();
  });

  it("compile, as do the template and the parts of programs that pages show", async () => {
    const own = files.filter((path) => path.startsWith(`${PROJECTS}/`) && path.endsWith(".ts"));
    const copies = own.map((path) => join(consumer.folder, path.slice(PROJECTS.length + 1)));
    const template = await consumer.write({ "template.ts": read(join(TEMPLATE, "index.ts")) });
    const fragments = FRAGMENTS.map(({ source }, index): [string, string] => [`fragment-${index}.ts`, source]);
    const paths = [...copies, ...template, ...(await consumer.write(Object.fromEntries(fragments)))];
    const typed = new TypedPrograms(consumer.folder, paths);
    expect(paths.map((path) => [path, typed.errors(path)])).toEqual(paths.map((path) => [path, []]));
  });

  it("minimal: comes up, judged by the pack of somebody's own", async () => {
    minimal = await PulumiProgram.in(folderOf("minimal"), ground);
    const told = [...settingsOf({ kubeconfig: ground.kubeconfig }), "--policy-pack", "../policy-pack"];
    const { code, output } = await minimal.pulumi("up", "--yes", "--skip-preview", ...told);
    expect(output).toContain(
      "[ACME-01] Namespace vision: metadata.labels.cost-center is absent; allowed: a cost center. Set the label.",
    );
    expect(output).toContain("finished: true");
    expect(code).toBe(0);
  });

  describe("each of the others", () => {
    const names = programs.filter((name) => name !== "minimal");

    // Two at a time, as each mostly waits for its jobs.
    beforeAll(() => {
      const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
      for (const [index, name] of names.entries()) {
        const outcome = lanes[index % lanes.length]!.then(() => bringUp(name));
        outcomes.set(name, outcome);
        lanes[index % lanes.length] = outcome.catch(() => undefined);
      }
    });

    it.each(names)("%s: comes up, and breaks no mandatory rule", async (name) => {
      const { code, output } = await outcomes.get(name)!;
      for (const text of RUNS[name]!.says) expect(output).toContain(text);
      expect(output).not.toContain("[mandatory]");
      expect(code).toBe(0);
    });
  });

  describe("a program that pulumi new makes of the template", () => {
    let program: PulumiProgram;
    const folder = () => folderOf("acme-training");
    /** What a script of its package.json calls Pulumi with. */
    const scripted = async (name: string) => {
      const { scripts } = JSON.parse(await readFile(join(folder(), "package.json"), "utf8")) as {
        scripts: Record<string, string>;
      };
      return scripts[name]!.split(" ").slice(1);
    };
    // Nothing is told of the cluster: the one is taken that kubectl takes.
    const ambient = () => ({ ...ground, variables: { ...ground.variables, KUBECONFIG: ground.kubeconfig } });

    it("has the files of the template, and its own name", async () => {
      const described = ["--name", "acme-training", "--description", "Trains for Acme"];
      const made = await PulumiProgram.generated(folder(), ambient(), join(root, TEMPLATE), ...described);
      program = made.program;
      expect(made.outcome).toMatchObject({ code: 0 });
      expect((await readdir(folder())).sort()).toEqual([
        ".gitignore",
        "Pulumi.yaml",
        "index.ts",
        "package.json",
        "tsconfig.json",
      ]);
      const text = await readFile(join(folder(), "Pulumi.yaml"), "utf8");
      expect(text).toMatch(/^name: acme-training\ndescription: Trains for Acme\n/);
      expect(JSON.parse(await readFile(join(folder(), "package.json"), "utf8"))).toMatchObject({
        name: "acme-training",
      });
      await install(folder());
    });

    it("comes up with the template's settings, and no finding is high or critical", async () => {
      await PulumiProgram.in(folder(), ambient());
      const { code, output } = await program.pulumi(...(await scripted("up")), "--yes", "--skip-preview");
      expect(output).toContain("completed: true");
      expect(output).not.toMatch(/severity: (high|critical)/);
      expect(code).toBe(0);
    });

    it("passes the check of policies-in-ci, which stops a program whose pods may run as root", async () => {
      expect(await judgedInCi("acme-training", program)).toBe(0);
      const settings = await readFile(join(folder(), "gpu-ml.json"), "utf8");
      expect(JSON.parse(settings)).toHaveProperty("gpu.profile", "restricted");
      expect(await judgedInCi("minimal", minimal)).not.toBe(0);
    });

    it("goes again", async () => {
      const { code, output } = await program.pulumi("destroy", "--yes", "--skip-preview");
      expect(output).toMatch(/ - +kubernetes:core\/v1:Namespace team deleted/);
      expect(code).toBe(0);
      await unlink(join(folder(), "node_modules"));
    });
  });
});
