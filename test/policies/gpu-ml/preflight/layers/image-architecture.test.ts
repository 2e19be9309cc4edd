import { describe, expect, it } from "vitest";
import { imageArchitecture } from "../../../../../policies/gpu-ml/preflight/layers/image-architecture";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { nodeGroup, object, said, undecidedAt } from "../../stack/resources";
import { nodePool } from "./objects";

const PATH = "spec.containers[0].image";
const ARM = nodeGroup("arm", { instanceTypes: ["g5g.xlarge"], labels: { pool: "arm" } });
const AMD = nodeGroup("amd", { instanceTypes: ["g5.xlarge"], labels: { pool: "amd" } });

function running(image: unknown, spec: object = {}): TestResource {
  return object("v1", "Pod", "chat", { spec: { containers: [{ name: "main", image }], ...spec } });
}

function refusal(built: string, own: string, end: string): string {
  return (
    `mandatory [LAY-09] Pod ml/chat: ${PATH} is an image for ${built}, on machines for ${own} in ${end}; allowed: an image ` +
    `for ${own}, or for several architectures. Take such an image, or select a pool of other machines.`
  );
}

describe("LAY-09 architectures of images", () => {
  it.each<[string, TestResource[]]>([
    ["an image for the machines", [ARM, running("registry.example/chat:1.4-arm64")]],
    ["an image that says nothing", [ARM, running("registry.example/chat:1.4")]],
    ["an image that says several things", [ARM, running("registry.example/amd64/chat:1.4-arm64")]],
    ["a word that only contains it", [ARM, running("registry.example/xamd64x:1.4")]],
    ["an image for one of several pools", [ARM, AMD, running("registry.example/chat:1.4-amd64")]],
    ["the pool that the pod selects", [ARM, AMD, running("chat:arm64", { nodeSelector: { pool: "arm" } })]],
    ["machines of which nothing is told", [ARM, nodeGroup("a", {}), running("chat:amd64")]],
    ["pods that no pool takes", [ARM, running("chat:amd64", { nodeSelector: { pool: "x" } })]],
    ["a stack without pools", [running("chat:amd64")]],
    ["hidden nodes", [ARM, { type: "eks:index:Cluster", props: {} }, running("chat:amd64")]],
    ["no image", [ARM, running(7)]],
  ])("accepts %s", (_case, resources) => {
    expect(said(imageArchitecture, resources)).toEqual([]);
  });

  it.each([
    "amd64/chat:1.4",
    "registry.example/amd64/chat:1.4",
    "registry.example/chat-amd64:1.4",
    "registry.example/chat:x86_64",
    "registry.example/chat:1.4-x86-64",
    "registry.example/chat:1.4_amd64",
    "registry.example/chat:1.4.amd64",
    "registry.example/chat:amd64@sha256:0a",
  ])("refuses %s on arm64", (image) => {
    expect(said(imageArchitecture, [ARM, running(image)])).toEqual([
      refusal("amd64", "arm64", "instanceTypes of NodeGroup arm"),
    ]);
  });

  it.each(["arm64v8/chat:1.4", "registry.example/chat:1.4-aarch64", "registry.example/chat:arm64"])(
    "refuses %s on amd64",
    (image) => {
      expect(said(imageArchitecture, [AMD, running(image)])).toEqual([
        refusal("arm64", "amd64", "instanceTypes of NodeGroup amd"),
      ]);
    },
  );

  it("refuses an image for the pool that the pod does not select", () => {
    const pool = nodePool("b", ["g5.xlarge"], {}, {}, { pool: "b" });

    expect(said(imageArchitecture, [ARM, pool, running("chat:arm64", { nodeSelector: { pool: "b" } })])).toEqual([
      refusal("arm64", "amd64", "spec.template.spec.requirements of NodePool b"),
    ]);
  });

  it.each<[string, TestResource[]]>([
    ["the image", [ARM, running(UNKNOWN_STRING)]],
    ["the machines", [nodeGroup("a", { instanceTypes: [UNKNOWN_STRING] }), running("chat:amd64")]],
    ["the pool", [ARM, AMD, running("chat:amd64", { nodeSelector: { pool: UNKNOWN_STRING } })]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(imageArchitecture, resources)).toEqual([undecidedAt(imageArchitecture, "Pod ml/chat", PATH)]);
  });
});
