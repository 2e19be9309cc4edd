import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SdkPackage } from "./sdk-package";
import type { Declaration } from "./sdk-reader";

/**
 * Where the SDK declares the resource of a token: a module and a class, `custom` for a Kubernetes custom resource, which
 * no SDK knows, and undefined for what the provider does not have.
 */
export function declarationOf(sdk: SdkPackage, token: string): Declaration | "custom" | undefined {
  if (token === `pulumi:providers:${sdk.name}`) return { module: "provider", className: "Provider" };
  const [, module, className] = new RegExp(`^${sdk.name}:([^:]+):([^:]+)$`).exec(token) ?? [];
  if (module === undefined || className === undefined) return undefined;
  if (sdk.name === "kubernetes") return kubernetesDeclaration(sdk, token, module, className);
  const path = module.replace(/^index(?:\/|$)/, "") || `${className.charAt(0).toLowerCase()}${className.slice(1)}`;
  return declares(sdk, path, token) ? { module: path, className } : undefined;
}

/** The folder of a group is its first label: `rbac.authorization.k8s.io/v1` is in `rbac/v1`. */
function kubernetesDeclaration(
  sdk: SdkPackage,
  token: string,
  apiVersion: string,
  kind: string,
): Declaration | "custom" | undefined {
  const [group = "", version = ""] = apiVersion.split("/");
  const family = group.split(".")[0]!;
  const folder = join(family, version);
  // The names of the files differ from those of the kinds in more letters than the first: csidriver, apiservice.
  const file = listing(join(sdk.folder, folder)).find((name) => name.toLowerCase() === `${kind.toLowerCase()}.d.ts`);
  const module = join(folder, file?.replace(/\.d\.ts$/, "") ?? kind);
  if (file !== undefined && declares(sdk, module, token)) return { module, className: kind };
  return isBuiltIn(sdk, family, group) ? undefined : "custom";
}

/** Tells whether a group belongs to Kubernetes itself, whose kinds are all in the SDK. */
function isBuiltIn(sdk: SdkPackage, family: string, group: string): boolean {
  if (!group.includes(".")) return true;
  const [version] = listing(join(sdk.folder, family)).filter((name) => /^v\d/.test(name));
  if (version === undefined) return false;
  const index = readFileSync(join(sdk.folder, family, version, "index.js"), "utf8");
  return index.includes(`"kubernetes:${group}/${version}:`);
}

function declares(sdk: SdkPackage, module: string, token: string): boolean {
  const path = join(sdk.folder, `${module}.js`);
  return existsSync(path) && readFileSync(path, "utf8").includes(`__pulumiType = '${token}'`);
}

function listing(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
