import { mkdir, readFile, rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { check } from "../../../cli/check/checking";
import { leftOutLine, planFixes, writeFixes } from "../../../cli/check/fixing";
import { readInput } from "../../../cli/check/input";
import { fixed, judged, none, onlyRules, POD, scratch, SOME, TODAY } from "./manifests";

const TOLERATION = "  tolerations:\n    - key: nvidia.com/gpu\n      operator: Exists\n      effect: NoSchedule\n";

/** Containers with variables, some of which GPU-05 removes. */
const withVariables = (...names: string[]) =>
  `apiVersion: v1
kind: Pod
metadata: { name: a }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1
      env:
${names.map((name) => `        - { name: ${name}, value: all }\n`).join("")}`;

const V = "NVIDIA_VISIBLE_DEVICES";

describe("mlstack check --fix", () => {
  const { file } = scratch();

  it("writes the fixes and keeps comments and everything else", async () => {
    const path = await file("pod.yaml", `${POD}---\n# as it is\nkind:   ConfigMap\napiVersion: v1\n`);

    const { fixes } = await fixed(path);

    expect(fixes).toEqual([{ file: path, rule: "GPU-02", object: "Pod ml/mnist" }]);
    expect(await readFile(path, "utf8")).toBe(
      `${POD}${TOLERATION}---\n# as it is\nkind:   ConfigMap\napiVersion: v1\n`,
    );
  });

  it("changes nothing the second time", async () => {
    const path = await file("pod.yaml", POD);
    await fixed(path);

    expect((await fixed(path)).fixes).toEqual([]);
  });

  it("changes nothing as long as it is a plan", async () => {
    const path = await file("pod.yaml", POD);
    const input = await readInput([path], none);
    const findings = check(input.documents, SOME, TODAY).findings;

    expect(planFixes(findings, input.files).fixes).toHaveLength(1);
    expect(planFixes(findings, input.files).fixes).toHaveLength(1);
    expect(await readFile(path, "utf8")).toBe(POD);
  });

  it("leaves exempted findings alone", async () => {
    const note = "waits for the taint to go; owner=ml; until=2026-12-31";
    const annotated = POD.replace(
      "namespace: ml",
      `namespace: ml, annotations: {policy.mlstack.dev/exempt-GPU-02: "${note}"}`,
    );

    expect((await fixed(await file("pod.yaml", annotated))).fixes).toEqual([]);
  });

  it.each([
    ["remediate", 1],
    [{ level: "remediate" }, 1],
    [{ undecided: "mandatory" }, 1],
    ["mandatory", 0],
    ["advisory", 0],
    [{ level: "mandatory" }, 0],
  ])("follows the entry %j of the policy file", async (entry, count) => {
    const rules = { ...(onlyRules()["rules"] as object), "GPU-02": entry };
    const { fixes } = await fixed(await file("pod.yaml", POD), { rules });

    expect(fixes).toHaveLength(count);
  });

  it("leaves the state of a stack alone", async () => {
    const inputs = {
      apiVersion: "v1",
      kind: "Pod",
      spec: { containers: [{ name: "a", env: [{ name: V, value: "all" }] }] },
    };
    const resources = [{ type: "kubernetes:core/v1:Pod", urn: "urn:pulumi:a::b::kubernetes:core/v1:Pod::c", inputs }];
    const path = await file("state.json", JSON.stringify({ version: 3, deployment: { resources } }));

    expect((await judged([path], onlyRules("GPU-05"))).map(({ fix }) => fix)).toEqual([undefined]);
    expect((await fixed(path, onlyRules("GPU-05"))).fixes).toEqual([]);
  });

  it("removes several items of one list, and no others", async () => {
    const path = await file("pod.yaml", withVariables(V, "K1", V, "K2", V));

    await fixed(path, onlyRules("GPU-05"));

    expect(await readFile(path, "utf8")).toBe(withVariables("K1", "K2"));
  });

  it("removes from the behind even where lists are long", async () => {
    const names = Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? V : `K${index}`));
    const path = await file("pod.yaml", withVariables(...names));

    await fixed(path, onlyRules("GPU-05"));

    expect(await readFile(path, "utf8")).toBe(withVariables(...names.filter((name) => name !== V)));
  });

  it("mends the items of lists", async () => {
    const item = POD.replace("# my pod\n", "")
      .replaceAll(/^(?=.)/gm, "    ")
      .replace("    api", "  - api");
    const path = await file(
      "list.yaml",
      `apiVersion: v1\nkind: List\nitems:\n${item}${item.replace("mnist", "other")}`,
    );

    await fixed(path);

    const mended = `${item}${TOLERATION.replaceAll(/^(?=.)/gm, "    ")}`;
    expect(await readFile(path, "utf8")).toBe(
      `apiVersion: v1\nkind: List\nitems:\n${mended}${mended.replace("mnist", "other")}`,
    );
  });

  describe("keeps the layout:", () => {
    const FLUSH = `---
apiVersion: v1
kind: Pod
metadata: {   name: mnist   }

spec:
  containers:
  - name:   main     # the only one


    image: 'mnist:1'
    resources: { limits: { nvidia.com/gpu: 1 } }
    args: [ "--a",
      "--b" ]
`;
    const FOUR = `apiVersion: v1
kind: Pod
metadata:
    name: mnist
spec:
    containers:
        - name: main
          image: mnist:1
          resources:
              limits: { nvidia.com/gpu: 1 }
`;

    it.each([
      ["lists as far out as their keys", FLUSH, TOLERATION.replaceAll(/^ {4}/gm, "  ")],
      ["four spaces", FOUR, TOLERATION.replaceAll(/^ {2}(?=t)/gm, "    ").replaceAll(/^ {4}(?=[- ])/gm, "        ")],
      ["ends of lines of Windows", POD.replaceAll("\n", "\r\n"), TOLERATION.replaceAll("\n", "\r\n")],
      ["a byte order mark", `\uFEFF${POD}`, TOLERATION],
      ["no end of the last line", POD.trimEnd(), `\n${TOLERATION.trimEnd()}`],
    ])("%s", async (_, text, toleration) => {
      const path = await file("pod.yaml", text);

      await fixed(path);

      const after = await readFile(path, "utf8");
      expect(after.startsWith(text)).toBe(true);
      // Where a list is indented by four, its own dash may have more room behind it.
      expect(
        after
          .slice(text.length)
          .replace("-   key", "- key")
          .replaceAll(/^ {12}/gm, " ".repeat(10)),
      ).toBe(toleration);
    });
  });

  describe("leaves out, and tells why:", () => {
    const pod = (spec: string, before = "") =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n${before}spec:\n${spec}`;
    const container = (more: string) =>
      `    - name: main\n      image: x:1\n      resources: { limits: { nvidia.com/gpu: 1 } }\n${more}`;
    const env = `      env: [{ name: ${V}, value: all }]\n`;

    it.each([
      [
        "what an alias stands for",
        pod("  containers: *c\n", `x: &c\n${container(env)}`),
        "where an alias stands for the value",
      ],
      [
        "what an anchor shares",
        pod(`  containers: &c\n${container(env)}  initContainers: []\n  x: *c\n`),
        "where an anchor shares the value with other places",
      ],
      [
        "what holds an anchor that is in use",
        pod(`  containers:\n${container(`      env: [{ name: ${V}, value: &v all }]\n      tty: *v\n`)}`),
        "where an anchor shares the value with other places",
      ],
      [
        "what a merge key brings",
        pod(`  containers:\n${container(`      <<: { env: [{ name: ${V}, value: all }] }\n`)}`),
        "where a merge key (<<) may bring the value",
      ],
    ])("%s", async (_, text, reason) => {
      const path = await file("pod.yaml", text);

      const plan = await fixed(path, onlyRules("GPU-05"));

      expect(plan.fixes).toEqual([]);
      expect(new Set(plan.leftOut.map((one) => one.reason))).toEqual(new Set([reason]));
      expect(await readFile(path, "utf8")).toBe(text);
    });

    it("a list that is no list", async () => {
      for (const tolerations of ["{ a: 1 }", "text", "7"]) {
        const text = pod(`  containers:\n${container("")}  tolerations: ${tolerations}\n`);
        const path = await file("pod.yaml", text);

        const plan = await fixed(path, onlyRules("GPU-02"));

        expect(plan.fixes).toEqual([]);
        expect(await readFile(path, "utf8")).toBe(text);
      }
    });

    it("as a sum", () => {
      const left = (reason: string) => ({ file: "a", rule: "b", object: "c", reason });
      const sum = (...reasons: string[]) => leftOutLine({ fixes: [], texts: new Map(), leftOut: reasons.map(left) });

      expect(sum()).toBeUndefined();
      expect(sum("inside text")).toBe("1 fix left out: 1 inside text");
      expect(sum("inside text", "b", "b")).toBe("3 fixes left out: 1 inside text, 2 b");
    });
  });

  it.each(["null", "~", "[]", ""])("adds to a list that is %j", async (tolerations) => {
    const path = await file("pod.yaml", `${POD}  tolerations: ${tolerations}\n`);

    expect((await fixed(path)).fixes).toHaveLength(1);
    expect(await judged([path], onlyRules("GPU-02"))).toEqual([]);
  });

  it("writes nothing where one of the files cannot be written", async () => {
    const paths = [await file("a.yaml", POD), await file("b.yaml", POD)];
    const input = await readInput(paths, none);
    const plan = planFixes(check(input.documents, SOME, TODAY).findings, input.files);
    await rm(paths[1]!);
    await mkdir(paths[1]!);

    await expect(writeFixes(plan)).rejects.toThrow(`${paths[1]} cannot be written: it is a folder`);
    expect(await readFile(paths[0]!, "utf8")).toBe(POD);
  });
});
