import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readInput } from "../../../cli/check/input";
import { judged, none, onlyRules, POD, scratch } from "./manifests";

describe("the input of mlstack check", () => {
  const at = scratch();
  const { file } = at;

  it("names line and column of what is found, and of where what is absent would be", async () => {
    const findings = await judged([await file("pod.yaml", POD)]);

    expect(
      findings.map(({ finding, position, level }) => [finding.rule, position.line, position.column, level]),
    ).toEqual([
      ["GPU-02", 6, 3, "mandatory"],
      ["POD-22", 8, 14, "mandatory"],
      ["POD-01", 10, 37, "mandatory"],
    ]);
  });

  it("is streams with several documents, JSON, resources of Pulumi and the standard input", async () => {
    const stream = `${POD}---\n# nothing\n---\nvalues: 1\n---\n${POD.replace("mnist,", "other,")}`;
    const json = JSON.stringify({ type: "aws:eks/nodeGroup:NodeGroup", name: "gpu", properties: {} });
    const paths = [await file("a.yaml", stream), await file("b.json", json), "-"];

    const { documents, files, passedOver, empty } = await readInput(paths, () => Promise.resolve(Buffer.from(POD)));

    expect(documents.map(({ file: path, resource }) => [path, resource.type, resource.name])).toEqual([
      [paths[0], "kubernetes:core/v1:Pod", "mnist"],
      [paths[0], "kubernetes:core/v1:Pod", "other"],
      [paths[1], "aws:eks/nodeGroup:NodeGroup", "gpu"],
      ["-", "kubernetes:core/v1:Pod", "mnist"],
    ]);
    expect(files).toHaveLength(3);
    expect(passedOver).toBe(2);
    expect(empty).toEqual([]);
  });

  it("is the exported state of a stack, where secrets are not known and what is leaving counts no more", async () => {
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
      deployment: { resources: [pod("mnist:latest"), { ...pod("mnist"), delete: true }] },
    };
    const other = { version: 3, deployment: { resources: [pod(signature)] } };
    const path = await file("state.json", JSON.stringify(state, undefined, 2));
    const secret = await file("other.json", JSON.stringify(other, undefined, 2));
    const findings = [...(await judged([path])), ...(await judged([secret]))];

    expect(findings.map(({ finding, isUndecided, position }) => [finding.rule, isUndecided, position.line])).toEqual([
      ["POD-22", undefined, 18],
      ["POD-22", true, 18],
    ]);
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
    const findings = await judged([await file("a.yaml", `${runtime}---\n${job}`)]);

    const objects = findings.map(({ finding }) => [finding.rule, finding.object]);
    expect(objects).toContainEqual(["POD-01", "TrainingRuntime ml/torch"]);
    expect(objects).toContainEqual(["POD-01", "TrainJob ml/bert"]);
  });

  describe("lists", () => {
    const item = (name: string) => POD.replace("# my pod\n", "").replace("mnist", name).replaceAll(/^/gm, "    ");
    const items = (...names: string[]) => names.map((name) => item(name).replace(/^ {4}/, "  - ").trimEnd()).join("\n");

    it("of kind List are as many objects, each with its own place", async () => {
      const path = await file("list.yaml", `apiVersion: v1\nkind: List\nitems:\n${items("one", "two")}\n`);
      const findings = await judged([path], onlyRules("POD-01"));

      expect(findings.map(({ finding, position }) => [finding.object, finding.path, position.line])).toEqual([
        ["Pod ml/one", "spec.containers[0].securityContext.privileged", 12],
        ["Pod ml/two", "spec.containers[0].securityContext.privileged", 21],
      ]);
    });

    it("of a kind fill in what their items leave out", async () => {
      const bare = `spec: {containers: [{name: a, image: x, securityContext: {privileged: yes}}]}`;
      const path = await file(
        "list.yaml",
        `apiVersion: v1\nkind: PodList\nitems:\n  - metadata: {name: a}\n    ${bare}\n`,
      );
      const findings = await judged([path], onlyRules("POD-01"));

      expect(findings.map(({ finding }) => finding.object)).toEqual(["Pod a"]);
    });

    it("may be lists in lists, and plain ones as in JSON", async () => {
      const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } };
      const list = { apiVersion: "v1", kind: "List", items: [pod, { apiVersion: "v1", kind: "List", items: [pod] }] };
      const { documents, passedOver } = await readInput(
        [await file("lists.json", JSON.stringify([pod, list, 1, { apiVersion: "v1", kind: "List", items: null }]))],
        none,
      );

      expect(documents.map(({ root }) => root)).toEqual([[0], [1, "items", 0], [1, "items", 1, "items", 0]]);
      expect(passedOver).toBe(2);
    });

    it("exempt by the annotations of their items", async () => {
      const note = "waits for the taint to go; owner=ml; until=2026-12-31";
      const exempting = items("one", "two").replace(
        "name: one,",
        `name: one, annotations: {policy.mlstack.dev/exempt-GPU-02: "${note}"},`,
      );
      const path = await file("list.yaml", `apiVersion: v1\nkind: List\nitems:\n${exempting}\n`);
      const findings = await judged([path], onlyRules("GPU-02"));

      expect(
        findings.flatMap(({ finding, exemption }) =>
          finding.rule === "GPU-02" ? [[finding.object, exemption?.owner]] : [],
        ),
      ).toEqual([
        ["Pod ml/one", "ml"],
        ["Pod ml/two", undefined],
      ]);
    });

    it.each([
      ["a kind that ends so, without items", { apiVersion: "v1", kind: "AllowList", spec: {} }],
      ["items that are no list", { apiVersion: "v1", kind: "AllowList", items: {} }],
    ])("are none by %s", async (_, object) => {
      const { documents } = await readInput([await file("a.json", JSON.stringify(object))], none);

      expect(documents.map(({ root }) => root)).toEqual([[]]);
    });
  });

  describe("in folders", () => {
    it("passes over charts that are not rendered, and says how to render them", async () => {
      await mkdir(join(at.folder, "manifests", "deeper"), { recursive: true });
      await mkdir(join(at.folder, "chart", "templates"), { recursive: true });
      await file("manifests/deeper/pod.yml", POD);
      await file("manifests/notes.txt", "no manifest");
      await file("chart/Chart.yaml", "name: chart");
      await file("chart/templates/pod.yaml", "{{ if }}");

      const { documents, hints, empty } = await readInput([at.folder], none);

      const chart = join(at.folder, "chart");
      expect(documents.map(({ file: path }) => path)).toEqual([join(at.folder, "manifests/deeper/pod.yml")]);
      expect(hints).toEqual([
        `${chart} is a chart and was passed over; render it: helm template ${chart} | mlstack check -`,
      ]);
      expect(empty).toEqual([]);
    });

    it("follows links to files and folders, each once, and tells of those that lead nowhere", async () => {
      await mkdir(join(at.folder, "a"));
      await mkdir(join(at.folder, "b"));
      await file("b/pod.yaml", POD);
      await symlink("../b", join(at.folder, "a", "folder"));
      await symlink("../../a", join(at.folder, "b", "loop"));
      await symlink("../b/pod.yaml", join(at.folder, "a", "link.yaml"));
      await symlink("nowhere.yaml", join(at.folder, "a", "broken.yaml"));

      const { documents, hints } = await readInput([join(at.folder, "a")], none);

      expect(documents.map(({ file: path }) => path)).toEqual([join(at.folder, "a", "folder", "pod.yaml")]);
      expect(hints).toEqual([
        `${join(at.folder, "a", "broken.yaml")} is a link that leads nowhere and was passed over`,
      ]);
    });

    it("judges once what is named twice", async () => {
      const path = await file("pod.yaml", POD);

      const { documents, empty } = await readInput([path, at.folder, path, `${at.folder}/./pod.yaml`], none);

      expect(documents).toHaveLength(1);
      expect(empty).toEqual([]);
    });
  });

  it("tells of objects that name a kind and no version of its API, and where they are", async () => {
    const objects = ["a: 1", "kind: Deployment\nmetadata: { name: a }", "kind: Job\napiVersion: null\nspec: {}"];
    const others = ["kind: values", "metadata: { kind: x }", "kind: Pod\napiVersion: v1\nmetadata: { name: a }"];
    const path = await file("objects.yaml", [...objects, ...others].join("\n---\n"));

    const { documents, hints } = await readInput([path], none);

    expect(documents).toHaveLength(1);
    expect(hints).toEqual([
      `${path}:3: Deployment has a kind and no apiVersion; name the version of its API`,
      `${path}:6: Job has a kind and no apiVersion; name the version of its API`,
    ]);
  });

  it("tells of every path that is named and holds no resource", async () => {
    const values = await file("values.yaml", "replicas: 1\n");
    for (const folder of ["folder", "chart"]) await mkdir(join(at.folder, folder));
    await file("chart/Chart.yaml", "name: chart");
    const [folder, chart] = [join(at.folder, "folder"), join(at.folder, "chart")];

    const { empty } = await readInput([values, folder, chart, "-"], none);

    expect(empty).toEqual([
      `${values} holds no resource`,
      `${folder} holds no file of YAML or JSON`,
      `${chart} is a chart; render it: helm template ${chart} | mlstack check -`,
      "the standard input holds no resource",
    ]);
  });

  it("is refused where a file is not there, or is no UTF-8", async () => {
    const text = "a: 1\n";
    const missing = join(at.folder, "missing.yaml");
    const utf16 = await file("utf16.yaml", Buffer.from(`\uFEFF${text}`, "utf16le"));
    const noMark = await file("no-mark.yaml", Buffer.from(text, "utf16le"));
    const latin = await file("latin.yaml", Buffer.from("a: \xe9\n", "latin1"));
    const reading = readInput([missing, utf16, noMark, latin], none);

    await expect(reading).rejects.toThrow(`${missing}: there is no such file or folder`);
    await expect(reading).rejects.toThrow(`${utf16}: it is UTF-16; save it as UTF-8`);
    await expect(reading).rejects.toThrow(`${noMark}: it holds zero bytes, so it is UTF-16 or no text`);
    await expect(reading).rejects.toThrow(`${latin}: it is no UTF-8; save it as UTF-8`);
    await rm(latin);
  });

  it("may begin with a byte order mark", async () => {
    const findings = await judged([await file("pod.yaml", `\uFEFF${POD}`)], onlyRules("POD-01"));

    expect(findings.map(({ position }) => position)).toEqual([{ line: 10, column: 37 }]);
  });
});
