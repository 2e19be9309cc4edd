import { describe, expect, it } from "vitest";
import { driverBranch } from "../../../../../policies/gpu-ml/preflight/layers/driver-branch";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { nodeGroup, object, release, said, undecidedAt } from "../../stack/resources";

const NEW = "595.91.07";
const OLD = "580.159.03";

function operator(version: unknown, driver: object = {}): TestResource {
  return release("gpu-operator", { driver: { version, ...driver } });
}

function group(types: unknown, props: object = {}): TestResource {
  return nodeGroup("a", { instanceTypes: types, ...props });
}

function refusal(version: string, type: string, allowed: string): string {
  return (
    `mandatory [LAY-06] Release gpu-operator: values.driver.version is ${version}, without support for ${type} in ` +
    `instanceTypes of NodeGroup a; allowed: a driver ${allowed}. Pin a driver of such a branch, or choose other machines.`
  );
}

const PATH = "values.driver.version";

describe("LAY-06 branches of the driver", () => {
  it.each<[string, TestResource[]]>([
    ["an older driver for P3dn", [operator(OLD), group(["p3dn.24xlarge"])]],
    ["a newer driver for G7", [operator("595.0.0"), group(["g7.2xlarge"])]],
    ["any driver for other machines", [operator(NEW), group(["g5.xlarge", "m6i.large"])]],
    ["a driver of nobody's choice", [operator(undefined), group(["p3dn.24xlarge", "g7.2xlarge"])]],
    ["a version that is none", [operator("latest"), group(["g7.2xlarge"])]],
    ["a driver that is switched off", [operator(NEW, { enabled: false }), group(["p3dn.24xlarge"])]],
    [
      "nodes that keep it off",
      [operator(NEW), group(["p3dn.24xlarge"], { labels: { "nvidia.com/gpu.deploy.driver": "false" } })],
    ],
    ["another chart", [release("kueue", { driver: { version: NEW } }), group(["p3dn.24xlarge"])]],
    ["pools that name no machines", [operator(NEW), group(undefined)]],
  ])("accepts %s", (_case, resources) => {
    expect(said(driverBranch, resources)).toEqual([]);
  });

  it.each(["p3.2xlarge", "p3dn.24xlarge", "g6f.large", "gr6f.4xlarge"])("refuses a newer driver for %s", (type) => {
    expect(said(driverBranch, [operator("595.0.0"), group([type])])).toEqual([refusal("595.0.0", type, "before 595")]);
  });

  it("refuses an older driver for G7", () => {
    expect(said(driverBranch, [operator("594.99.1"), group(["g5.xlarge", "g7.2xlarge"])])).toEqual([
      refusal("594.99.1", "g7.2xlarge", "from 595 on"),
    ]);
  });

  it("reads the operator's policy", () => {
    const policy = object("nvidia.com/v1", "ClusterPolicy", "gpus", { spec: { driver: { version: NEW } } });

    expect(said(driverBranch, [policy, group(["p3dn.24xlarge"])])).toEqual([
      refusal(NEW, "p3dn.24xlarge", "before 595")
        .replace("Release gpu-operator", "ClusterPolicy ml/gpus")
        .replace("values.", "spec."),
    ]);
  });

  it.each<[string, TestResource[], string]>([
    ["the version", [operator(UNKNOWN_STRING), group(["p3dn.24xlarge"])], PATH],
    ["the machines", [operator(NEW), group(UNKNOWN_STRING)], "values.driver.enabled"],
    ["one machine", [operator(NEW), group(["g5.xlarge", UNKNOWN_STRING])], "values.driver.enabled"],
    ["the switch", [operator(NEW, { enabled: UNKNOWN_STRING }), group(["p3dn.24xlarge"])], "values.driver.enabled"],
    [
      "the label that keeps it off",
      [operator(NEW), group(["p3dn.24xlarge"], { labels: UNKNOWN_STRING })],
      "values.driver.enabled",
    ],
  ])("cannot decide without knowing %s", (_case, resources, path) => {
    expect(said(driverBranch, resources)).toEqual([undecidedAt(driverBranch, "Release gpu-operator", path)]);
  });
});
