import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CHARTS } from "../../../../components/model/versions";
import type { KubernetesObject } from "../../../../components/rendering";

const MODULE = `github.com/aws/karpenter-provider-aws@v${CHARTS.karpenterCrds.version}`;

/** Karpenter's resource types, or why they are not to be had on this machine. */
export type KarpenterCrds = { objects: KubernetesObject[] } | { missing: string };

/** Reads the resource types of the pinned Karpenter from Go's module cache, which Go fills where it can. */
export function karpenterCrds(): KarpenterCrds {
  try {
    const env = { ...process.env, GOTOOLCHAIN: "local" };
    const answer = execFileSync("go", ["mod", "download", "-json", MODULE], { env, encoding: "utf8", stdio: "pipe" });
    const { Dir: directory } = JSON.parse(answer) as { Dir: string };
    const folder = join(directory, "pkg", "apis", "crds");
    const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
    return { objects: files.map((file) => parse(readFileSync(join(folder, file), "utf8")) as KubernetesObject) };
  } catch (error) {
    return { missing: `Go cannot provide ${MODULE}: ${(error as Error).message.split("\n")[0]}` };
  }
}
