import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree } from "../../../../components/model";
import type { Truth } from "../../../../policies/engine/truth";
import { isThere, serves } from "../../../../policies/pod-security/practices/serving";

describe("a container that serves", () => {
  it.each<[string, Tree, Truth]>([
    ["a port", [{ containerPort: 8080 }], true],
    ["a port of a name", [{ name: "http" }], true],
    ["a port for metrics", [{ name: "metrics" }], false],
    ["a port for metrics and another", [{ name: "metrics" }, { name: "http" }], true],
    ["a port whose name is no text", [{ name: ["metrics"] }], true],
    ["a port whose name is not known yet", [{ name: UNKNOWN }], UNKNOWN],
    ["ports that are not known yet", UNKNOWN, UNKNOWN],
    ["no port", [], false],
    ["nothing said of ports", undefined, false],
  ])("has %s", (_case, ports, truth) => {
    expect(serves({ ports })).toBe(truth);
  });
});

describe("a field", () => {
  it.each<[Tree, Truth]>([
    [{}, true],
    [[1], true],
    [0, true],
    ["", true],
    [[], false],
    [null, false],
    [undefined, false],
    [UNKNOWN, UNKNOWN],
  ])("with %j has anything: %s", (value, truth) => {
    expect(isThere(value)).toBe(truth);
  });
});
