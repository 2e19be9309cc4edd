import { AdmissionregistrationV1Api } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { containerStep, workflowDefinition, workflowManifest } from "../../../components/workloads";
import { eventually } from "../../support/cluster";
import { sharedStack } from "./stack";

const namespace = "ml";
const name = "unanswered";
const workflows = { group: "argoproj.io", version: "v1alpha1", namespace, plural: "workflows" };

interface Node {
  displayName: string;
  type: string;
  phase: string;
  message?: string;
}

interface Workflow {
  status?: { phase?: string; nodes?: Record<string, Node> };
}

/** A webhook of nobody's, which is asked about the pods of this test alone. */
const WEBHOOK = {
  name: `${name}.example.com`,
  admissionReviewVersions: ["v1"],
  sideEffects: "None",
  failurePolicy: "Fail",
  clientConfig: { service: { namespace, name: "nobody" } },
  objectSelector: { matchLabels: { "workflows.argoproj.io/workflow": name } },
  rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
};

test("a step waits while a webhook does not answer, and it costs it none of its tries", async () => {
  const stack = sharedStack();
  const webhooks = stack.config.makeApiClient(AdmissionregistrationV1Api);
  await webhooks.createMutatingWebhookConfiguration({ body: { metadata: { name }, webhooks: [WEBHOOK] } });
  const only = containerStep("only", {
    retry: { limit: 0 },
    run: () => ({
      image: "registry.example.com/only:1",
      command: ["only"],
      runAsUser: 1000,
      annotations: { "mlstack.dev/simulate": "succeed after=1s" },
    }),
  });
  const nodes = async () => {
    const { status } = (await stack.custom.getNamespacedCustomObject({ ...workflows, name })) as Workflow;
    return { phase: status?.phase, steps: Object.values(status?.nodes ?? {}).filter(({ type }) => type === "Pod") };
  };
  // The API server takes a moment to ask a webhook that is new.
  await eventually("the webhook is asked", () =>
    stack.core
      .createNamespacedPod({
        namespace,
        dryRun: "All",
        body: { metadata: { name, labels: WEBHOOK.objectSelector.matchLabels }, spec: { containers: [] } },
      })
      .then(
        () => false,
        (error: unknown) => String(error).includes("failed calling webhook"),
      ),
  );
  await stack.create(
    workflowManifest(name, { namespace, serviceAccountName: "heart-disease", definition: workflowDefinition(only) }),
  );
  await eventually("the step waits", async () => {
    const [step] = (await nodes()).steps;
    return step?.phase === "Pending" && step.message?.includes("failed calling webhook");
  });
  await webhooks.deleteMutatingWebhookConfiguration({ name });
  const { phase, steps } = await eventually("it has ended", async () => {
    const found = await nodes();
    return ["Succeeded", "Failed", "Error"].includes(found.phase ?? "") && found;
  });
  expect(phase).toBe("Succeeded");
  expect(steps.map((step) => step.phase)).toEqual(["Succeeded"]);
  await stack.custom.deleteNamespacedCustomObject({ ...workflows, name });
});
