import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { expect, test } from "vitest";
import { readEnvironment } from "../../stacks/config";
import { configSchema } from "../../stacks/config/schema";
import { scenarios } from "../../stacks/scenarios";
import { handedOver, localConfig, type Written } from "./configurations";

const repository = join(__dirname, "../..");
const guide = readFileSync(join(repository, "docs/configuration.md"), "utf8");
const tables = [...guide.matchAll(/^\| `([^`]+)` +\| (.+?) +\|/gm)].map(([, name, next]) => ({ name, next }));

test("the guide has a row for every key and no other", () => {
  const documented = tables.map(({ name }) => name).filter((name) => !Object.hasOwn(scenarios, name ?? ""));
  const keys = keysOf(z.toJSONSchema(configSchema) as SchemaNode, "").filter((key) => !isArgumentOfPart(key));
  expect(documented.sort()).toEqual(keys.sort());
});

test("the guide describes every scenario in the scenario's own words", () => {
  const rows = tables.filter(({ name }) => Object.hasOwn(scenarios, name ?? ""));
  const described = Object.entries(scenarios).map(([name, { description }]) => ({ name, next: description }));
  expect(rows).toEqual(described);
});

test("every example of the guide is accepted", () => {
  const examples = [...guide.matchAll(/```yaml\n(.+?)```/gs)].map(([, yaml]) => writtenIn(yaml ?? ""));
  expect(examples).toHaveLength(3);
  for (const example of examples) expect(() => readEnvironment(handedOver(example), { stack: "dev" })).not.toThrow();
});

test("the local stack is the one that the tests are about", () => {
  const stack = readFileSync(join(repository, "stacks/Pulumi.local.yaml"), "utf8");
  const { platform, scenarios: switchedOn, ...others } = writtenIn(stack);
  expect({ ...others, scenarios: localConfig.scenarios }).toEqual(localConfig);
  expect(platform).toHaveProperty("parts.kueue");
  expect(switchedOn).toEqual(Object.keys(scenarios));
});

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
}

/** Those are in the table of options of the part's own page. */
function isArgumentOfPart(key: string): boolean {
  return /^platform\.parts\.\w+[.[]/.test(key);
}

function keysOf(node: SchemaNode, prefix: string): string[] {
  if (node.items !== undefined) return keysOf(node.items, `${prefix}[]`);
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    return [path, ...keysOf(child, path)];
  });
}

function writtenIn(stackFile: string): Written {
  const { config } = parse(stackFile) as { config: Written };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("mlstack:", ""), value]));
}
