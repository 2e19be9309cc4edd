import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { files, read, root } from "./pages";

/** Where the projects are that can be copied out of the checkout. */
export const PROJECTS = "examples/projects";

/** Names of all projects. */
export const projects = readdirSync(join(root, PROJECTS)).sort();

/** Names of those that are Pulumi programs; the others are policy packs and files for CI. */
export const programs = projects.filter((name) => files.includes(join(PROJECTS, name, "Pulumi.yaml")));

/** Folder of the template of `pulumi new`. */
export const TEMPLATE = "templates/mlstack-typescript";

/** A setting of a project or a template. */
interface Setting {
  type?: string;
  description: string;
  default?: string | number;
  secret?: boolean;
}

/** The file `Pulumi.yaml` of a folder, as far as tests read it. */
export function projectFile(folder: string) {
  return parse(read(join(folder, "Pulumi.yaml"))) as {
    name: string;
    description: string;
    runtime: string;
    config?: Record<string, Setting>;
    template?: { description: string; config: Record<string, Setting> };
  };
}
