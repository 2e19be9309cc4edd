import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readSubject } from "../../../cli/teardown/subject";
import { eksArgs } from "../../../stacks/config/tags";
import { scratchFolder, setForTest } from "../../support/scratch";
import { exampleState } from "./example-state";

describe("what is torn down", () => {
  beforeEach(() => {
    setForTest("AWS_REGION", "");
    setForTest("AWS_DEFAULT_REGION", "");
  });

  async function subjectOf(config: string, resources = exampleState().resources) {
    const path = join(await scratchFolder(), "prod.yaml");
    await writeFile(path, config);
    return readSubject({ name: "prod", path, isDefault: false, embedded: false }, resources);
  }

  it("is what the state says, whatever the configuration became", async () => {
    const config =
      "config: { mlstack:cluster: { kind: eks, eks: { clusterName: other, region: us-west-2 } }, aws:profile: ml }";
    expect(await subjectOf(config)).toEqual({
      environment: "prod",
      cluster: "prod-ml",
      region: "eu-west-1",
      profile: "ml",
      isEks: true,
    });
  });

  it("is in the region of the cluster's ARN where the state names none", async () => {
    const { resources } = exampleState();
    delete resources.find(({ type }) => type === "aws:eks/cluster:Cluster")!.outputs!["region"];
    expect(await subjectOf("config: {}", resources)).toMatchObject({ region: "eu-west-1" });
  });

  it.each([
    ["config: { mlstack:cluster: { kind: eks, eks: { clusterName: c, region: us-west-2 } } }"],
    ["config: { mlstack:cluster: { kind: eks, eks: { clusterName: c } }, aws:region: us-west-2 }"],
  ])("after a destroy is what the configuration says: %s", async (config) => {
    expect(await subjectOf(config, [])).toEqual({
      environment: "prod",
      cluster: "c",
      region: "us-west-2",
      isEks: true,
    });
  });

  it("is in the shell's region where nothing else tells", async () => {
    setForTest("AWS_DEFAULT_REGION", "eu-north-1");
    expect(await subjectOf("config: {}", [])).toEqual({ environment: "prod", region: "eu-north-1", isEks: false });
  });

  it("may be nowhere in AWS", async () => {
    expect(await subjectOf("config: { mlstack:cluster: { kind: existing } }", [])).toEqual({
      environment: "prod",
      isEks: false,
    });
  });

  it("takes no encrypted value for a region", async () => {
    const config = "config: { mlstack:cluster: { kind: existing }, aws:region: { secure: v1:abc } }";
    expect(await subjectOf(config, [])).toEqual({ environment: "prod", isEks: false });
  });

  it("has the name that the stacks give a cluster by default", async () => {
    const { clusterName } = eksArgs({ region: "us-west-2" }, {}, "prod");
    const config = "config: { mlstack:cluster: { kind: eks, eks: { region: us-west-2 } } }";
    expect(await subjectOf(config, [])).toMatchObject({ cluster: clusterName });
  });
});
