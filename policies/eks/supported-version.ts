import { childAt, isUnknown, kubernetesVersion, NEWEST_KUBERNETES, SUPPORTED_KUBERNETES } from "../../components/model";
import { dayOf } from "../engine/days";
import { textLike } from "../engine/parameters";
import { undecided, type ResourceRule } from "../engine/rule";
import { isExtended, minorOf } from "./version";

const OLDEST = SUPPORTED_KUBERNETES.at(-1)!;
const OLDEST_MINOR = minorOf(OLDEST)!;

/** Read once, so that all resources of a stack are judged by the same day. */
const DAY_OF_START = dayOf(new Date());

const today = textLike(
  'the day, as in 2026-11-26, on which versions must have support; "" for the day of the run',
  "",
  /^(\d{4}-\d{2}-\d{2})?$/,
);

/**
 * EKS-04: clusters run a version of Kubernetes that has support, the extended one only where the cluster asks for it.
 *
 * Versions newer than this package knows are left alone.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html "Release calendar" (read 2026-08)
 */
export const supportedVersion: ResourceRule<{ today: string }> = {
  id: "EKS-04",
  title: "Clusters run a version of Kubernetes that has support",
  why: "After standard support every hour of a cluster costs more, and at the end EKS upgrades it whether or not it is ready.",
  remediation: "Upgrade by one minor version at a time, control plane first.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
  severity: "medium",
  level: "advisory",
  family: "eks",
  parameters: { today },
  examples: {
    bad: `
type: aws:eks/cluster:Cluster
name: lab
properties: { version: "1.30" }
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  version: "${NEWEST_KUBERNETES}"
  upgradePolicy: { supportType: EXTENDED }
`,
  },
  *judge({ type, tree }, { today }) {
    if (type !== "aws:eks/cluster:Cluster") return;
    const written = childAt(tree, "version");
    if (isUnknown(written)) yield undecided("version");
    const minor = minorOf(written);
    const extended = isExtended(tree);
    const state = stateOf(minor, today === "" ? DAY_OF_START : today);
    if (state === "standard") return;
    if (state === "extended" && isUnknown(extended)) yield undecided("upgradePolicy.supportType");
    if (state === "over" || extended === false) {
      yield {
        path: "version",
        observed: `"1.${String(minor)}", whose ${state === "over" ? "" : "standard "}support is over`,
        allowed: `${OLDEST} to ${NEWEST_KUBERNETES} while they have support`,
        remedy: "Upgrade one minor version at a time.",
      };
    }
  },
};

/** What support a version has on a day; of one that is not known, nothing is said against it. */
function stateOf(minor: number | undefined, day: string): "standard" | "extended" | "over" {
  if (minor === undefined) return "standard";
  if (minor < OLDEST_MINOR) return "over";
  const version = kubernetesVersion(`1.${minor}`);
  if (version === undefined || day < version.standardSupportUntil) return "standard";
  return day < version.extendedSupportUntil ? "extended" : "over";
}
