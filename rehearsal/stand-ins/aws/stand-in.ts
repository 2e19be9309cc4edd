import { createHash } from "node:crypto";
import { leavesOf } from "../differences";
import { inputFaults } from "../input-check";
import type { ResourceShape } from "../resource-shape";
import { sdkPackage } from "../sdk-package";
import { ShapeStore } from "../shape-store";
import {
  type Checked,
  type Effect,
  type Made,
  type Plan,
  type ResourceName,
  type StandIn,
  unknownType,
} from "../stand-in";
import { isProperties, type Properties, UNKNOWN, valueAt } from "../values";
import { answered } from "./functions";
import { invented, type Place } from "./inventor";
import { COMMON_REPLACEMENTS, REPLACEMENTS } from "./replacements";

/** Stands in for the AWS provider: any resource that the SDK declares. */
export class AwsStandIn implements StandIn {
  readonly version: string;
  private readonly shapes: ShapeStore;
  private readonly source: string;
  private place: Place = { region: "", defaultTags: {} };

  constructor() {
    const sdk = sdkPackage("aws");
    this.version = sdk.version;
    this.source = `@pulumi/aws ${sdk.version}`;
    this.shapes = new ShapeStore(sdk);
  }

  checkConfig(inputs: Properties): Checked {
    const given = Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== "version"));
    const shape = this.shapeOf("pulumi:providers:aws");
    const faults = inputFaults(shape, decoded(given, shape), this.source);
    if (regionOf(inputs) === undefined) {
      faults.push({
        property: "region",
        reason:
          "region is missing; allowed: a region such as us-east-1. Set aws:region, or the region of the provider.",
      });
    }
    return { inputs, faults };
  }

  configure(inputs: Properties): void {
    const tags = valueAt(decoded(inputs, this.shapeOf("pulumi:providers:aws")), "defaultTags.tags");
    this.place = { region: regionOf(inputs) ?? "", defaultTags: isProperties(tags) ? tags : {} };
  }

  check(resource: ResourceName, olds: Properties | undefined, news: Properties): Checked {
    const shape = this.shapeOf(resource.token);
    const inputs = { ...news };
    for (const property of autoNamed(shape)) {
      if (inputs[property] !== undefined || inputs[`${property}Prefix`] !== undefined) continue;
      inputs[property] = olds?.[property] ?? madeName(resource, property);
    }
    return { inputs, faults: inputFaults(shape, inputs, this.source) };
  }

  effect(resource: ResourceName, olds: Properties, news: Properties): Effect {
    const { token } = resource;
    const shape = this.shapeOf(token);
    // A name that the provider made up would be another one for the new resource.
    const kept = (property: string) => news[property] !== undefined && olds[property] === news[property];
    return {
      replaces: ({ names }) => replaces(token, shape, names),
      deletesFirst: autoNamed(shape).some((name) => kept(name) && news[name] !== madeName(resource, name)),
    };
  }

  create(plan: Plan): Made {
    return invented({ ...plan, ...this.subject(plan) }, this.place);
  }

  update(plan: Plan, _id: string, olds: Properties): Properties {
    return invented({ ...plan, ...this.subject(plan), olds }, this.place).outputs;
  }

  read({ token, name }: ResourceName, id: string): Properties {
    const shape = this.shapeOf(token);
    return invented({ token, name, shape, inputs: {}, seed: id }, this.place).outputs;
  }

  invoke(token: string, args: Properties): Properties {
    return answered(token, this.place.region, args);
  }

  private subject({ urn, token, inputs }: Plan): { shape: ResourceShape; seed: string } {
    const shape = this.shapeOf(token);
    const lasting = leavesOf(inputs).filter(({ names }) => replaces(token, shape, names));
    return { shape, seed: `${urn} ${JSON.stringify(lasting)}` };
  }

  private shapeOf(token: string): ResourceShape {
    const shape = this.shapes.shapeOf(token);
    if (shape === undefined || shape === "custom") throw unknownType(token, this.source);
    return shape;
  }
}

/** Inputs that the provider names by itself. */
function autoNamed({ inputs, outputs }: ResourceShape): string[] {
  const isName = (property: string) => property === "name" && outputs[property]?.required === true;
  return Object.entries(inputs).flatMap(([property, field]) =>
    !field.required && field.type.kind === "string" && (field.autoNamed === true || isName(property)) ? [property] : [],
  );
}

function madeName({ urn, name }: ResourceName, property: string): string {
  const made = `${name}-${createHash("sha256").update(urn).digest("hex").slice(0, 7)}`;
  return property === "bucket" ? made.toLowerCase() : made;
}

function replaces(token: string, shape: ResourceShape, names: string[]): boolean {
  const common = COMMON_REPLACEMENTS.flatMap(([tokens, inputs]) => (tokens.test(token) ? inputs : []));
  const path = names.join(".");
  const isNamed = [...(REPLACEMENTS[token] ?? []), ...common].some((given) =>
    given === "*" ? !names[0]?.startsWith("tags") : path === given || path.startsWith(`${given}.`),
  );
  return isNamed || isDocumented(shape, names);
}

/** Whether the documentation of a property on the way says that it replaces the resource. */
function isDocumented({ inputs, objects }: ResourceShape, names: string[]): boolean {
  let fields = inputs;
  for (const name of names) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) return false;
    if (field.replaces) return true;
    const type = field.type.kind === "list" ? field.type.items : field.type;
    if (type.kind !== "object") return false;
    fields = objects[type.object] ?? {};
  }
  return false;
}

function regionOf(inputs: Properties): string | undefined {
  const region = inputs["region"] ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  return typeof region === "string" && region !== "" ? region : undefined;
}

/** The configuration of a provider arrives as texts; what is no text is JSON in them. */
function decoded(configuration: Properties, { inputs }: ResourceShape): Properties {
  const decode = ([name, value]: [string, unknown]): [string, unknown] => {
    const isText = inputs[name] === undefined || inputs[name].type.kind === "string";
    return [name, isText || typeof value !== "string" || value === UNKNOWN ? value : parsed(value)];
  };
  return Object.fromEntries(Object.entries(configuration).map(decode));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
