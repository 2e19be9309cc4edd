import { read } from "./pages";

/** A part of a program that a page shows by itself, since what stands around it is the reader's own. */
export interface Fragment {
  page: string;
  /** The block as the page has it. */
  block: string;
  /** A whole program with it, which must compile. */
  source: string;
}

/** What stands before and after the parts of programs, by their pages and first lines. */
const SURROUNDINGS = [
  {
    page: "docs/simulation.md",
    start: 'new GpuJob("train"',
    before: `import type * as pulumi from "@pulumi/pulumi";
import { GpuJob } from "mlstack/workloads";
declare const image: string;
declare const providers: pulumi.ProviderResource[];
`,
    after: "",
  },
  {
    page: "docs/workloads/model-loop.md",
    start: "train: {",
    before: `import { type ModelLoopArgs, type TrainJobArgs, trainJobManifest } from "mlstack/workloads";
declare const job: TrainJobArgs;
export const part: Pick<ModelLoopArgs, "train"> = {
`,
    after: "};\n",
  },
];

/** Every part of a program that a page shows by itself. */
export const FRAGMENTS: Fragment[] = SURROUNDINGS.map(({ page, start, before, after }) => {
  const blocks = [...read(page).matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, block = ""]) => block);
  const block = blocks.find((each) => each.startsWith(start)) ?? `${page} has no block that starts with ${start}`;
  return { page, block, source: before + block + after };
});
