import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { mutate, type Mutant } from "./mutants";

interface LoadedModule {
  exports: object;
  imports: Set<string>;
}

/** Loads TypeScript sources as CommonJS, those that are to be tested with mutants in them, and knows who imports whom. */
export class Loader {
  readonly mutants = new Map<string, Mutant[]>();
  readonly #modules = new Map<string, LoadedModule>();
  #count = 0;

  /**
   * @param isMutated tells for a file whether it gets mutants.
   * @param replaced exports in place of those of a package.
   */
  constructor(
    readonly isMutated: (file: string) => boolean,
    readonly replaced: Record<string, () => object>,
  ) {}

  /** The exports of a source file. */
  load(file: string): object {
    const known = this.#modules.get(file);
    if (known) return known.exports;
    const module = { exports: {}, imports: new Set<string>() };
    this.#modules.set(file, module);
    const compiled = ts.transpileModule(this.#sourceOf(file), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023, esModuleInterop: true },
    });
    const fromHere = createRequire(file);
    const require = (name: string): unknown => {
      const replacement = this.replaced[name];
      if (replacement !== undefined) return replacement();
      if (!name.startsWith(".")) return fromHere(name);
      const path = sourceFile(join(dirname(file), name));
      module.imports.add(path);
      return this.load(path);
    };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- this is how CommonJS modules are run.
    const run = new Function("require", "module", "exports", "__dirname", "__filename", compiled.outputText) as (
      ...scope: unknown[]
    ) => void;
    run(require, module, module.exports, dirname(file), file);
    return module.exports;
  }

  /** Tells whether a file imports another one, itself or by way of others. */
  imports(file: string, other: string, seen = new Set<string>()): boolean {
    if (file === other) return true;
    if (seen.has(file)) return false;
    seen.add(file);
    return [...(this.#modules.get(file)?.imports ?? [])].some((next) => this.imports(next, other, seen));
  }

  #sourceOf(file: string): string {
    const source = readFileSync(file, "utf8");
    if (!this.isMutated(file)) return source;
    const { text, mutants } = mutate(file, source, this.#count);
    this.#count += mutants.length;
    this.mutants.set(file, mutants);
    return text;
  }
}

function sourceFile(path: string): string {
  const candidates = [`${path}.ts`, join(path, "index.ts"), path];
  const found = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  if (found === undefined) throw new Error(`no source ${path}`);
  return found;
}
