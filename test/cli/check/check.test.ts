import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { check } from "../../../cli/check/checking";
import { explainedRules, explanationOf } from "../../../cli/check/explanation";
import { writeFixes } from "../../../cli/check/fixing";
import { asJson } from "../../../cli/check/formats/json";
import { asJunit } from "../../../cli/check/formats/junit";
import { asSarif } from "../../../cli/check/formats/sarif";
import { asTable } from "../../../cli/check/formats/table";
import { readInput } from "../../../cli/check/input";
import { readPolicyFile } from "../../../cli/policy-file";
import type { TreeObject } from "../../../components/model";

const TODAY = "2026-11-26";

/** Only the rules that these tests are about, so that new ones do not change what they expect. */
const SOME: TreeObject = onlyRules("GPU-01", "GPU-02", "POD-01", "POD-22");

function onlyRules(...ids: string[]): TreeObject {
  const others = explainedRules().filter(({ id }) => !ids.includes(id));
  return { rules: Object.fromEntries(others.map(({ id }) => [id, "disabled"])) };
}

const POD = `# my pod
apiVersion: v1
kind: Pod
metadata: {name: mnist, namespace: ml}
spec:
  containers:
    - name: main
      image: registry.example/mnist # floating
      resources: {limits: {nvidia.com/gpu: 1}}
      securityContext: {privileged: true}
`;

const TOLERATION_FINDING =
  "[GPU-02] Pod ml/mnist: spec.tolerations is without a match for the taint nvidia.com/gpu:NoSchedule; " +
  'allowed: tolerations that match every taint of GPU nodes. Add { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }.';

describe("mlstack check", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-check-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function file(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  }

  const none = () => Promise.resolve("");

  it("names line and column of what it finds, and of where what is absent would be", async () => {
    const { documents } = await readInput([await file("pod.yaml", POD)], none);

    const { findings } = check(documents, SOME, TODAY);

    expect(
      findings.map(({ finding, position, level }) => [finding.rule, position.line, position.column, level]),
    ).toEqual([
      ["GPU-02", 6, 3, "mandatory"],
      ["POD-22", 8, 14, "mandatory"],
      ["POD-01", 10, 37, "mandatory"],
    ]);
  });

  it("reads streams with several documents, JSON, resources of Pulumi and the standard input", async () => {
    const stream = `${POD}---\n# nothing\n---\nvalues: 1\n---\n${POD.replace("mnist,", "other,")}`;
    const json = JSON.stringify({ type: "aws:eks/nodeGroup:NodeGroup", name: "gpu", properties: {} });
    const paths = [await file("a.yaml", stream), await file("b.json", json), "-"];

    const { documents, files, passedOver } = await readInput(paths, () => Promise.resolve(POD));

    expect(documents.map(({ file: path, resource }) => [path, resource.type, resource.name])).toEqual([
      [paths[0], "kubernetes:core/v1:Pod", "mnist"],
      [paths[0], "kubernetes:core/v1:Pod", "other"],
      [paths[1], "aws:eks/nodeGroup:NodeGroup", "gpu"],
      ["-", "kubernetes:core/v1:Pod", "mnist"],
    ]);
    expect(files).toHaveLength(3);
    expect(passedOver).toBe(2);
  });

  it("judges the exported state of a stack, where secrets are not known and what is leaving counts no more", async () => {
    const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
    const pod = (image: unknown) => ({
      type: "kubernetes:core/v1:Pod",
      urn: "urn:pulumi:dev::mlstack::kubernetes:core/v1:Pod::mnist",
      inputs: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "mnist" },
        spec: { containers: [{ name: "a", image }] },
      },
    });
    const state = {
      version: 3,
      deployment: { resources: [pod("mnist:latest"), { ...pod("mnist"), delete: true }, pod(signature)] },
    };
    const path = await file("state.json", JSON.stringify(state, undefined, 2));
    const input = await readInput([path], none);
    const { findings } = check(input.documents, SOME, TODAY);

    expect(findings.map(({ finding, isUndecided, position }) => [finding.rule, isUndecided, position.line])).toEqual([
      ["POD-22", undefined, 18],
      ["POD-22", true, 57],
    ]);
    expect(await writeFixes(findings, input.files)).toEqual([]);
  });

  it("goes through folders, but passes over charts that are not rendered, and says how to render them", async () => {
    await mkdir(join(folder, "manifests", "deeper"), { recursive: true });
    await mkdir(join(folder, "chart", "templates"), { recursive: true });
    await file("manifests/deeper/pod.yml", POD);
    await file("manifests/notes.txt", "no manifest");
    await file("chart/Chart.yaml", "name: chart");
    await file("chart/templates/pod.yaml", "{{ if }}");

    const { documents, hints } = await readInput([folder], none);

    expect(documents.map(({ file: path }) => path)).toEqual([join(folder, "manifests/deeper/pod.yml")]);
    expect(hints).toEqual([
      `${join(folder, "chart")} is a chart and was passed over; render it: helm template ${join(folder, "chart")} | mlstack check -`,
    ]);
  });

  it("names every file that is not there or no YAML", async () => {
    const broken = await file("broken.yaml", "a: [1,\nb: 2\n");
    const bomb = await file(
      "bomb.yaml",
      `a: &a [1, 1, 1, 1]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: [*d, *d, *d, *d, *d, *d, *d, *d]\n`,
    );
    const missing = join(folder, "missing.yaml");

    const reading = readInput([missing, broken, bomb], none);

    await expect(reading).rejects.toThrow(`${missing}: there is no such file or folder`);
    await expect(reading).rejects.toThrow(`${broken}:2: `);
    await expect(reading).rejects.toThrow(`${bomb}: its aliases unfold to too much`);
  });

  it("judges documents beside each other: a TrainJob with its runtime", async () => {
    const runtime = `apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainingRuntime
metadata: { name: torch, namespace: ml }
spec:
  template:
    spec:
      replicatedJobs:
        - name: node
          template:
            spec:
              template:
                spec:
                  containers: [{ name: node, image: "registry.example/train:1", securityContext: { privileged: true } }]
`;
    const job = `apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainJob
metadata: { name: bert, namespace: ml }
spec: { runtimeRef: { kind: TrainingRuntime, name: torch } }
`;
    const { documents } = await readInput([await file("a.yaml", `${runtime}---\n${job}`)], none);

    const objects = check(documents, SOME, TODAY).findings.map(({ finding }) => [finding.rule, finding.object]);

    expect(objects).toContainEqual(["POD-01", "TrainingRuntime ml/torch"]);
    expect(objects).toContainEqual(["POD-01", "TrainJob ml/bert"]);
  });

  describe("--fix", () => {
    it("writes the fixes and keeps comments and everything else", async () => {
      const path = await file("pod.yaml", `${POD}---\n# as it is\nkind:   ConfigMap\napiVersion: v1\n`);
      const input = await readInput([path], none);

      const written = await writeFixes(check(input.documents, SOME, TODAY).findings, input.files);

      expect(written).toEqual([{ file: path, rule: "GPU-02", object: "Pod ml/mnist" }]);
      expect(await readFile(path, "utf8")).toBe(
        `${POD}  tolerations:\n    - key: nvidia.com/gpu\n      operator: Exists\n      effect: NoSchedule\n` +
          "---\n# as it is\nkind:   ConfigMap\napiVersion: v1\n",
      );
    });

    it("changes nothing the second time", async () => {
      const path = await file("pod.yaml", POD);
      const once = await readInput([path], none);
      await writeFixes(check(once.documents, SOME, TODAY).findings, once.files);
      const twice = await readInput([path], none);

      expect(await writeFixes(check(twice.documents, SOME, TODAY).findings, twice.files)).toEqual([]);
    });

    it("leaves exempted findings alone", async () => {
      const note = "waits for the taint to go; owner=ml; until=2026-12-31";
      const annotated = POD.replace(
        "namespace: ml",
        `namespace: ml, annotations: {policy.mlstack.dev/exempt-GPU-02: "${note}"}`,
      );
      const input = await readInput([await file("pod.yaml", annotated)], none);

      expect(await writeFixes(check(input.documents, SOME, TODAY).findings, input.files)).toEqual([]);
    });
  });

  describe("formats", () => {
    async function result(config = SOME) {
      const { documents } = await readInput([await file("pod.yaml", POD)], none);
      return check(documents, config, TODAY);
    }

    const exemption = {
      rule: "POD-01",
      object: "Pod ml/*",
      reason: "debugs the driver of the node",
      owner: "ml",
      until: "2026-12-31",
    };
    const exempting = { ...SOME, exemptions: [exemption] };

    it("table: for people", async () => {
      const lines = asTable(await result(exempting)).split("\n");

      expect(lines.slice(0, 3)).toEqual([
        "policies",
        "           advisory  medium   [META-04] policy configuration: exemptions in force is 1 exemption: POD-01 (ml, until 2026-12-31); allowed: as few as can be. Mend what they are for before they expire.",
        "",
      ]);
      expect(lines[3]).toBe(join(folder, "pod.yaml"));
      expect(lines[4]).toBe(`  6:3      mandatory high     ${TOLERATION_FINDING}`);
      expect(lines.at(-2)).toBe("2 mandatory (1 high, 1 medium), 0 advisory, 1 let pass by exemptions");
    });

    it("table: nothing but the sum where nothing is wrong", async () => {
      expect(asTable(await result(onlyRules()))).toBe("0 mandatory, 0 advisory\n");
    });

    it("json: for programs", async () => {
      const { version, findings, summary } = JSON.parse(asJson(await result(exempting))) as Record<string, never>;

      expect(version).toBe(1);
      expect(findings).toContainEqual({
        rule: "POD-01",
        severity: "critical",
        object: "Pod ml/mnist",
        path: "spec.containers[0].securityContext.privileged",
        observed: "true",
        allowed: "false or absent",
        remedy: "Remove it, and add the single capabilities that the program needs.",
        level: "mandatory",
        file: join(folder, "pod.yaml"),
        line: 10,
        column: 37,
        undecided: false,
        fixable: false,
        exemption: {
          rule: "POD-01",
          reason: exemption.reason,
          owner: "ml",
          until: "2026-12-31",
          object: "Pod ml/*",
          source: "policies.exemptions[0]",
        },
      });
      expect(summary).toEqual({ mandatory: 2, advisory: 1, exempted: 1 });
    });

    it("sarif: for code hosts, with exemptions as suppressions", async () => {
      const log = JSON.parse(asSarif(await result(exempting), "1.2.3")) as {
        version: string;
        runs: [{ tool: { driver: { version: string; rules: { id: string }[] } }; results: Record<string, unknown>[] }];
      };
      const [{ tool, results }] = log.runs;
      const indexOf = (id: string) => tool.driver.rules.findIndex((rule) => rule.id === id);

      expect(log.version).toBe("2.1.0");
      expect(tool.driver.version).toBe("1.2.3");
      expect(tool.driver.rules.find(({ id }) => id === "POD-01")).toMatchObject({
        shortDescription: { text: "Containers are not privileged" },
        defaultConfiguration: { level: "error" },
        properties: { "security-severity": "9.5" },
      });
      expect(results).toContainEqual({
        ruleId: "GPU-02",
        ruleIndex: indexOf("GPU-02"),
        level: "error",
        message: { text: TOLERATION_FINDING },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: `${folder}/pod.yaml` },
              region: { startLine: 6, startColumn: 3 },
            },
            logicalLocations: [{ fullyQualifiedName: "Pod ml/mnist: spec.tolerations" }],
          },
        ],
      });
      expect(results.find(({ ruleId }) => ruleId === "POD-01")).toMatchObject({
        suppressions: [
          {
            kind: "external",
            status: "accepted",
            justification: "debugs the driver of the node (ml, until 2026-12-31)",
          },
        ],
      });
    });

    it("junit: for CI, with exemptions as skipped and sound documents as passed", async () => {
      const xml = asJunit(await result(exempting), [
        { file: join(folder, "pod.yaml"), title: "Pod ml/mnist" },
        { file: "b.yaml", title: 'Job ml/"<sound>"' },
      ]);

      expect(xml).toContain('<testsuites name="mlstack check" tests="5" failures="2" skipped="1">');
      expect(xml).toContain('<failure type="high" message="[GPU-02] Pod ml/mnist: spec.tolerations is without a match');
      expect(xml).toContain('<skipped message="debugs the driver of the node (ml, until 2026-12-31)"/>');
      expect(xml).toContain('<testcase classname="b.yaml" name="Job ml/&quot;&lt;sound&gt;&quot;"/>');
      expect(xml).not.toMatch(/<testcase[^>]*name="Pod ml\/mnist"\/>/);
    });
  });

  describe("the policy file", () => {
    it("gives every rule its level", async () => {
      const path = await file("policies.yaml", "profile: dev\nrules:\n  POD-22: disabled\n");

      const { content } = await readPolicyFile(path, []);

      expect(content).toEqual({ profile: "dev", rules: { "POD-22": "disabled" } });
    });

    it("is the first candidate that exists, or none", async () => {
      const path = await file("second.yaml", "profile: prod\n");

      expect(await readPolicyFile(undefined, [join(folder, "first.yaml"), path])).toEqual({
        path,
        content: { profile: "prod" },
      });
      expect(await readPolicyFile(undefined, [join(folder, "first.yaml")])).toEqual({ path: undefined, content: {} });
    });

    it("yields to a profile on the command line", async () => {
      const path = await file("policies.yaml", "profile: dev\n");

      expect((await readPolicyFile(path, [], "prod")).content).toEqual({ profile: "prod" });
    });

    it.each([
      ["profile: staging\n", 'profile is "staging"; allowed: "dev", "baseline", "restricted", "prod"'],
      ["rules: { POD-99: disabled }\n", "rules.POD-99 is not a rule of this policy"],
      ["rules: { POD-01: { images: 3 } }\n", "rules.POD-01.images is 3; allowed: a list of the names of images"],
      ["exemptions: [{ rule: POD-01 }]\n", "exemptions[0].owner is absent"],
      ["strict: true\n", "strict is not a setting"],
      ["- a\n", "holds no object"],
      ["a: [\n", "is no YAML"],
    ])("with %j is refused", async (text, problem) => {
      const path = await file("policies.yaml", text);

      await expect(readPolicyFile(path, [])).rejects.toThrow(problem);
    });

    it("that is not there is refused", async () => {
      await expect(readPolicyFile(join(folder, "none.yaml"), [])).rejects.toThrow("cannot be read");
    });
  });

  it("explains each rule with its levels, examples and parameters", () => {
    const page = explanationOf(explainedRules().find(({ id }) => id === "POD-01")!);

    expect(page).toContain("# POD-01: Containers are not privileged\n");
    expect(page).toContain("- Severity: critical\n- Level: dev: mandatory, baseline: mandatory");
    expect(page).toContain("- `images`: a list of the names of images");
    expect(page).toContain("securityContext: { privileged: true }");
  });
});
