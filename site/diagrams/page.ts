import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { PlannedResource } from "../../preflight/planned-resource";
import { mermaidBlock } from "./diagram";
import { importGraph } from "./import-graph";
import { componentTree, waitingDiagram } from "./stack-diagrams";

/** What of the diagrams is not read from the sources themselves. */
export interface DiagramSources {
  /** Root of the checkout. */
  root: string;
  /** Version of the release whose recorded environments are drawn. */
  release: string;
  /** Resources of these environments, by their names. */
  recorded: Record<string, readonly PlannedResource[]>;
  /** Resources of the local environment as its program registers them, with what each waits for. */
  registered: readonly PlannedResource[];
}

/** Rooms of the house, from the outside in. */
const ROOMS = [
  ...["stacks", "cli", "packaging", "policies", "preflight", "rehearsal", "components"],
  ...["cluster", "platform", "workloads", "rendering", "internal", "model"].map((room) => `components/${room}`),
];

/** Rooms whose folders are drawn too, and what is in them. */
const OPENED = {
  "components/cluster": "the cluster",
  "components/platform": "the platform",
  "components/workloads": "the workloads",
  preflight: "plans",
  rehearsal: "tools and rehearsals",
};

/** The page `docs/diagrams.md`: pictures of the code and of environments, none of which is drawn by hand. */
export function diagramsPage({ root, release, recorded, registered }: DiagramSources): string {
  const opened = Object.entries(OPENED).flatMap(([room, what]) => [
    `### Folders of ${what}`,
    `\`${room}/\`; what lies beside its folders is left out.`,
    mermaidBlock(importGraph(root, foldersIn(root, room), `${room}/`)),
  ]);
  const trees = Object.entries(recorded).flatMap(([stack, resources]) => [
    `### Environment ${stack}`,
    mermaidBlock(componentTree(stack, resources)),
  ]);
  return `${[
    "# Diagrams",
    "<!-- Written by test/site/diagrams.test.ts with UPDATE_GOLDEN=1; edits by hand are lost. -->",
    `None of these is drawn by hand: \`test/site/diagrams.test.ts\` makes them from the imports of the sources, from the recorded
states of [releases](upgrades.md#how-releases-are-held-to-this), and from what the program registers; it fails where this page
is not what they say. What the rooms are for, and which imports ESLint allows, is in [architecture.md](architecture.md).`,
    "## Who imports whom",
    "An arrow leads from who imports to who is imported; imports of types count. Tests, examples, benchmarks and this site are left out.",
    mermaidBlock(importGraph(root, ROOMS)),
    ...opened,
    "## What an environment is made of",
    `Components inside one another, as ${release} was recorded. \`+5\` are 5 resources inside; what is alike stands as one.`,
    ...trees,
    "## What waits for what",
    `The local environment. An arrow leads from what comes first to what waits for it, and edges that follow from others are left
out; a dotted one only says that something is a part of the component where it begins.`,
    mermaidBlock(waitingDiagram(registered)),
  ].join("\n\n")}\n`;
}

function foldersIn(root: string, room: string): string[] {
  const entries = readdirSync(join(root, room), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${room}/${name}`);
}
