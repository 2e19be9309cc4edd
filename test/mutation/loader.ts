import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { mutate, type Mutant } from "./mutants";

/** A source that is ready to be run, as often as its module is needed anew. */
interface CompiledModule {
  run: (...scope: unknown[]) => void;
  /** What is imported by a relative name comes from this file. */
  paths: Map<string, string>;
  requirePackage: (name: string) => unknown;
}

/** Loads TypeScript sources as CommonJS, those that are to be tested with mutants in them. */
export class Loader {
  readonly mutants = new Map<string, Mutant[]>();
  readonly #compiled = new Map<string, CompiledModule>();
  readonly #modules = new Map<string, { exports: object }>();
  #count = 0;

  /**
   * @param isMutated tells for a file whether it gets mutants.
   * @param replaced exports in place of those of a package.
   */
  constructor(
    readonly isMutated: (file: string) => boolean,
    readonly replaced: Record<string, () => unknown>,
  ) {}

  /** Forgets what modules hold: a mutant must not leave a wrong value to the next one in a module's memory. */
  forget(): void {
    this.#modules.clear();
  }

  /** The exports of a source file. */
  load(file: string): object {
    const known = this.#modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    this.#modules.set(file, module);
    const { run, paths, requirePackage } = this.#compile(file);
    const require = (name: string): unknown => {
      const replacement = this.replaced[name];
      if (replacement !== undefined) return replacement();
      if (!name.startsWith(".")) return requirePackage(name);
      const path = paths.get(name) ?? sourceFile(join(dirname(file), name));
      paths.set(name, path);
      return path.endsWith(".json") ? requirePackage(path) : this.load(path);
    };
    run(require, module, module.exports, dirname(file), file);
    return module.exports;
  }

  #compile(file: string): CompiledModule {
    const known = this.#compiled.get(file);
    if (known) return known;
    const { outputText } = ts.transpileModule(this.#sourceOf(file), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023, esModuleInterop: true },
    });
    const compiled = {
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- this is how CommonJS modules are run.
      run: new Function("require", "module", "exports", "__dirname", "__filename", outputText) as CompiledModule["run"],
      paths: new Map<string, string>(),
      requirePackage: createRequire(file),
    };
    this.#compiled.set(file, compiled);
    return compiled;
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
