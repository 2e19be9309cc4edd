import { createHash } from "node:crypto";
import type { Fields, ResourceShape, TypeShape } from "../resource-shape";
import { hasUnknown, isProperties, type Properties, UNKNOWN } from "../values";
import { IDENTITIES, type Identity, SATELLITES, SERVICES, TEXTS } from "./identities";

/** The account that all made-up resources are in; AWS uses the number in its documentation, nobody has it. */
export const ACCOUNT = "123456789012";

/** Where made-up resources are, and what goes onto each of them. */
export interface Place {
  region: string;
  /** Tags that the provider puts on every resource. */
  defaultTags: Properties;
}

/** A resource whose outputs are made up. */
export interface Subject {
  token: string;
  /** Name in the program. */
  name: string;
  shape: ResourceShape;
  inputs: Properties;
  /** Text that the made-up values are derived from: another one for each resource and each replacement of it. */
  seed: string;
  /** Outputs before the update, which keep what was made up; empty for a new resource. */
  olds?: Properties;
  /** Whether nothing happens yet, so that whatever AWS would make up is unknown. */
  preview?: boolean;
}

/** What a resource came to be. */
export interface Made {
  id: string;
  outputs: Properties;
}

/** Levels of made-up objects in objects; types may go round in circles. */
const DEEPEST = 6;

/**
 * Makes up the id and outputs of a resource: inputs stay as they are, whatever the SDK declares beside them gets a
 * believable value by name and type, the same one in each run.
 */
export function invented(subject: Subject, place: Place): Made {
  return new Inventor(subject, place).made();
}

/** DNS suffix of the services of a partition. */
export function dnsSuffixOf(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}

/** Partition that a region is in. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Where a value is made up. */
interface Spot {
  /** Path from the resource, `*` standing for each item of a list. */
  path: string;
  depth: number;
  /** Whether it has a value in any case: no program can set it, or the id is made of it. */
  isOwn: boolean;
}

function below({ path, depth, isOwn }: Spot, name: string): Spot {
  return { path: `${path}.${name}`, depth: depth + 1, isOwn };
}

function isTelling(name: string): boolean {
  return name === "arn" || TEXTS.some(([names]) => names.test(name));
}

class Inventor {
  private readonly identity: Identity;
  private readonly region: string;
  private readonly digest: string;
  private readonly outputs: Properties = {};
  private readonly olds: Properties;
  /** Templates of id and ARN, which need a value for each property that they name. */
  private readonly templates: string;
  private id = "";

  constructor(
    private readonly subject: Subject,
    private readonly place: Place,
  ) {
    const { token, inputs, olds = {}, seed } = subject;
    const satellite = SATELLITES.find(([tokens]) => tokens.test(token))?.[1];
    this.identity = IDENTITIES[token] ?? (satellite === undefined ? {} : { id: satellite });
    this.templates = `${this.identity.id ?? "{name}"} ${this.identity.arn ?? ""}`;
    this.olds = olds;
    this.region = typeof inputs["region"] === "string" ? inputs["region"] : place.region;
    this.digest = createHash("sha256").update(seed).digest("hex");
  }

  made(): Made {
    const { inputs, shape, olds = {} } = this.subject;
    // Ids are made of names, ARNs of ids, and the rest may be made of all of them.
    const rank = (name: string) => (Object.hasOwn(inputs, name) ? 0 : this.isNamed(name) ? 1 : 2);
    const names = Object.keys(shape.outputs).sort((a, b) => rank(a) - rank(b));
    for (const name of names.filter((each) => rank(each) < 2 && each !== "arn")) this.fill(name);
    const idIsArn = this.identity.id === "{arn}";
    if (!idIsArn) this.id = this.makeId();
    if (Object.hasOwn(shape.outputs, "arn")) this.fill("arn");
    if (idIsArn) this.id = this.makeId();
    for (const name of names.filter((each) => rank(each) === 2 && each !== "arn")) this.fill(name);
    for (const name of this.identity.versions ?? []) {
      if (typeof olds[name] === "number") this.outputs[name] = this.subject.preview ? UNKNOWN : olds[name] + 1;
    }
    return { id: this.id, outputs: this.outputs };
  }

  private fill(name: string): void {
    const field = this.subject.shape.outputs[name]!;
    const given = this.subject.inputs[name];
    if (name === "region") this.outputs[name] = this.region;
    else if (name === "tagsAll") this.outputs[name] = this.allTags();
    else if (given !== undefined) this.outputs[name] = this.completed(field.type, given, this.olds[name], name);
    else if (field.required || Object.hasOwn(this.identity.values ?? {}, name)) {
      const isOwn = !Object.hasOwn(this.subject.shape.inputs, name) || this.isNamed(name);
      const value = this.olds[name] ?? this.madeUp(field.type, { path: name, depth: 0, isOwn });
      if (value !== undefined) this.outputs[name] = value;
    }
  }

  /** What was given, with what the provider adds to objects inside it. */
  private completed(type: TypeShape, given: unknown, old: unknown, path: string): unknown {
    if (type.kind === "list" && Array.isArray(given)) {
      const olds = Array.isArray(old) ? (old as unknown[]) : [];
      return given.map((item, index) => this.completed(type.items, item, olds[index], `${path}.*`));
    }
    if (type.kind !== "object" || !isProperties(given)) return given;
    const before = isProperties(old) ? old : {};
    const object: Properties = { ...given };
    for (const [name, { type: inner, required }] of this.fieldsOf(type.object)) {
      const at = `${path}.${name}`;
      if (given[name] !== undefined) object[name] = this.completed(inner, given[name], before[name], at);
      else if (required) object[name] = before[name] ?? this.madeUp(inner, { path: at, depth: 1, isOwn: false });
    }
    return object;
  }

  private madeUp(type: TypeShape, spot: Spot): unknown {
    const { path, depth, isOwn } = spot;
    const fixed = this.identity.values?.[path];
    if (this.subject.preview) return UNKNOWN;
    if (fixed !== undefined) return typeof fixed === "string" ? this.text(fixed) : fixed;
    const name = path.split(".").findLast((segment) => segment !== "*") ?? path;
    switch (type.kind) {
      case "string":
        return isOwn || isTelling(name) ? this.textFor(name) : "";
      case "literal":
        return type.value;
      case "number":
        return 0;
      case "boolean":
        return false;
      case "map":
        return {};
      case "list": {
        const isFilled = isOwn ? type.items.kind === "object" || isTelling(name) : this.hasFixed(path);
        return isFilled && depth < DEEPEST ? [this.madeUp(type.items, below(spot, "*"))] : [];
      }
      case "object": {
        if (depth >= DEEPEST) return {};
        const fields = this.fieldsOf(type.object).filter(([, { required }]) => required);
        return Object.fromEntries(fields.map(([inner, field]) => [inner, this.madeUp(field.type, below(spot, inner))]));
      }
      case "either":
        return this.madeUp(type.options[0]!, spot);
      default:
        return undefined;
    }
  }

  private isNamed(name: string): boolean {
    return this.templates.includes(`{${name}}`);
  }

  private hasFixed(path: string): boolean {
    return Object.keys(this.identity.values ?? {}).some((fixed) => fixed.startsWith(`${path}.`));
  }

  private fieldsOf(object: string): [string, Fields[string]][] {
    return Object.entries(this.subject.shape.objects[object] ?? {});
  }

  private textFor(name: string): string {
    if (name === "arn") return this.text(`arn:{partition}:${this.identity.arn ?? this.commonArn()}`);
    const prefix = this.subject.inputs[`${name}Prefix`];
    if (typeof prefix === "string") return `${prefix}${this.hex(8)}`;
    const template = TEXTS.find(([names]) => names.test(name))?.[1];
    return this.text(template ?? `${name}-{hex8}`);
  }

  private commonArn(): string {
    const [, module = "", kind = ""] = /^aws:([^/]+)\/([^:]+):/.exec(this.subject.token) ?? [];
    return `${SERVICES[module] ?? module}:{region}:{account}:${kind.toLowerCase()}/{id}`;
  }

  private makeId(): string {
    const [, , kind = "resource"] = /^aws:([^/]+)\/([^:]+):/.exec(this.subject.token) ?? [];
    const name = this.outputs["name"];
    return this.text(this.identity.id ?? (typeof name === "string" ? "{name}" : `${kind}-{hex}`));
  }

  private allTags(): unknown {
    const tags = this.subject.inputs["tags"];
    if (tags !== undefined && !isProperties(tags)) return tags;
    return { ...this.place.defaultTags, ...tags };
  }

  /** Fills in a template; unknown where one of its parts is. */
  private text(template: string): string {
    const parts = Array.from(template.matchAll(/\{(\w+)\}/g), ([, name]) => this.part(name!));
    if (parts.some(hasUnknown)) return UNKNOWN;
    return template.replace(/\{\w+\}/g, () => parts.shift()!);
  }

  private part(name: string): string {
    const common: Record<string, () => string> = {
      id: () => this.id,
      account: () => ACCOUNT,
      region: () => this.region,
      partition: () => partitionOf(this.region),
      dnsSuffix: () => dnsSuffixOf(this.region),
      zoneCode: () => this.region.replace(/-(\w)\w*-/, "$1"),
      zoneNumber: () => this.zoneNumber(),
      hex: () => this.hex(17),
      hex8: () => this.hex(8),
      hex32: () => this.hex(32).toUpperCase(),
      uuid: () => this.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
      number: () => String(parseInt(this.hex(2), 16) % 251),
    };
    const value = common[name]?.() ?? this.outputs[name] ?? this.subject.inputs[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : this.textFor(name);
  }

  /** Place of the zone's letter in the alphabet; which number a zone has differs from account to account. */
  private zoneNumber(): string {
    const zone = this.outputs["availabilityZone"];
    const letter = typeof zone === "string" ? zone.charCodeAt(this.region.length) : NaN;
    return Number.isNaN(letter) ? "1" : String(letter - "a".charCodeAt(0) + 1);
  }

  private hex(digits: number): string {
    return this.digest.slice(0, digits);
  }
}
