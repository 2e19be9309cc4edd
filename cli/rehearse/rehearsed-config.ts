import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { type Document, isSeq, parseDocument } from "yaml";
import type { TreeObject } from "../../components/model";
import type { StackFile } from "../stack-file";
import { embeddedTwin } from "./embedded-twin";

/** Configurations that a rehearsal runs a stack with, and what else it takes from the stack. */
export interface RehearsedConfig {
  /** The cluster and the platform, without the workloads of the stack. */
  platform: string;
  /** All of it. */
  whole: string;
  /** Whether the stack declares workloads. */
  hasWorkloads: boolean;
  /** What is not as in the stack itself, each a sentence without a period. */
  remarks: string[];
  /** Region that the stack is in; absent where it is in none. */
  region?: string;
  /** What there is in the cluster beside platform and workloads. */
  objects: KubernetesObject[];
}

/** A stack on the embedded cluster. */
type Embedded = Pick<RehearsedConfig, "remarks" | "region" | "objects"> & { document: Document.Parsed };

/**
 * Writes the configurations that a rehearsal runs a stack with: the stack's own, with controllers that run; of a stack on EKS
 * what the embedded cluster can have of it.
 *
 * @param folder where to; made where it is missing.
 * @throws {Problem} for a stack that cannot be rehearsed on the embedded cluster.
 */
export async function writeRehearsedConfig(stack: StackFile, folder: string): Promise<RehearsedConfig> {
  const { document, ...taken } = embedded(stack, parseDocument(await readFile(stack.path, "utf8"), { merge: true }));
  document.setIn(["config", "mlstack:cluster", "controllers"], "processes");
  await mkdir(folder, { recursive: true });
  const whole = join(folder, "whole.yaml");
  await writeFile(whole, document.toString());
  const scenarios: unknown = document.getIn(["config", "mlstack:scenarios"]);
  document.setIn(["config", "mlstack:scenarios"], []);
  const platform = join(folder, "platform.yaml");
  await writeFile(platform, document.toString());
  return { ...taken, platform, whole, hasWorkloads: isSeq(scenarios) && scenarios.items.length > 0 };
}

/** Certificates come from a stand-in where controllers run. @returns what is told of it. */
function withoutCertManager(document: Document.Parsed): string[] {
  const platform = ["config", "mlstack:platform"];
  if (!document.hasIn([...platform, "parts", "certManager"])) return [];
  document.deleteIn([...platform, "parts", "certManager"]);
  document.deleteIn([...platform, "certManager"]);
  return ["a stand-in issues certificates in place of cert-manager (mlstack:platform.parts.certManager)"];
}

function embedded(stack: StackFile, document: Document.Parsed): Embedded {
  if (stack.embedded) return { document, remarks: withoutCertManager(document), objects: [] };
  const { config: written, environment } = document.toJS() as { config: TreeObject; environment?: unknown };
  const { config, remarks, ...taken } = embeddedTwin(stack.name, written);
  const unread = "what Pulumi ESC environments say is not read (environment)";
  return {
    // Quotes that keep Pulumi from taking a time for a number are JSON's, too.
    document: parseDocument(JSON.stringify({ config })),
    remarks: environment === undefined ? remarks : [...remarks, unread],
    ...taken,
  };
}
