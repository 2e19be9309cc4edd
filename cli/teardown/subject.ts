import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import type { StackFile } from "../stack-file";
import { eksClusterOf, propertiesOf, type StateResource } from "./state";

/** What is torn down, as far as AWS knows it. */
export interface TeardownSubject {
  /** Name of the stack; the value of the tag `mlstack:environment`. */
  environment: string;
  /** Name of the EKS cluster; undefined where neither state nor configuration tell. */
  cluster?: string;
  /** AWS region; undefined where neither state, configuration nor environment tell. */
  region?: string;
  /** Named AWS profile of the stack; undefined for that of the shell. */
  profile?: string;
  /** Whether the stack makes, or made, an EKS cluster. */
  isEks: boolean;
}

/** Where a stack's configuration may tell each, the first that does. */
const CONFIGURED = {
  cluster: [["mlstack:cluster", "eks", "clusterName"]],
  region: [["mlstack:cluster", "eks", "region"], ["aws:region"]],
  profile: [["aws:profile"]],
};

/** How the stacks name a cluster whose name their configuration leaves to them. */
const defaultName = (stack: string): string => `mlstack-${stack}`;

/** Finds out what is torn down: from the state, else, as after a destroy, from the stack's configuration. */
export async function readSubject(stack: StackFile, resources: StateResource[]): Promise<TeardownSubject> {
  const document = parseDocument(await readFile(stack.path, "utf8"));
  const configured = (paths: string[][]): string | undefined =>
    paths.map((path) => document.getIn(["config", ...path])).find((value) => typeof value === "string");
  const made = eksClusterOf(resources);
  const { name, region, arn } = made === undefined ? {} : propertiesOf(made);
  const isEks = made !== undefined || document.getIn(["config", "mlstack:cluster", "kind"]) === "eks";
  const cluster = textOf(name) ?? configured(CONFIGURED.cluster) ?? (isEks ? defaultName(stack.name) : undefined);
  const place =
    textOf(region) ??
    textOf(arn)?.split(":")[3] ??
    configured(CONFIGURED.region) ??
    textOf(process.env["AWS_REGION"]) ??
    textOf(process.env["AWS_DEFAULT_REGION"]);
  const profile = configured(CONFIGURED.profile);
  return {
    environment: stack.name,
    ...(cluster === undefined ? {} : { cluster }),
    ...(place === undefined ? {} : { region: place }),
    ...(profile === undefined ? {} : { profile }),
    isEks,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
