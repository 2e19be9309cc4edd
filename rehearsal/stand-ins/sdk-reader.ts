import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type ts from "typescript";
import type { Field, Fields, ResourceShape, TypeShape } from "./resource-shape";
import { type SdkPackage, sdkPackage } from "./sdk-package";

/** Where a resource is declared: a file of its SDK, and the names of its arguments and its class there. */
export interface Declaration {
  /** Path of the file inside the package, without `.d.ts`. */
  module: string;
  /** Name of the class. */
  className: string;
}

/** Documentation that says that a change replaces the resource. */
const REPLACES =
  /changing this (?:value )?(?:forces|will force|creates|requires)|forces (?:a )?new|forces replacement/i;

/** Sentences that say it of some cases only, which are taken for the others. */
const CONDITION = /^\W*(?:if|when)\b/i;

/** Documentation that says that the provider makes up a name. */
const AUTO_NAMED = /(?:random|generate)[^.]{0,20}unique name|auto-generate a unique name/i;

const ANY: TypeShape = { kind: "any" };

type Compiler = typeof ts;

/**
 * Reads the declaration of a resource in its SDK: the arguments of the constructor, the fields of the class, and all
 * objects that they are made of. Only the needed interfaces of the large files of types are parsed.
 */
export function readDeclaration(sdk: SdkPackage, { module, className }: Declaration): ResourceShape {
  // The compiler takes longer to load than all else together, and most processes find what they need in a cache.
  const compiler = createRequire(__filename)("typescript") as Compiler;
  const reader = new TypeReader(sdk, compiler);
  const shape: ResourceShape = { inputs: {}, outputs: {}, objects: reader.objects };
  for (const statement of reader.parse(readFileSync(join(sdk.folder, `${module}.d.ts`), "utf8"))) {
    if (compiler.isInterfaceDeclaration(statement) && statement.name.text === `${className}Args`) {
      shape.inputs = reader.fields(statement.members);
    }
    if (compiler.isClassDeclaration(statement) && statement.name?.text === className) {
      shape.outputs = reader.fields(statement.members);
    }
  }
  reader.readObjects();
  return shape;
}

/** Turns type nodes into shapes, and remembers the objects that they refer to. */
class TypeReader {
  readonly objects: Record<string, Fields> = {};
  private readonly pending: string[] = [];
  private readonly texts = new Map<string, string>();

  private readonly keywords: Map<ts.SyntaxKind, TypeShape>;
  /** Package whose declaration is being read: another one's objects refer to further objects of their own package. */
  private owner: string;

  constructor(
    private readonly sdk: SdkPackage,
    private readonly ts: Compiler,
  ) {
    this.owner = sdk.name;
    this.keywords = new Map([
      [ts.SyntaxKind.StringKeyword, { kind: "string" }],
      [ts.SyntaxKind.NumberKeyword, { kind: "number" }],
      [ts.SyntaxKind.BooleanKeyword, { kind: "boolean" }],
    ]);
  }

  parse(text: string): ts.NodeArray<ts.Statement> {
    return this.ts.createSourceFile("sdk.d.ts", text, this.ts.ScriptTarget.Latest, true).statements;
  }

  fields(members: ts.NodeArray<ts.TypeElement | ts.ClassElement>): Fields {
    const fields: Fields = {};
    for (const member of members) {
      const isField = this.ts.isPropertySignature(member) || this.ts.isPropertyDeclaration(member);
      const name = member.name && (member.name as ts.Identifier | ts.StringLiteral).text;
      if (isField && member.type && name !== undefined) fields[name] = this.field(member, member.type);
    }
    return fields;
  }

  /** Reads the objects that were referred to, and those that they refer to in turn. */
  readObjects(): void {
    for (let path = this.pending.pop(); path !== undefined; path = this.pending.pop()) {
      this.owner = path.split(".")[0]!;
      const [declaration] = this.parse(this.interfaceText(path));
      if (declaration && this.ts.isInterfaceDeclaration(declaration)) {
        this.objects[path] = this.fields(declaration.members);
      }
    }
  }

  private field(member: ts.PropertySignature | ts.PropertyDeclaration, type: ts.TypeNode): Field {
    const documentation = member.getFullText().replace(/\s*\n\s*\/?\**\s*/g, " ");
    const sentences = documentation.split(/(?<=\.)\s+/);
    return {
      type: this.shapeOf(type),
      required: member.questionToken === undefined && !this.permitsUndefined(type),
      ...(sentences.some((each) => REPLACES.test(each) && !CONDITION.test(each)) ? { replaces: true } : {}),
      ...(AUTO_NAMED.test(documentation) ? { autoNamed: true } : {}),
    };
  }

  private shapeOf(type: ts.TypeNode): TypeShape {
    const { ts } = this;
    if (ts.isParenthesizedTypeNode(type)) return this.shapeOf(type.type);
    if (ts.isArrayTypeNode(type)) return { kind: "list", items: this.shapeOf(type.elementType) };
    if (ts.isTypeLiteralNode(type)) return this.mapOf(type);
    if (ts.isUnionTypeNode(type)) return this.unionOf(type);
    if (ts.isTypeReferenceNode(type)) return this.referenced(type);
    if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) {
      return { kind: "literal", value: type.literal.text };
    }
    return this.keywords.get(type.kind) ?? ANY;
  }

  private mapOf(type: ts.TypeLiteralNode): TypeShape {
    const index = type.members.find(this.ts.isIndexSignatureDeclaration);
    return index ? { kind: "map", values: this.shapeOf(index.type) } : ANY;
  }

  private unionOf(type: ts.UnionTypeNode): TypeShape {
    const options = type.types.filter((option) => !this.isUndefined(option)).map((option) => this.shapeOf(option));
    return options.length === 1 ? options[0]! : { kind: "either", options };
  }

  private referenced(type: ts.TypeReferenceNode): TypeShape {
    const name = type.typeName.getText();
    const [argument] = type.typeArguments ?? [];
    if (/^pulumi\.(Input|Output)$/.test(name) && argument) return this.shapeOf(argument);
    if (name === "pulumi.ID" || /^(?:pulumiAws\.types\.)?enums?\./.test(name)) return { kind: "string" };
    const path = objectPath(this.owner, name);
    // The engine hands resources over as their ids; assets and foreign types are taken as they are.
    if (path === undefined) return ANY;
    if (!Object.hasOwn(this.objects, path)) {
      this.objects[path] = {};
      this.pending.push(path);
    }
    return { kind: "object", object: path };
  }

  /** Inputs and outputs that may be left out say so inside their wrapper: `pulumi.Output<string | undefined>`. */
  private permitsUndefined(type: ts.TypeNode): boolean {
    if (this.ts.isUnionTypeNode(type)) return type.types.some((option) => this.isUndefined(option));
    if (!this.ts.isTypeReferenceNode(type)) return false;
    return type.typeArguments?.some((argument) => this.permitsUndefined(argument)) ?? false;
  }

  private isUndefined(type: ts.TypeNode): boolean {
    return type.kind === this.ts.SyntaxKind.UndefinedKeyword;
  }

  /** Text of one interface; parsing the whole file of types would take seconds. */
  private interfaceText(path: string): string {
    const [sdkName, direction, ...names] = path.split(".") as [SdkPackage["name"], "input" | "output", ...string[]];
    const text = this.typesText(sdkName, direction);
    const interfaceName = names.pop()!;
    let start = 0;
    names.forEach((namespace, depth) => {
      const head =
        depth === 0 ? `\nexport declare namespace ${namespace} {` : `\n${indent(depth)}namespace ${namespace} {`;
      start = text.indexOf(head, start);
    });
    const margin = indent(names.length);
    const head =
      names.length === 0 ? `\nexport interface ${interfaceName} {` : `\n${margin}interface ${interfaceName} {`;
    start = text.indexOf(head, start);
    if (start < 0) throw new Error(`${path} is referred to and not declared in the SDK`);
    const end = `\n${margin}}`;
    return text.slice(start, text.indexOf(end, start) + end.length);
  }

  private typesText(sdkName: SdkPackage["name"], direction: "input" | "output"): string {
    const key = `${sdkName}.${direction}`;
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    const sdk = sdkName === this.sdk.name ? this.sdk : sdkPackage(sdkName);
    const text = readFileSync(join(sdk.folder, "types", `${direction}.d.ts`), "utf8");
    this.texts.set(key, text);
    return text;
  }
}

/** Path of a named object, for example `aws.input.eks.NodeGroupTaint`; undefined for names of another kind. */
function objectPath(owner: string, name: string): string | undefined {
  const [, foreign, direction, rest] =
    /^(?:(pulumiAws|pulumiKubernetes)\.types\.)?(input|output)s?\.(.+)$/.exec(name) ?? [];
  if (direction === undefined || rest === undefined) return undefined;
  return `${foreign?.replace("pulumi", "").toLowerCase() ?? owner}.${direction}.${rest}`;
}

function indent(depth: number): string {
  return "    ".repeat(depth);
}
