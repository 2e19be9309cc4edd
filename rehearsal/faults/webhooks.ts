import { AdmissionregistrationV1Api, CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { Problem } from "../problem";
import type { FaultInjector } from "../scenarios/fault";
import type { FaultGround } from ".";
import { controllerPods } from "./controller-pods";

/** Label that no pod has. */
const NOBODY = "mlstack.dev/unreachable";

/** Has nothing answer the webhooks of a part for a time: their Services lead to no pod then. */
export function webhookInjector({ config, aftermath }: FaultGround): FaultInjector<"webhookUnreachable"> {
  const core = config.makeApiClient(CoreV1Api);
  return {
    inject: async ({ part, for: seconds }) => {
      const pods = await controllerPods(core, part);
      const namespaces = new Set(pods.map(({ metadata }) => metadata?.namespace));
      const services = (await webhookServices()).filter(({ namespace }) => namespaces.has(namespace));
      if (services.length === 0) {
        throw new Problem(`the part ${part} has no webhooks`, "Name a part of the platform whose controller has some.");
      }
      await Promise.all(services.map((service) => lead(service, "true")));
      aftermath.later(seconds, () => Promise.all(services.map((service) => lead(service, null))));
      return { did: `nothing answers the webhooks of ${part} for ${seconds} s` };
    },
  };

  async function lead({ name, namespace }: ServiceName, value: "true" | null): Promise<void> {
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    await core.patchNamespacedService({ name, namespace, body: { spec: { selector: { [NOBODY]: value } } } }, merge);
  }

  async function webhookServices(): Promise<ServiceName[]> {
    const admission = config.makeApiClient(AdmissionregistrationV1Api);
    const [mutating, validating] = await Promise.all([
      admission.listMutatingWebhookConfiguration(),
      admission.listValidatingWebhookConfiguration(),
    ]);
    const webhooks = [...mutating.items, ...validating.items].flatMap((each) => each.webhooks ?? []);
    const found = webhooks.flatMap(({ clientConfig: { service } }) => service ?? []);
    return [...new Map(found.map((service) => [`${service.namespace}/${service.name}`, service])).values()];
  }
}

interface ServiceName {
  name: string;
  namespace: string;
}
