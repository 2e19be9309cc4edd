import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  type KarpenterArgs,
  karpenterRendering,
  karpenterTypesRendering,
} from "../../../../components/cluster/autoscaling";
import { type KubernetesObject, objectTitle } from "../../../../components/rendering";
import { OutputMarks } from "../../../../components/rendering/output-marks";
import { adjustmentOf, type Rendering } from "../../../../components/rendering/rendered-objects";
import { renderCall, type Source } from "../../../../components/rendering/source";
import { eksFacts } from "../../../support/eks-facts";
import { rendered } from "../../../support/rendering";
import { karpenterCharts } from "./karpenter-charts";

const charts = karpenterCharts();

const args: KarpenterArgs = {
  eks: { ...eksFacts, clusterName: pulumi.output("lab") },
  namespace: "autoscaling",
  systemPool: "system",
};

/** The objects before outputs are known. */
async function objectsOf(rendering: Rendering): Promise<KubernetesObject[]> {
  const facts = { ...rendering.facts, chartMirror: (charts as { mirror: string }).mirror };
  const marks = new OutputMarks();
  const sources = rendering.sources.map((source) => marks.mark(source) as Source);
  const answers = await Promise.all(sources.map((source) => rendered(renderCall(source, facts))));
  return adjustmentOf(rendering)(answers.flatMap(({ result }) => result));
}

const titles = (objects: KubernetesObject[]) => objects.map(objectTitle).sort();

describe.skipIf("missing" in charts)(
  `Karpenter's charts with the component's values${"missing" in charts ? ` (${charts.missing})` : ""}`,
  () => {
    it("are the resource types apart", async () => {
      expect(titles(await objectsOf(karpenterTypesRendering(args)))).toEqual([
        "CustomResourceDefinition capacitybuffers.autoscaling.x-k8s.io",
        "CustomResourceDefinition ec2nodeclasses.karpenter.k8s.aws",
        "CustomResourceDefinition nodeclaims.karpenter.sh",
        "CustomResourceDefinition nodeoverlays.karpenter.sh",
        "CustomResourceDefinition nodepools.karpenter.sh",
      ]);
    });

    it("are the controller, with what decides where it runs, and with the marks of outputs left whole", async () => {
      const objects = await objectsOf(karpenterRendering(args, pulumi.output("lab-queue")));
      expect(titles(objects)).toEqual([
        "ClusterRole karpenter",
        "ClusterRole karpenter-admin",
        "ClusterRole karpenter-core",
        "ClusterRoleBinding karpenter",
        "ClusterRoleBinding karpenter-core",
        "Deployment autoscaling/karpenter",
        "PodDisruptionBudget autoscaling/karpenter",
        "Role autoscaling/karpenter",
        "Role kube-system/karpenter-dns",
        "RoleBinding autoscaling/karpenter",
        "RoleBinding kube-system/karpenter-dns",
        "Service autoscaling/karpenter",
        "ServiceAccount autoscaling/karpenter",
      ]);
      const { replicas, template } = objects.find(({ kind }) => kind === "Deployment")?.["spec"] as {
        replicas: number;
        template: { spec: { containers: { env: object[] }[] } };
      };
      expect(replicas).toBe(2);
      expect(template.spec).toMatchObject({
        nodeSelector: { "kubernetes.io/os": "linux", "mlstack.dev/pool": "system" },
        serviceAccountName: "karpenter",
      });
      expect(template.spec.containers[0]?.env).toEqual(
        expect.arrayContaining([
          { name: "CLUSTER_NAME", value: expect.stringMatching(/^mlstack-output-\d+-$/) as string },
          { name: "INTERRUPTION_QUEUE", value: expect.stringMatching(/^mlstack-output-\d+-$/) as string },
        ]),
      );
    });
  },
);
