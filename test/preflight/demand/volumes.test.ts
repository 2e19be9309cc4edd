import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { workloadsOf } from "../../../preflight/demand";
import type { PlannedResource } from "../../../preflight/planned-resource";
import type { NodeTerm } from "../../../preflight/scheduling/pod";
import { stackOf } from "../pools/written-stack";

const zoneTerm = (...values: string[]): NodeTerm => ({
  expressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values }],
  fields: [],
});

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: p, namespace: ml }
spec:
  containers: [{ name: main }]
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`;

const volume = (name: string, zone: string, more = "") => `
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${name} }
spec:
  ${more}
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions: [{ key: topology.kubernetes.io/zone, operator: In, values: [${zone}] }]
`;

const claim = (spec: string, name = "data", namespace = "ml") => `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;

const storageClass = (name: string, topologies: string, annotations = "{}") => `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: ${name}, annotations: ${annotations} }
provisioner: ebs.csi.aws.com
${topologies === "" ? "" : `allowedTopologies: ${topologies}`}
`;

const ZONES = "[{ matchLabelExpressions: [{ key: topology.kubernetes.io/zone, values: [us-east-1a, us-east-1b] }] }]";
const DEFAULT = '{ storageclass.kubernetes.io/is-default-class: "true" }';

const known = (values: Tree): Tree => ({ matchLabelExpressions: [{ key: "topology.kubernetes.io/zone", values }] });

const reachesOf = (...documents: string[]) =>
  workloadsOf(stackOf(documents.join("\n---\n")))[0]!.podSets[0]!.pod.volumes;
const inZone = (...zones: string[]) => [{ claim: "data", terms: [zoneTerm(...zones)] }];

describe("a claim that is bound to a volume", () => {
  it("is reached from the nodes of that", () => {
    expect(reachesOf(POD, claim("{ volumeName: v }"), volume("v", "us-east-1a"))).toEqual(inZone("us-east-1a"));
  });

  it("is reached from those of the volume that names it", () => {
    const kept = volume("v", "us-east-1b", "claimRef: { namespace: ml, name: data }");
    expect(reachesOf(POD, claim("{}"), kept)).toEqual(inZone("us-east-1b"));
    expect(reachesOf(POD, kept)).toEqual(inZone("us-east-1b"));
    const others = volume("v", "us-east-1b", "claimRef: { namespace: other, name: data }");
    expect(reachesOf(POD, claim("{}"), others)).toEqual([]);
    const half = volume("v", "us-east-1b", "claimRef: { name: data }");
    expect(reachesOf(POD, claim("{}"), half)).toEqual([]);
  });

  it("goes by the volume that it names itself, before one that names it", () => {
    const kept = volume("w", "us-east-1b", "claimRef: { namespace: ml, name: data }");
    expect(reachesOf(POD, claim("{ volumeName: v }"), volume("v", "us-east-1a"), kept)).toEqual(inZone("us-east-1a"));
    expect(reachesOf(POD, claim('{ volumeName: "" }'), kept)).toEqual(inZone("us-east-1b"));
  });

  it("is reached from everywhere where the volume does not say", () => {
    const anywhere = "apiVersion: v1\nkind: PersistentVolume\nmetadata: { name: v }\nspec: {}";
    const claimed = claim("{ volumeName: v, storageClassName: zonal }");
    expect(reachesOf(POD, claimed, anywhere, storageClass("zonal", ZONES))).toEqual([]);
  });

  it("is that of its own namespace", () => {
    expect(reachesOf(POD, claim("{ volumeName: v }", "data", "other"), volume("v", "us-east-1a"))).toEqual([]);
  });
});

describe("a claim that is not bound yet", () => {
  it("is reached from where its class makes volumes", () => {
    const zonal = storageClass("zonal", ZONES);
    expect(reachesOf(POD, claim("{ storageClassName: zonal }"), zonal)).toEqual(inZone("us-east-1a", "us-east-1b"));
  });

  it("may be in any of the topologies of its class", () => {
    const topologies =
      "[{ matchLabelExpressions: [{ key: zone, values: [a] }, { key: rack, values: [1] }] }, { matchLabelExpressions: [{ key: zone, values: [b] }] }]";
    const [reach] = reachesOf(POD, claim("{ storageClassName: zonal }"), storageClass("zonal", topologies));
    expect(reach!.terms).toEqual([
      {
        expressions: [
          { key: "zone", operator: "In", values: ["a"] },
          { key: "rack", operator: "In", values: ["1"] },
        ],
        fields: [],
      },
      { expressions: [{ key: "zone", operator: "In", values: ["b"] }], fields: [] },
    ]);
  });

  it("takes the default class where it names none, and none where it names the empty one", () => {
    const zonal = storageClass("zonal", ZONES, DEFAULT);
    expect(reachesOf(POD, claim("{}"), zonal)).toEqual(inZone("us-east-1a", "us-east-1b"));
    expect(reachesOf(POD, claim('{ storageClassName: "" }'), zonal)).toEqual([]);
    expect(reachesOf(POD, claim("{}"), storageClass("zonal", ZONES))).toEqual([]);
    expect(reachesOf(POD, claim("{ storageClassName: null }"), zonal)).toEqual(inZone("us-east-1a", "us-east-1b"));
  });

  it("takes no default class from other objects that call themselves one", () => {
    const other = storageClass("other", "").replace("storage.k8s.io/v1", "example.com/v1");
    const zonal = storageClass("zonal", ZONES, DEFAULT);
    expect(reachesOf(POD, claim("{}"), other.replace("annotations: {}", `annotations: ${DEFAULT}`), zonal)).toEqual(
      inZone("us-east-1a", "us-east-1b"),
    );
  });

  it.each<[string, Tree]>([
    ["its topologies are", UNKNOWN],
    ["one of its topologies is", [known(["us-east-1a"]), UNKNOWN]],
    ["the labels of one are", [known(["us-east-1a"]), { matchLabelExpressions: UNKNOWN }]],
    ["the key of one is", [known(["us-east-1a"]), { matchLabelExpressions: [{ key: UNKNOWN, values: ["a"] }] }]],
    ["the values of one are", [known(["us-east-1a"]), known(UNKNOWN)]],
    ["one of the values of one is", [known(["us-east-1a"]), known(["us-east-1b", UNKNOWN])]],
  ])("is taken to be reached from everywhere where %s not known yet", (_case, allowedTopologies) => {
    const resources = stackOf(
      [POD, claim("{ storageClassName: zonal }"), storageClass("zonal", ZONES)].join("\n---\n"),
    );
    const unsure = resources.map((resource): PlannedResource =>
      resource.name.endsWith("zonal")
        ? { ...resource, properties: { ...resource.properties, allowedTopologies } }
        : resource,
    );
    expect(unsure).not.toEqual(resources);
    expect(workloadsOf(unsure)[0]!.podSets[0]!.pod.volumes).toEqual([]);
  });

  it("is reached from everywhere where its class does not say, or is not in the stack", () => {
    expect(reachesOf(POD, claim("{ storageClassName: any }"), storageClass("any", ""))).toEqual([]);
    expect(reachesOf(POD, claim("{ storageClassName: gone }"))).toEqual([]);
    const keyless = "[{ matchLabelExpressions: [{ values: [a] }] }]";
    expect(reachesOf(POD, claim("{ storageClassName: odd }"), storageClass("odd", keyless))).toEqual([]);
  });

  it("says nothing where it is not in the stack", () => {
    expect(reachesOf(POD, storageClass("zonal", ZONES, DEFAULT))).toEqual([]);
  });
});

describe("the claims that a StatefulSet makes", () => {
  const set = (spec: string) => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: ml }
spec:
  template: { spec: { containers: [{ name: main }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: ${spec} }]
`;

  it("are reached from where their class makes volumes", () => {
    const zonal = storageClass("zonal", ZONES);
    expect(reachesOf(set("{ storageClassName: zonal }"), zonal)).toEqual(inZone("us-east-1a", "us-east-1b"));
    expect(reachesOf(set("{}"), zonal)).toEqual([]);
  });

  it("are reached from the volume that is kept for the first of them", () => {
    const kept = volume("v", "us-east-1c", "claimRef: { namespace: ml, name: data-db-0 }");
    expect(reachesOf(set("{}"), kept)).toEqual(inZone("us-east-1c"));
  });

  it("stand beside those that its pods name", () => {
    const resources: PlannedResource[] = stackOf(
      [
        set("{ storageClassName: zonal }").replace(
          "spec: { containers: [{ name: main }] }",
          "spec: { containers: [{ name: main }], volumes: [{ persistentVolumeClaim: { claimName: shared } }] }",
        ),
        storageClass("zonal", ZONES),
        claim("{ volumeName: v }", "shared"),
        volume("v", "us-east-1a"),
      ].join("\n---\n"),
    );
    const { volumes } = workloadsOf(resources)[0]!.podSets[0]!.pod;
    expect(volumes.map((reach) => reach.claim)).toEqual(["shared", "data"]);
  });
});

describe("the access modes of a claim", () => {
  const podOf = (...documents: string[]) => workloadsOf(stackOf(documents.join("\n---\n")))[0]!.podSets[0]!.pod;
  const keptApart = (modes: string) =>
    podOf(POD, claim(`{ accessModes: ${modes} }`)).antiAffinity.map(({ topologyKey }) => topologyKey);

  it("keep pods apart where only one may use it", () => {
    expect(keptApart("[ReadWriteOncePod]")).toEqual(["claim data, which is ReadWriteOncePod"]);
    expect(keptApart("[ReadWriteOnce, ReadWriteMany]")).toEqual([]);
    expect([keptApart("null"), keptApart("ReadWriteOncePod"), keptApart("[3]")]).toEqual([[], [], []]);
    expect(podOf(POD).antiAffinity).toEqual([]);
  });

  it.each<[Tree]>([[UNKNOWN], [["ReadWriteOnce", UNKNOWN]]])("leave it open where they are not known yet", (modes) => {
    const [pod, pvc] = stackOf([POD, claim("{}")].join("\n---\n"));
    const spec: TreeObject = { accessModes: modes };
    const hidden: PlannedResource = { ...pvc!, properties: { ...pvc!.properties, spec } };
    expect(workloadsOf([pod!, hidden])[0]!.podSets[0]!.pod).toMatchObject({
      antiAffinity: [],
      unknownPaths: ["spec.volumes[0].persistentVolumeClaim.claimName"],
    });
  });
});
