/** A program with a mistake, and what the compiler says of it. */
export interface WrongProgram {
  mistake: string;
  source: string;
  /** Code and start of the message. */
  error: string;
}

const JOB = 'import { GpuJob } from "mlstack/workloads";\n';
const CLUSTER = 'import { Cluster, ClusterKind, GpuNodePool } from "mlstack/cluster";\n';

/** Mistakes that programs of the package make, one each. */
export const WRONG_PROGRAMS: WrongProgram[] = [
  {
    mistake: "a job without an image",
    source: `${JOB}new GpuJob("train", { gpus: 1 });`,
    error: "TS2345: Argument of type '{ gpus: number; }' is not assignable to parameter of type 'GpuJobArgs'.",
  },
  {
    mistake: "a count in words",
    source: `${JOB}new GpuJob("train", { image: "a/b:1", gpus: "two" });`,
    error: "TS2322: Type 'string' is not assignable to type 'number'.",
  },
  {
    mistake: "an argument that there is not",
    source: `${JOB}new GpuJob("train", { image: "a/b:1", gpuCount: 2 });`,
    error:
      "TS2353: Object literal may only specify known properties, and 'gpuCount' does not exist in type 'GpuJobArgs'.",
  },
  {
    mistake: "an argument one level down that is misspelt",
    source: `${JOB}new GpuJob("train", { image: "a/b:1", volumes: [{ name: "d", mountpath: "/d" }] });`,
    error: "TS2561: Object literal may only specify known properties, but 'mountpath' does not exist in type",
  },
  {
    mistake: "a kind of cluster that there is not",
    source: `${CLUSTER}new Cluster("lab", { kind: ClusterKind.fargate });`,
    error: "TS2339: Property 'fargate' does not exist on type",
  },
  {
    mistake: "a capacity type as text that is none",
    source: `${CLUSTER}new GpuNodePool("train", { instanceType: "g5.xlarge", maxNodes: 1, capacityType: "cheap" });`,
    error: `TS2322: Type '"cheap"' is not assignable to type 'CapacityType`,
  },
  {
    mistake: "a component where its facts are meant",
    source: `${CLUSTER}const lab = new Cluster("lab", { kind: ClusterKind.existing });
new GpuNodePool("train", { instanceType: "g5.xlarge", maxNodes: 1, eks: lab });`,
    error: "TS2740: Type 'Cluster' is missing the following properties from type 'EksFacts'",
  },
  {
    mistake: "an output that a component does not have",
    source: `${JOB}export const ip = new GpuJob("train", { image: "a/b:1" }).podIp;`,
    error: "TS2339: Property 'podIp' does not exist on type 'GpuJob'.",
  },
  {
    mistake: "an output of a component that is changed",
    source: `${JOB}const job = new GpuJob("train", { image: "a/b:1" });
job.namespace = job.objectName;`,
    error: "TS2540: Cannot assign to 'namespace' because it is a read-only property.",
  },
  {
    mistake: "an option that only custom resources have",
    source: `${JOB}new GpuJob("train", { image: "a/b:1" }, { deleteBeforeReplace: 1 });`,
    error: "TS2353",
  },
  {
    mistake: "a step of a workflow without one of its inputs",
    source: `import { containerStep, dag, param } from "mlstack/workloads";
const read = containerStep("read", { inputs: { table: param.string() }, run: () => ({ image: "a/b:1" }) });
export const graph = dag("all", { tasks: (graph) => void graph.run(read, {}) });`,
    error: "TS2345",
  },
  {
    mistake: "a step of a workflow with a word that is none of its choices",
    source: `import { containerStep, dag, param } from "mlstack/workloads";
const inputs = { level: param.oneOf(["info", "alarm"]) };
const tell = containerStep("tell", { inputs, run: () => ({ image: "a/b:1" }) });
export const graph = dag("all", { tasks: (graph) => void graph.run(tell, { level: "warning" }) });`,
    error: `TS2322: Type '"warning"' is not assignable to type '"info" | "alarm"`,
  },
  {
    mistake: "a module of the package that is no area",
    source: 'export { checkedInputs } from "mlstack/components/internal";',
    error: "TS2307: Cannot find module 'mlstack/components/internal' or its corresponding type declarations.",
  },
  {
    mistake: "a component from the wrong area",
    source: 'export { GpuJob } from "mlstack/cluster";',
    error: `TS2305: Module '"mlstack/cluster"' has no exported member 'GpuJob'.`,
  },
];
