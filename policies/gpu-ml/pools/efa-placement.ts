import { isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import { undecided, type ResourceRule } from "../../engine/rule";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { hasEfa } from "./efa-template";

const PATH = "placement.groupName";

/** Fields that say where machines stand, if only because they were reserved there. */
const PLACED_BY = [PATH, "placement.groupId", "capacityReservationSpecification.capacityReservationTarget"];

/**
 * GPU-13, pools: machines with Elastic Fabric Adapters stand close together.
 *
 * Reserved machines stand where they were reserved.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html "EFA basics"
 */
export const efaPlacement: ResourceRule = {
  id: "GPU-13",
  title: "Machines with EFA interfaces stand in a placement group",
  why: "Spread over a zone, machines wait for each other longer in each step than the fabric saves.",
  remediation: "Name a placement group of strategy `cluster` in the launch template, and one subnet in the node group.",
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-strategies.html",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:ec2/launchTemplate:LaunchTemplate
name: gpu
properties:
  networkInterfaces: [{ interfaceType: efa }]
`,
    good: `
type: aws:ec2/launchTemplate:LaunchTemplate
name: gpu
properties:
  networkInterfaces: [{ interfaceType: efa }]
  placement: { groupName: training }
`,
  },
  *judge({ type, tree }) {
    if (type !== "aws:ec2/launchTemplate:LaunchTemplate") return;
    const usesFabric = hasEfa(tree);
    const isPlaced = anyOf([
      ...PLACED_BY.map((path) => isSaid(nodeAt(tree, path))),
      isOneOf(nodeAt(tree, "instanceMarketOptions.marketType"), "capacity-block"),
    ]);
    const isScattered = allOf([usesFabric, not(isPlaced)]);
    if (isUnknown(isScattered)) yield undecided(isUnknown(usesFabric) ? "networkInterfaces" : PATH);
    if (isScattered === true) {
      yield {
        path: PATH,
        observed: "absent beside EFA interfaces",
        allowed: "the name of a placement group of strategy cluster",
        remedy: "Create such a group, and name it here.",
      };
    }
  },
};

function isSaid(leaf: Tree): Truth {
  return isUnknown(leaf) ? UNKNOWN : leaf !== undefined && leaf !== null && leaf !== "";
}
