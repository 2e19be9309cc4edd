import { describe, expect, it } from "vitest";
import { chartVersion } from "../../../../policies/gpu-ml/helm/chart-version";
import { analyze, lines, UNKNOWN_STRING } from "../../analyzer";
import { chart, notKnown, release } from "./charts";

const repositoryOpts = { repo: "https://charts.example" };
const WAY_OUT = "allowed: one exact version, such as 1.14.1. Name the version that was tested.";
const ABSENT = `version is absent, so that the newest is installed; ${WAY_OUT}`;
const UNDECIDED = notKnown("Charts have one exact version");
const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("HELM-01 versions of charts", () => {
  it.each([["1.14.1"], ["v1.21.1"], ["=1.14.1"], ["1.14.1-rc.1"], ["1.14.1+build.5"], ["10.20.30"]])(
    "accepts %s",
    (version) => {
      expect(analyze([chartVersion], release({ chart: "karpenter", version, repositoryOpts }))).toEqual([]);
    },
  );

  it.each([
    ["a chart in a folder of the program", { chart: "./charts/own" }],
    ["a chart in a folder above", { chart: "../own" }],
    ["a chart at a path", { chart: "/srv/charts/own" }],
    ["a chart in a file", { chart: "file:///srv/own.tgz" }],
    ["a folder whose version is a range, which Helm does not read", { chart: "./own", version: "^1" }],
    ["a bare name, which may be a folder", { chart: "own" }],
    ["a folder with an empty version and repository", { chart: "own", version: "", repositoryOpts: { repo: "" } }],
    ["a packed chart whose name has its version", { chart: "https://charts.example/minio-5.4.0.tgz" }],
    ["a packed chart of a pre-release", { chart: "https://charts.example/minio-v5.4.0-rc.1.tgz" }],
    ["a chart by digest", { chart: `oci://registry.example/minio@${DIGEST}` }],
    ["a chart by tag", { chart: "oci://registry.example/minio:5.4.0" }],
    ["a component that does not say its chart", {}],
    ["a chart that is no text", { chart: 5 }],
  ])("accepts %s", (_case, props) => {
    expect(analyze([chartVersion], release(props))).toEqual([]);
  });

  it.each(["*", "^1", ">=1.0.0", "1.x", "1", "1.14", "~1.14.0", "1.14.*", "1.14.1 || 2", "latest", "v1", "1.14.1-"])(
    "refuses %s",
    (version) => {
      expect(lines(analyze([chartVersion], release({ chart: "karpenter", version, repositoryOpts })))).toEqual([
        `mandatory [HELM-01] Release it: version is "${version}", which is a range; ${WAY_OUT}`,
      ]);
    },
  );

  it.each([
    ["no version", { chart: "karpenter", repositoryOpts }],
    ["an empty version", { chart: "karpenter", version: "", repositoryOpts }],
    ["no version of an OCI chart", { chart: "oci://public.ecr.aws/karpenter/karpenter" }],
    ["a tag that is a range", { chart: "oci://public.ecr.aws/karpenter/karpenter:1" }],
    ["a short digest", { chart: "oci://registry.example/minio@sha256:beef" }],
    ["a packed chart without version", { chart: "https://charts.example/minio.tgz" }],
  ])("refuses %s", (_case, props) => {
    expect(lines(analyze([chartVersion], release(props)))).toEqual([`mandatory [HELM-01] Release it: ${ABSENT}`]);
  });

  it("refuses a range of a repository that Helm knows by name", () => {
    expect(lines(analyze([chartVersion], release({ chart: "bitnami/minio", version: "^5" })))).toEqual([
      `mandatory [HELM-01] Release it: version is "^5", which is a range; ${WAY_OUT}`,
    ]);
  });

  it("reads a version that is a number as the text it stands for", () => {
    expect(lines(analyze([chartVersion], release({ chart: "karpenter", version: 1.1, repositoryOpts })))).toEqual([
      `mandatory [HELM-01] Release it: version is "1.1", which is a range; ${WAY_OUT}`,
    ]);
  });

  it("judges every way to install a chart", () => {
    const floating = { chart: "karpenter", version: "^1", repositoryOpts };
    const old = { chart: "karpenter", fetchOpts: { repo: "https://charts.example" } };

    expect(lines(analyze([chartVersion], chart(floating)))).toEqual([
      `mandatory [HELM-01] Chart it: version is "^1", which is a range; ${WAY_OUT}`,
    ]);
    expect(lines(analyze([chartVersion], { type: "kubernetes:helm.sh/v3:Chart", props: old }))).toEqual([
      `mandatory [HELM-01] Chart it: ${ABSENT}`,
    ]);
    expect(analyze([chartVersion], { type: "kubernetes:helm.sh/v9:Chart", props: floating })).toEqual([]);
    expect(analyze([chartVersion], { type: "constructor", props: floating })).toEqual([]);
  });

  it.each([
    ["the version", { chart: "karpenter", version: UNKNOWN_STRING, repositoryOpts }, "version"],
    ["the version of what may be a folder", { chart: "karpenter", version: UNKNOWN_STRING }, "version"],
    ["the version and the chart", { chart: UNKNOWN_STRING, version: UNKNOWN_STRING }, "version"],
    ["the chart beside a range", { chart: UNKNOWN_STRING, version: "^1" }, "chart"],
    ["the chart", { chart: UNKNOWN_STRING, repositoryOpts }, "chart"],
    ["the repository", { chart: "karpenter", repositoryOpts: { repo: UNKNOWN_STRING } }, "repositoryOpts.repo"],
  ])("leaves it to the update while %s is not known", (_case, props, path) => {
    expect(lines(analyze([chartVersion], release(props)))).toEqual([
      `advisory [HELM-01] Release it: ${path} ${UNDECIDED}`,
    ]);
  });

  it.each([
    ["the version of a folder", { chart: "./own", version: UNKNOWN_STRING }],
    ["a chart with an exact version", { chart: UNKNOWN_STRING, version: "1.14.1" }],
    ["the repository of an exact version", { chart: "a", version: "1.14.1", repositoryOpts: UNKNOWN_STRING }],
  ])("needs not wait for %s", (_case, props) => {
    expect(analyze([chartVersion], release(props))).toEqual([]);
  });

  it("finds a range whatever the repository is", () => {
    const props = { chart: "karpenter", version: "^1", repositoryOpts: { repo: UNKNOWN_STRING } };

    expect(lines(analyze([chartVersion], release(props)))).toEqual([
      `mandatory [HELM-01] Release it: version is "^1", which is a range; ${WAY_OUT}`,
    ]);
  });
});
