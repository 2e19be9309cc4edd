import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutRoot } from "../checkout";
import { declarationOf } from "./declarations";
import type { ResourceShape } from "./resource-shape";
import type { SdkPackage } from "./sdk-package";
import { readDeclaration } from "./sdk-reader";

/** What a token stands for; `custom` for a Kubernetes custom resource, undefined for what the provider does not have. */
export type Looked = ResourceShape | "custom" | undefined;

/**
 * Looks up what resources take and yield. What was read from the SDK is kept in `node_modules/.cache`, where the next
 * process finds it without parsing anything; a newer SDK or reader starts afresh.
 */
export class ShapeStore {
  private readonly known = new Map<string, Looked>();
  private readonly folder: string;

  constructor(readonly sdk: SdkPackage) {
    const reader = readerFiles().map((file) => readFileSync(join(__dirname, file)));
    const digest = createHash("sha256");
    for (const text of reader) digest.update(text);
    const version = `${sdk.name}-${sdk.version}-${digest.digest("hex").slice(0, 12)}`;
    this.folder = join(checkoutRoot(), "node_modules", ".cache", "mlstack-stand-ins", version);
  }

  /** The shape of a resource, or of the provider's own configuration (`pulumi:providers:aws`). */
  shapeOf(token: string): Looked {
    if (!this.known.has(token)) this.known.set(token, this.look(token));
    return this.known.get(token);
  }

  private look(token: string): Looked {
    const file = join(this.folder, `${token.replace(/[^\w.-]+/g, "_")}.json`);
    const cached = readJson(file);
    if (cached) return cached;
    const declaration = declarationOf(this.sdk, token);
    if (declaration === undefined || declaration === "custom") return declaration;
    const shape = readDeclaration(this.sdk, declaration);
    keep(file, shape);
    return shape;
  }
}

function readerFiles(): string[] {
  const extension = __filename.endsWith(".ts") ? "ts" : "js";
  return ["sdk-reader", "declarations"].map((name) => `${name}.${extension}`);
}

function readJson(file: string): ResourceShape | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ResourceShape;
  } catch {
    return undefined;
  }
}

/** Several processes may write the same file; where the folder is not writable, each run reads the SDK anew. */
function keep(file: string, shape: ResourceShape): void {
  const partial = `${file}.${process.pid}`;
  try {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(partial, JSON.stringify(shape));
    renameSync(partial, file);
  } catch {
    return;
  }
}
