import { childAt, isUnknown, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { installedChartOf, RELEASE } from "../installed-chart";
import { fieldsIn, type FieldAt } from "./values-walk";

/**
 * HELM-03, images: the images that a Release's values name are pinned by digest.
 *
 * Charts that Pulumi renders are judged by their pods (POD-23); what a Release brings can be judged by its values alone.
 * Charts spell the digest `digest` or `sha`, or take it behind the tag.
 *
 * @see https://helm.sh/docs/chart_best_practices/pods/ "Images", Helm 3.18
 */
export const releaseImages: ResourceRule = {
  id: "HELM-03",
  title: "The images that a Release names are pinned by digest",
  why: "Whoever can push to the repository can put another image under a tag, and no policy sees what Helm installs.",
  remediation:
    "Set the digest beside the tag, or put it behind the tag as `1.2.3@sha256:…` where the chart knows none.",
  url: "https://kubernetes.io/docs/concepts/containers/images/",
  severity: "medium",
  level: "advisory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: cert-manager
properties:
  chart: cert-manager
  version: v1.21.1
  values: { image: { tag: v1.21.1 } }
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: cert-manager
properties:
  chart: cert-manager
  version: v1.21.1
  values: { image: { tag: v1.21.1, digest: "sha256:0e072dddd1f7f8fc8909a2ca6f65e76c5f0d2fcfb8be47935ae3457e8bbceb20" } }
`,
  },
  *judge(subject) {
    const chart = subject.type === RELEASE ? installedChartOf(subject) : undefined;
    if (chart === undefined) return;
    if (isUnknown(chart.values)) yield undecided("values");
    for (const field of fieldsIn(chart.values, "values")) yield* judgeField(field);
  },
};

/** An image is one text, or an object of parts. */
function* judgeField({ path, key, value }: FieldAt): Iterable<Judgement> {
  if (!/image$/i.test(key)) return;
  if (isUnknown(value)) yield undecided(path);
  else if (typeof value !== "string") yield* judgeParts(value, path);
  else if (/:[^/@]+$/.test(value) && !value.includes("@sha256:")) yield byTag(path);
}

function* judgeParts(image: Tree, path: string): Iterable<Judgement> {
  const tag = childAt(image, "tag");
  const digests = ["digest", "sha"].map((name) => childAt(image, name));
  if (digests.some((digest) => typeof digest === "string" && digest !== "")) return;
  if (isUnknown(tag)) yield undecided(`${path}.tag`);
  else if (typeof tag === "string" && tag !== "" && !tag.includes("sha256:")) {
    yield digests.some(isUnknown) ? undecided(`${path}.digest`) : byTag(`${path}.tag`);
  }
}

function byTag(path: string): Judgement {
  return {
    path,
    observed: "a tag without a digest",
    allowed: "an image with its digest",
    remedy: "Add the digest of the image that was tested.",
  };
}
