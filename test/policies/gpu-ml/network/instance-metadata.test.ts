import { describe, expect, it } from "vitest";
import { judgementsOf } from "../../judgements";
import { Subject } from "../../../../policies/engine/subject";
import { instanceMetadata } from "../../../../policies/gpu-ml/network/instance-metadata";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { configured, object } from "./objects";

const SAFE = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 };
const TITLE = "Pods cannot get the credentials of their node";

function template(metadataOptions?: unknown): TestResource {
  const props = metadataOptions === undefined ? {} : { metadataOptions };
  return { type: "aws:ec2/launchTemplate:LaunchTemplate", name: "gpu", props };
}

function nodeClass(metadataOptions?: unknown): TestResource {
  const spec = metadataOptions === undefined ? {} : { metadataOptions };
  return object("karpenter.k8s.aws/v1/EC2NodeClass", "gpu", undefined, { spec });
}

function judge(resource: TestResource, entry?: object): string[] {
  return lines(analyze([instanceMetadata], resource, configured("NET-02", entry)));
}

function tokens(observed: string): string {
  return (
    `mandatory [NET-02] LaunchTemplate gpu: metadataOptions.httpTokens is ${observed}; allowed: "required". ` +
    `Set it to "required".`
  );
}

function hops(observed: string): string {
  return (
    `mandatory [NET-02] LaunchTemplate gpu: metadataOptions.httpPutResponseHopLimit is ${observed}; allowed: 1. ` +
    "Set it to 1."
  );
}

const ABSENT = "absent, so that the account and the image decide";

describe("NET-02 the metadata service of nodes", () => {
  it.each<[string, TestResource]>([
    ["a template that asks for tokens over one hop", template(SAFE)],
    ["a template without the metadata service", template({ httpEndpoint: "disabled", httpTokens: "optional" })],
    ["a node class that says nothing", nodeClass()],
    ["a node class that says half", nodeClass({ httpTokens: "required" })],
    ["a node class that says it all", nodeClass(SAFE)],
    ["other resources", { type: "aws:eks/nodeGroup:NodeGroup", props: {} }],
    ["a node class of Auto Mode", object("eks.amazonaws.com/v1/NodeClass", "gpu", undefined, { spec: {} })],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ["says nothing", undefined, [tokens(ABSENT), hops(ABSENT)]],
    ["says nothing in many words", { httpTokens: null }, [tokens(ABSENT), hops(ABSENT)]],
    ["asks for no token", { ...SAFE, httpTokens: "optional" }, [tokens(`"optional"`)]],
    ["lets answers travel", { ...SAFE, httpPutResponseHopLimit: 2 }, [hops("2")]],
    ["has a limit that is no number", { ...SAFE, httpPutResponseHopLimit: "1" }, [hops(`"1"`)]],
  ])("refuses a template that %s", (_case, options, expected) => {
    expect(judge(template(options))).toEqual(expected);
  });

  it("refuses what a node class says beyond Karpenter's defaults", () => {
    expect(judge(nodeClass({ httpTokens: "optional", httpPutResponseHopLimit: 3 }))).toEqual([
      'mandatory [NET-02] EC2NodeClass gpu: spec.metadataOptions.httpTokens is "optional"; allowed: "required". Set it ' +
        'to "required".',
      "mandatory [NET-02] EC2NodeClass gpu: spec.metadataOptions.httpPutResponseHopLimit is 3; allowed: 1. Set it to 1.",
    ]);
  });

  it("lets answers travel as far as configuration says", () => {
    const two = { ...SAFE, httpPutResponseHopLimit: 2 };
    expect(judge(template(two), { hopLimit: 2 })).toEqual([]);
    expect(judge(template({ ...SAFE, httpPutResponseHopLimit: 3 }), { hopLimit: 2 })[0]).toContain(
      "allowed: at most 2. ",
    );
  });

  it("takes limits of AWS only", () => {
    const { hopLimit } = instanceMetadata.parameters;
    expect([0, 1, 64, 65, 1.5, "1"].map((value) => hopLimit.accepts(value))).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("sets what was missing", () => {
    const subject = new Subject({ type: template().type, name: "gpu", urn: "urn", props: {} });
    const fixes = judgementsOf(instanceMetadata as never, [subject], { hopLimit: 2 }).map(
      ([, one]) => "fix" in one && one.fix,
    );
    expect(fixes).toEqual([
      [{ path: "metadataOptions.httpTokens", value: "required" }],
      [{ path: "metadataOptions.httpPutResponseHopLimit", value: 2 }],
    ]);
  });

  it.each<[string, unknown, string]>([
    ["the options", UNKNOWN_STRING, "metadataOptions.httpTokens, metadataOptions.httpPutResponseHopLimit"],
    ["the tokens", { ...SAFE, httpTokens: UNKNOWN_STRING }, "metadataOptions.httpTokens"],
    ["the limit", { ...SAFE, httpPutResponseHopLimit: UNKNOWN_STRING }, "metadataOptions.httpPutResponseHopLimit"],
    [
      "whether the service is on",
      { ...SAFE, httpEndpoint: UNKNOWN_STRING, httpTokens: "optional" },
      "metadataOptions.httpEndpoint",
    ],
  ])("cannot decide without knowing %s", (_case, options, path) => {
    expect(judge(template(options))).toEqual([
      `advisory [NET-02] LaunchTemplate gpu: ${path} is not known yet; allowed: a value that keeps "${TITLE}". ` +
        "It is judged at update, before the object is created.",
    ]);
  });

  it("accepts safe options whether or not the service is on", () => {
    expect(judge(template({ ...SAFE, httpEndpoint: UNKNOWN_STRING }))).toEqual([]);
  });
});
