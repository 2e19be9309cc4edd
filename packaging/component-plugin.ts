import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ComponentResource, ComponentResourceOptions, Inputs } from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import { checkoutRoot } from "../rehearsal/checkout";

/** Where the schema of the components is kept, from the root of the checkout. */
const SCHEMA_FILE = "packaging/schema.json";

/** A schema of Pulumi, as far as the plugin reads it. */
interface Schema {
  resources: Record<string, { properties: Record<string, unknown> }>;
}

/** Makes a component of any kind. */
type Component = new (name: string, inputs: Inputs, options: ComponentResourceOptions) => ComponentResource;

/**
 * The components as a provider of Pulumi, for programs in other languages.
 *
 * It tells the schema that the checkout holds, which a test keeps equal to the sources. Pulumi's own host of components reads
 * and checks all sources in its place each time that somebody asks, which is several times in each update.
 */
export class ComponentPlugin implements Provider {
  readonly version: string;
  readonly #schema: Schema;

  /** @param components Loads the components by their names; called when one is to be made, as most plugins only tell the schema. */
  constructor(private readonly components: () => object) {
    const { version, description } = readJson("package.json") as { version: string; description: string };
    this.version = version;
    this.#schema = { ...(readJson(SCHEMA_FILE) as Schema), ...{ version, description } };
  }

  /** What the components take and tell, for all languages. */
  getSchema(): Promise<string> {
    return Promise.resolve(JSON.stringify(this.#schema));
  }

  /** Makes a component and all that it is made of. @throws Error when there is none of this type. */
  construct(name: string, type: string, inputs: Inputs, options: ComponentResourceOptions): Promise<ConstructResult> {
    const declared = this.#schema.resources[type];
    if (declared === undefined) throw new Error(`mlstack ${this.version} has no component ${type}`);
    const components = this.components() as Record<string, Component>;
    const component = new components[type.split(":").at(-1)!]!(name, inputs, options);
    const outputs = component as unknown as Record<string, unknown>;
    const told = Object.keys(declared.properties).map((property) => [property, outputs[property]] as const);
    return Promise.resolve({ urn: component.urn, state: Object.fromEntries(told) });
  }
}

function readJson(path: string): object {
  return JSON.parse(readFileSync(join(checkoutRoot(), path), "utf8")) as object;
}
