import { describe, expect, it } from "vitest";
import { AmiFamily, GpuNodePool, type GpuNodePoolArgs } from "../../../../components";
import {
  efaInterfacesOf,
  gpuInstanceTypes,
  nodeImageProblem,
  parseAmiType,
  poolShapeOf,
  type Tree,
} from "../../../../components/model";
import { eksFacts } from "../../../support/eks-facts";
import { problemsOf, type Registered, startMocks } from "../../../support/mocks";

const inOneZone = { availabilityZones: ["us-east-1a"] };
const NODE_TEMPLATE = "k8s.io/cluster-autoscaler/node-template/";

/** What poolShapeOf can tell of a node group and its launch template; zones and price are told by subnets alone. */
const told = [
  "name",
  "instanceType",
  "instanceTypes",
  "architecture",
  "capacityType",
  "gpuResource",
  "gpusPerNode",
  "gpuModel",
  "gpuMemoryMib",
  "vcpus",
  "memoryGib",
  "ephemeralStorageGib",
  "efaInterfaces",
  "taints",
  "minNodes",
  "maxNodes",
] as const;

const types = gpuInstanceTypes();
const rows = types.flatMap((type) => Object.values(AmiFamily).map((family) => ({ ...type, family })));
const isOffered = ({ instanceType, gpuCount, family }: (typeof rows)[number]) =>
  gpuCount > 0 && nodeImageProblem(instanceType, family) === undefined;

interface Created {
  pool: GpuNodePool;
  nodeGroup: Registered;
  template: Registered;
  tags: Record<string, string>;
}

async function create(args: GpuNodePoolArgs): Promise<Created> {
  const program = await startMocks();
  const pool = new GpuNodePool("train", args);
  const resources = await program.resources();
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const tags = ofType("aws:autoscaling/tag:Tag").map(({ inputs }) => inputs["tag"] as { key: string; value: string });
  return {
    pool,
    nodeGroup: ofType("aws:eks/nodeGroup:NodeGroup")[0]!,
    template: ofType("aws:ec2/launchTemplate:LaunchTemplate")[0]!,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
  };
}

function object({ type, inputs }: Registered) {
  return { type, properties: inputs as Tree };
}

/** Tags of one group for the autoscaler, without the part that they begin with. */
function templateTags(tags: Record<string, string>, group: string): Record<string, string> {
  const prefix = `${NODE_TEMPLATE}${group}/`;
  const ofGroup = Object.entries(tags).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(ofGroup.map(([key, value]) => [key.slice(prefix.length), value]));
}

describe("a managed pool of every GPU instance type of the catalogue", () => {
  it.each(rows.filter(isOffered))(
    "agrees with itself on every layer: $instanceType with $family",
    async ({ family: amiFamily, ...type }) => {
      const { instanceType, gpuCount, efaInterfaces } = type;
      const efa = efaInterfaces > 0;
      const { pool, nodeGroup, template, tags } = await create({
        instanceType,
        amiFamily,
        efa,
        minNodes: 1,
        maxNodes: 4,
        eks: eksFacts,
        ...inOneZone,
      });
      const { shape } = pool;

      const readBack = poolShapeOf(object(nodeGroup), object(template));
      expect(readBack).toMatchObject(Object.fromEntries(told.map((property) => [property, shape[property]])));
      expect(readBack).toMatchObject({ instanceType, gpusPerNode: gpuCount, efaInterfaces });

      expect(parseAmiType(String(nodeGroup.inputs["amiType"]))).toEqual({
        family: amiFamily,
        architecture: type.architecture,
        accelerator: "nvidia",
      });

      const labels = nodeGroup.inputs["labels"] as Record<string, string>;
      expect({ ...labels, ...shape.labels }).toEqual({ ...shape.labels, ...labels });
      expect(templateTags(tags, "label")).toEqual({
        ...labels,
        "topology.ebs.csi.aws.com/zone": "us-east-1a",
        "topology.kubernetes.io/zone": "us-east-1a",
      });
      expect(labels).toMatchObject({ "mlstack.dev/gpu-model": type.gpuModel, "nvidia.com/gpu.present": "true" });
      expect(labels["mlstack.dev/efa"]).toBe(efa ? "true" : undefined);

      expect(templateTags(tags, "taint")).toEqual({ "nvidia.com/gpu": "present:NoSchedule" });
      expect(templateTags(tags, "resources")).toMatchObject({
        "nvidia.com/gpu": String(gpuCount),
        ...(efa ? { "vpc.amazonaws.com/efa": String(efaInterfaces) } : {}),
      });

      const interfaces = template.inputs["networkInterfaces"] as { networkCardIndex: number; interfaceType?: string }[];
      const cards = interfaces.filter(({ interfaceType }) => interfaceType !== undefined);
      expect(cards.map(({ networkCardIndex }) => networkCardIndex)).toEqual(
        efaInterfacesOf(instanceType)
          .filter(({ interfaceType }) => interfaceType === "efa-only")
          .map(({ networkCardIndex }) => networkCardIndex),
      );
    },
  );

  it.each(rows.filter((row) => !isOffered(row)))(
    "is refused where no image or no whole GPU is to be had: $instanceType with $family",
    ({ instanceType, family: amiFamily }) => {
      const { message } = problemsOf(
        () => new GpuNodePool("train", { instanceType, amiFamily, maxNodes: 1, eks: eksFacts, ...inOneZone }),
      );
      expect(message).toBe('GpuNodePool "train": 1 invalid input');
    },
  );

  it("covers every type of the catalogue, most of them with each family", () => {
    expect(new Set(rows.map(({ instanceType }) => instanceType)).size).toBe(types.length);
    expect(rows.filter(isOffered).length).toBeGreaterThan(100);
  });
});
