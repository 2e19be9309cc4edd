import { childAt, isUnknown, nodeAt, type Tree } from "../../../components/model";
import { textLike } from "../../engine/parameters";
import { undecided, type Judgement, type Parameter, type ResourceRule } from "../../engine/rule";
import { chartValue, chartNamed } from "../installed-chart";

function floorParameter(of: string, version: string): Parameter<string> {
  return textLike(`the oldest version of ${of} to install, such as "${version}"`, version, /^v?\d+(\.\d+)+$/);
}

/** Where something says the version of NVIDIA's container toolkit. */
interface ToolkitAt {
  path: string;
  version: Tree;
  floor: string;
  of: string;
}

interface Floors extends Record<string, unknown> {
  toolkit: string;
  operator: string;
}

/**
 * HELM-03, toolkit: NVIDIA's container toolkit is newer than its known ways out of a container.
 *
 * Toolkit 1.17.8 and GPU operator 25.3.1 are the first without CVE-2025-23266 and CVE-2025-23267, and newer than those
 * without CVE-2024-0132 to -0137 and CVE-2025-23359. Operators that leave the toolkit to the machine image are left alone.
 *
 * @see https://nvidia.custhelp.com/app/answers/detail/a_id/5659 (July 2025), and 5582, 5585, 5599 and 5616 before it
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/security.html
 */
export const toolkitVersion: ResourceRule<Floors> = {
  id: "HELM-03",
  title: "The NVIDIA container toolkit has no known way out of a container",
  why: "In older versions an image alone is enough to run code on the node as root (CVE-2024-0132, CVE-2025-23266).",
  remediation: "Install GPU operator 25.3.1 or container toolkit 1.17.8, or later ones.",
  url: "https://nvidia.custhelp.com/app/answers/detail/a_id/5659",
  severity: "high",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "platform",
  parameters: {
    toolkit: floorParameter("the NVIDIA container toolkit", "1.17.8"),
    operator: floorParameter("the GPU operator", "25.3.1"),
  },
  examples: {
    bad: `
type: kubernetes:helm.sh/v4:Chart
name: gpu-operator
properties:
  chart: gpu-operator
  version: v24.6.1
`,
    good: `
type: kubernetes:helm.sh/v4:Chart
name: gpu-operator
properties:
  chart: gpu-operator
  version: 26.7.0
`,
  },
  *judge(subject, { toolkit, operator }) {
    if (subject.is("nvidia.com/ClusterPolicy")) {
      const spec = childAt(subject.tree, "spec");
      yield* judgeToolkit(nodeAt(spec, "toolkit.enabled"), toolkitAt("spec.toolkit.version", spec, toolkit));
    }
    const chart = chartNamed(subject, "gpu-operator");
    if (chart === undefined) return;
    const given = chartValue(chart, "toolkit.version", null);
    // The version of the chart decides which toolkit it brings, unless the values name another.
    const at: ToolkitAt =
      given === null || given === ""
        ? { path: "version", version: chart.version, floor: operator, of: "the GPU operator" }
        : toolkitAt("values.toolkit.version", chart.values, toolkit);
    const judgements = judgeToolkit(chartValue(chart, "toolkit.enabled", true), at);
    for (const judgement of judgements) yield isUnknown(chart.name) ? undecided("chart") : judgement;
  },
};

function toolkitAt(path: string, holder: Tree, floor: string): ToolkitAt {
  return { path, version: nodeAt(holder, "toolkit.version"), floor, of: "the container toolkit" };
}

function* judgeToolkit(enabled: Tree, { path, version, floor, of }: ToolkitAt): Iterable<Judgement> {
  if (enabled === false) return;
  const numbers = numbersOf(version);
  const isOld = numbers !== undefined && isBefore(numbers, numbersOf(floor) ?? []);
  if (isUnknown(version) || (isOld && isUnknown(enabled))) yield undecided(path);
  else if (isOld) {
    yield {
      path,
      observed: `${numbers.join(".")}, from which containers can break out`,
      allowed: `${of} from ${floor}`,
      remedy: "Install a newer one, and replace the nodes that have the old one.",
    };
  }
}

/** `[1, 17, 8]` of `v1.17.8-ubuntu20.04`; undefined for digests, ranges and all else. */
function numbersOf(version: Tree): number[] | undefined {
  const [, numbers] = typeof version === "string" ? (/^v?(\d+(?:\.\d+)+)(?:[-+].*)?$/s.exec(version) ?? []) : [];
  return numbers?.split(".").map(Number);
}

function isBefore(version: number[], floor: number[]): boolean {
  const steps = floor.map((number, index) => (version[index] ?? 0) - number);
  return (steps.find((step) => step !== 0) ?? 0) < 0;
}
