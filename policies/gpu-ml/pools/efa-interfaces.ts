import { arrayAt, childAt, gpuInstanceType, isUnknown, stringAt, UNKNOWN, type Tree } from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { hasEfa } from "./efa-template";

const PATH = "launchTemplate";

const adapters = wholeNumber(
  "the number of Elastic Fabric Adapters from which an instance type is one for jobs over several nodes",
  4,
  1,
);

/**
 * GPU-13, pools: machines that are made for jobs over several nodes start with their Elastic Fabric Adapters.
 *
 * Karpenter attaches them by itself to nodes for pods that ask for them.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html
 */
export const efaInterfaces: StackRule<{ adapters: number }> = {
  id: "GPU-13",
  title: "Machines with fast adapters are started with them",
  why: "Without its adapters such a machine talks to its neighbours at a fraction of the speed that it is paid for.",
  remediation:
    "List the interfaces with `interfaceType: efa` or `efa-only`, one per network card, in a launch template.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: { adapters },
  examples: {
    bad: `
type: aws:ec2/launchTemplate:LaunchTemplate
name: gpu
properties: { name: gpu, networkInterfaces: [{ deviceIndex: 0, networkCardIndex: 0 }] }
---
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { instanceTypes: [p4d.24xlarge], launchTemplate: { name: gpu, version: "1" } }
`,
    good: `
type: aws:ec2/launchTemplate:LaunchTemplate
name: gpu
properties: { name: gpu, networkInterfaces: [{ deviceIndex: 0, networkCardIndex: 0, interfaceType: efa }] }
---
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { instanceTypes: [p4d.24xlarge], launchTemplate: { name: gpu, version: "1" } }
`,
  },
  *judgeStack(subjects, { adapters }) {
    const templates = subjects.filter(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate");
    for (const group of subjects.filter(({ type }) => type === "aws:eks/nodeGroup:NodeGroup")) {
      for (const judgement of judgeGroup(
        group.tree,
        templates.map(({ tree }) => tree),
        adapters,
      )) {
        yield [group, judgement];
      }
    }
  },
};

function* judgeGroup(group: Tree, templates: Tree[], adapters: number): Iterable<Judgement> {
  const type = stringAt({ type: arrayAt(group, "instanceTypes").find((each) => adaptersOf(each) >= adapters) }, "type");
  const isUnsure = isUnknown(childAt(group, "instanceTypes")) || arrayAt(group, "instanceTypes").some(isUnknown);
  const isFast: Truth = type !== undefined || (isUnsure ? UNKNOWN : false);
  const template: Tree = childAt(group, PATH);
  const isWithout: Truth = template === undefined || template === null;
  const isPlain = anyOf([isWithout, ...templates.map((each) => allOf([isMeant(template, each), not(hasEfa(each))]))]);
  const isSlow = allOf([isFast, isPlain]);
  if (isUnknown(isSlow)) yield undecided(isUnknown(isFast) ? "instanceTypes" : PATH);
  if (isSlow === true) {
    yield {
      path: PATH,
      observed: `${isWithout ? "absent" : "one without EFA interfaces"}, although ${String(type)} has adapters for them`,
      allowed: "a launch template with EFA interfaces",
      remedy: "List one interface of type efa or efa-only per network card in the launch template.",
    };
  }
}

function adaptersOf(instanceType: Tree): number {
  return typeof instanceType === "string" ? (gpuInstanceType(instanceType)?.efaInterfaces ?? 0) : 0;
}

/** A group names its launch template by name or by id, and only ARNs tell ids. */
function isMeant(reference: Tree, template: Tree): Truth {
  const [name, id, arn]: Tree[] = [childAt(reference, "name"), childAt(reference, "id"), childAt(template, "arn")];
  if (typeof name === "string") return isOneOf(childAt(template, "name"), name);
  if (typeof id === "string" && typeof arn === "string") return arn.endsWith(`/${id}`);
  return [name, id, arn].some(isUnknown) ? UNKNOWN : false;
}
