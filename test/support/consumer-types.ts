import { join } from "node:path";
import ts from "typescript";

/** How a program of a consumer is compiled, as `tsconfig.json` says it. */
const TEMPLATE = {
  strict: true,
  noEmit: true,
  target: "es2022",
  types: ["node"],
  module: "nodenext",
  moduleResolution: "nodenext",
};

/** What Pulumi's older templates say in its place; this way to find modules knows no `exports`. */
export const OLDER_TEMPLATE = { module: "commonjs", moduleResolution: "node", ignoreDeprecations: "6.0" };

/** Programs of a consumer as the compiler and editors see them. */
export class TypedPrograms {
  private readonly options: ts.CompilerOptions;
  private readonly program: ts.Program;

  /** @param paths of the programs, in the folder of the consumer. */
  constructor(
    private readonly folder: string,
    private readonly paths: string[],
    options: object = {},
  ) {
    this.options = ts.convertCompilerOptionsFromJson({ ...TEMPLATE, ...options }, folder).options;
    this.options.typeRoots = [join(folder, "node_modules", "@types")];
    this.program = ts.createProgram(paths, this.options);
  }

  /** What the compiler says of a program: code and message of each error. */
  errors(path: string): string[] {
    return messagesOf(ts.getPreEmitDiagnostics(this.program, this.program.getSourceFile(path)));
  }

  /** What it says of the package's own declarations. */
  errorsOfDeclarations(): string[] {
    const own = this.program.getSourceFiles().filter(({ fileName }) => isOfPackage(fileName));
    return own.flatMap((file) => messagesOf(this.program.getSemanticDiagnostics(file)));
  }

  /** Packages whose declarations are read for the programs. */
  packages(): Set<string> {
    const files = this.program.getSourceFiles().map(({ fileName }) => fileName);
    return new Set(files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));
  }

  /**
   * What an editor could not tell of what a program exports with `export * from`: names without a description or a type,
   * and properties of the components' arguments without a description.
   */
  gaps(path: string): string[] {
    const checker = this.program.getTypeChecker();
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(this.program.getSourceFile(path)!)!);
    const seen = new Set<ts.Type>();
    const gaps = exported.flatMap((alias) => {
      const symbol = alias.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(alias) : alias;
      const type = checker.getTypeOfSymbol(symbol);
      const isTyped = (symbol.flags & ts.SymbolFlags.Value) === 0 || (type.flags & ts.TypeFlags.Any) === 0;
      const args = type.getConstructSignatures().flatMap(({ parameters }) => parameters[1] ?? []);
      return [
        ...(isTyped ? [] : [`${symbol.name} has no type`]),
        ...(isDescribed(symbol, checker) ? [] : [`${symbol.name} has no description`]),
        ...args
          .filter(({ name }) => name === "args")
          .flatMap((parameter) => undescribed(checker.getTypeOfSymbol(parameter), checker, seen)),
      ];
    });
    return [...new Set(gaps)];
  }

  /** What an editor offers at the place of a mark in a program, with the description of each. */
  completions(path: string, mark: string): Map<string, string> {
    const service = ts.createLanguageService({
      getCompilationSettings: () => this.options,
      getScriptFileNames: () => this.paths,
      getScriptVersion: () => "1",
      getScriptSnapshot: (name) => {
        const text = ts.sys.readFile(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => this.folder,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: (name) => ts.sys.fileExists(name),
      readFile: (name) => ts.sys.readFile(name),
      directoryExists: (name) => ts.sys.directoryExists(name),
      realpath: (name) => ts.sys.realpath?.(name) ?? name,
    });
    const position = ts.sys.readFile(path)!.indexOf(mark);
    const { entries } = service.getCompletionsAtPosition(path, position, undefined)!;
    return new Map(
      entries.map(({ name }) => {
        const details = service.getCompletionEntryDetails(
          path,
          position,
          name,
          undefined,
          undefined,
          undefined,
          undefined,
        );
        return [name, ts.displayPartsToString(details?.documentation)];
      }),
    );
  }
}

function messagesOf(diagnostics: readonly ts.Diagnostic[]): string[] {
  return diagnostics.map(({ code, messageText }) => `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}

function isOfPackage(file: string): boolean {
  return file.includes("/node_modules/mlstack/");
}

function isDescribed(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)) !== "";
}

/** Properties without a description, of the package's interfaces that a type is made of. */
function undescribed(type: ts.Type, checker: ts.TypeChecker, seen: Set<ts.Type>): string[] {
  if (seen.has(type)) return [];
  seen.add(type);
  const parts = type.isUnionOrIntersection()
    ? type.types
    : checker.isArrayType(type)
      ? checker.getTypeArguments(type as ts.TypeReference)
      : [];
  if (parts.length > 0) return parts.flatMap((part) => undescribed(part, checker, seen));
  const declarations = type.getSymbol()?.declarations ?? [];
  if (type.isClass() || !declarations.some((node) => isOfPackage(node.getSourceFile().fileName))) return [];
  return type
    .getProperties()
    .flatMap((property) => [
      ...(isDescribed(property, checker) ? [] : [`${type.getSymbol()!.name}.${property.name} has no description`]),
      ...undescribed(checker.getTypeOfSymbol(property), checker, seen),
    ]);
}
