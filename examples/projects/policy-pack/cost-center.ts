import { childAt, isUnknown } from "mlstack/model";
import { type ResourceRule, undecided } from "mlstack/policies";

const path = "metadata.labels.cost-center";

/** ACME-01: each namespace says who pays for what runs in it. */
export const costCenter: ResourceRule = {
  id: "ACME-01",
  title: "Namespaces name a cost center",
  why: "The bill of a GPU is paid by somebody, who wants to know for what.",
  remediation: "Set the label `cost-center`.",
  url: "https://wiki.example.com/cost-centers",
  severity: "medium",
  level: "advisory",
  family: "cost-center",
  parameters: {},
  examples: {
    bad: "{ apiVersion: v1, kind: Namespace, metadata: { name: vision } }",
    good: "{ apiVersion: v1, kind: Namespace, metadata: { name: vision, labels: { cost-center: '4711' } } }",
  },
  *judge(subject) {
    if (!subject.is("/Namespace")) return;
    const label = childAt(childAt(childAt(subject.tree, "metadata"), "labels"), "cost-center");
    if (isUnknown(label)) yield undecided(path);
    if (label === undefined) yield { path, observed: "absent", allowed: "a cost center", remedy: "Set the label." };
  },
};
