import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { fixed, onlyRules, scratch } from "./manifests";

const V = "NVIDIA_VISIBLE_DEVICES";

describe("mlstack check --fix in JSON", () => {
  const { file } = scratch();

  const object = (tolerations?: object) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a" },
    spec: {
      containers: [{ name: "main", image: "x:1", resources: { limits: { "nvidia.com/gpu": 1 } } }],
      tolerations,
    },
  });
  const toleration = [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }];

  it.each([
    ["on one line", undefined, "\n"],
    ["with two spaces", 2, "\n"],
    ["with tabs", "\t", ""],
  ])("%s, it stays so", async (_, indent, end) => {
    const path = await file("pod.json", `${JSON.stringify(object(), undefined, indent)}${end}`);

    await fixed(path);

    expect(await readFile(path, "utf8")).toBe(`${JSON.stringify(object(toleration), undefined, indent)}${end}`);
  });

  it("mends each item of a list and keeps numbers as they are written", async () => {
    const text = `[\n  { "large": 12345678901234567890, "one": 1.0 },\n  ${JSON.stringify(object())}\n]`;
    const path = await file("pods.yaml", text.replaceAll("\n", "\r\n"));

    await fixed(path);

    const after = await readFile(path, "utf8");
    expect(after.startsWith('[\r\n  {\r\n    "large": 12345678901234567890,\r\n    "one": 1.0\r\n')).toBe(true);
    expect((JSON.parse(after) as unknown[])[1]).toEqual(JSON.parse(JSON.stringify(object(toleration))));
  });

  it("removes several items of one list, and no others", async () => {
    const pod = (...names: string[]) => ({
      ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "a" } },
      spec: { containers: [{ name: "m", image: "x:1", env: names.map((name) => ({ name, value: "all" })) }] },
    });
    const path = await file("pod.json", JSON.stringify(pod(V, "K1", V, "K2")));

    await fixed(path, onlyRules("GPU-05"));

    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(pod("K1", "K2"));
  });
});
