import { describe, expect, it } from "vitest";
import { chartRepository } from "../../../../policies/gpu-ml/helm/chart-repository";
import { analyze, lines, UNKNOWN_STRING } from "../../analyzer";
import { chart, notKnown, release } from "./charts";

const UNDECIDED = notKnown("Charts come from repositories that are trusted");
const ANY = "allowed: a repository over https or oci. Take the chart from there, or from a copy of your own.";

function from(repo: unknown, version: unknown = "1.0.0"): object {
  return { chart: "minio", version, repositoryOpts: { repo } };
}

function listed(...repositories: string[]) {
  return { platform: { rules: { "HELM-01": { repositories } } } };
}

describe("HELM-01 repositories of charts", () => {
  it.each([
    ["a repository over https", from("https://charts.example")],
    ["a chart over oci", { chart: "oci://registry.example/minio", version: "1.0.0" }],
    ["a packed chart over https", { chart: "https://charts.example/minio-1.0.0.tgz" }],
    ["a scheme in capitals", from("HTTPS://charts.example")],
    ["a folder", { chart: "./minio", repositoryOpts: { repo: "http://charts.example" }, plainHttp: true }],
    ["a repository that Helm knows by a name", from("stable")],
    ["a name that Helm knows", { chart: "bitnami/minio", version: "1.0.0" }],
    ["plain http switched off", { chart: "oci://registry.example/minio", version: "1.0.0", plainHttp: false }],
    ["a resource without chart", {}],
  ])("accepts %s", (_case, props) => {
    expect(analyze([chartRepository], release(props))).toEqual([]);
  });

  it.each([
    ["http", from("http://charts.example/stable"), "repositoryOpts.repo", `"http://charts.example"`],
    ["another scheme", from("s3://charts/stable"), "repositoryOpts.repo", `"s3://charts"`],
    [
      "a packed chart over http",
      { chart: "http://charts.example:80/minio-1.0.0.tgz" },
      "chart",
      `"http://charts.example:80"`,
    ],
    ["a password", from("http://user:hunter2@charts.example/a"), "repositoryOpts.repo", `"http://charts.example"`],
    ["a password of odd letters", from("http://user:hun/ter2@charts.example"), "repositoryOpts.repo", "an address"],
    ["an @ behind the host", from("http://charts.example/hunter2@b"), "repositoryOpts.repo", "an address"],
    ["a query", from("http://charts.example?token=hunter2"), "repositoryOpts.repo", "an address"],
    ["an address of nothing", from("http://"), "repositoryOpts.repo", "an address"],
  ])("refuses %s, and shows no more than the host", (_case, props, path, shown) => {
    expect(lines(analyze([chartRepository], release(props)))).toEqual([
      `mandatory [HELM-01] Release it: ${path} is ${shown}, which is not encrypted; ${ANY}`,
    ]);
  });

  it("refuses a registry without encryption", () => {
    const props = { chart: "oci://registry.example/minio", version: "1.0.0", plainHttp: true };

    expect(lines(analyze([chartRepository], chart(props)))).toEqual([
      "mandatory [HELM-01] Chart it: plainHttp is true; allowed: false or absent. " +
        "Remove it, and give the registry a certificate.",
    ]);
  });

  it.each([
    ["the very address", "https://charts.example/stable"],
    ["an address below it", "https://charts.example/stable/gpu"],
  ])("accepts %s of the list", (_case, repo) => {
    expect(analyze([chartRepository], release(from(repo)), listed("https://charts.example/stable"))).toEqual([]);
    expect(analyze([chartRepository], release(from(repo)), listed("a", "https://charts.example/stable/"))).toEqual([]);
  });

  it("accepts what is listed although it is not encrypted", () => {
    expect(analyze([chartRepository], release(from("http://charts.local")), listed("http://charts.local"))).toEqual([]);
  });

  it.each(["https://charts.example/stable-2", "https://charts.example", "https://other.example/stable"])(
    "refuses %s, which is not below the list",
    (repo) => {
      expect(
        lines(analyze([chartRepository], release(from(repo)), listed("https://charts.example/stable", "oci://a"))),
      ).toEqual([
        `mandatory [HELM-01] Release it: repositoryOpts.repo is "${repo.split("/").slice(0, 3).join("/")}", which is not in the list; ` +
          "allowed: one of https://charts.example/stable, oci://a. Take the chart from there, or from a copy of your own.",
      ]);
    },
  );

  it.each(["https://charts.example/stable/../other", "https://charts.example/stable/.."])(
    "refuses %s, which leads out of the list",
    (repo) => {
      expect(analyze([chartRepository], release(from(repo)), listed("https://charts.example/stable"))).toHaveLength(1);
    },
  );

  it("accepts an address with dots of another kind", () => {
    const repo = "https://charts.example/stable/a..b";

    expect(analyze([chartRepository], release(from(repo)), listed("https://charts.example/stable"))).toEqual([]);
  });

  it("refuses a name that only Helm knows where there is a list", () => {
    const props = { chart: "bitnami/minio", version: "1.0.0" };

    expect(lines(analyze([chartRepository], release(props), listed("https://charts.example")))).toEqual([
      "mandatory [HELM-01] Release it: repositoryOpts.repo is no address, so that it means what Helm on each machine " +
        "knows by that name; allowed: one of https://charts.example. Name the address of the repository.",
    ]);
    expect(analyze([chartRepository], release({ chart: "minio" }), listed("https://charts.example"))).toEqual([]);
  });

  it("does not guess what a chart is that is not known yet", () => {
    const guessed = release({ ...from("http://charts.example"), chart: UNKNOWN_STRING, plainHttp: true });

    expect(lines(analyze([chartRepository], guessed))).toEqual([`advisory [HELM-01] Release it: chart ${UNDECIDED}`]);
    expect(
      lines(analyze([chartRepository], release({ chart: UNKNOWN_STRING, version: "1.0.0" }), listed("oci://a"))),
    ).toEqual([`advisory [HELM-01] Release it: chart ${UNDECIDED}`]);
  });

  it("reads the repository of the older Chart where that has it", () => {
    const props = { chart: "minio", version: "1.0.0", fetchOpts: { repo: "http://charts.example" } };

    expect(lines(analyze([chartRepository], { type: "kubernetes:helm.sh/v3:Chart", props }))).toEqual([
      `mandatory [HELM-01] Chart it: fetchOpts.repo is "http://charts.example", which is not encrypted; ${ANY}`,
    ]);
  });

  it.each([
    ["the repository", from(UNKNOWN_STRING), "repositoryOpts.repo", {}],
    ["the repository, where there is a list", from(UNKNOWN_STRING), "repositoryOpts.repo", listed("oci://a")],
    ["the chart", { ...from("https://charts.example"), chart: UNKNOWN_STRING }, "chart", {}],
    ["whether http is plain", { ...from("https://charts.example"), plainHttp: UNKNOWN_STRING }, "plainHttp", {}],
    ["the version of a name", { chart: "minio", version: UNKNOWN_STRING }, "version", listed("https://charts.example")],
  ])("leaves it to the update while %s is not known", (_case, props, path, config) => {
    expect(lines(analyze([chartRepository], release(props), config))).toEqual([
      `advisory [HELM-01] Release it: ${path} ${UNDECIDED}`,
    ]);
  });

  it.each([["text"], [["a", 5]], [null]])("refuses %j as a list of repositories", (repositories) => {
    const config = { platform: { rules: { "HELM-01": { repositories } } } };

    expect(
      analyze([chartRepository], { type: "pulumi:pulumi:Stack", props: {} }, config).map(({ name }) => name),
    ).toEqual(["META-03"]);
  });
});
