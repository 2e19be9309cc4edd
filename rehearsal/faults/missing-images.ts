import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, KubernetesObjectApi, type KubernetesObject, PatchStrategy } from "@kubernetes/client-node";
import { MISSING_IMAGE_ANNOTATION } from "../../components/model";
import { Problem } from "../problem";
import type { FaultInjector } from "../scenarios/fault";
import { podNames } from "../scenarios/pod-rules";
import type { FaultGround } from ".";

/** How long the API server may take to follow a policy, in milliseconds; it looks once a second. */
const FOLLOWED_WITHIN = 30_000;

/**
 * Has the images of pods never come: pods whose names fit are marked on their admission, and stay pending as on a node that
 * cannot pull their image.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/ (v1 as of Kubernetes 1.36)
 */
export function missingImageInjector({ config }: FaultGround): FaultInjector<"imageMissing"> {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const core = config.makeApiClient(CoreV1Api);
  let policies = 0;
  return {
    inject: async ({ name }) => {
      const policy = `mlstack-missing-image-${++policies}`;
      for (const object of markingPolicy(policy, name)) {
        await objects.patch(object, undefined, undefined, "mlstack", true, PatchStrategy.ServerSideApply);
      }
      const deadline = Date.now() + FOLLOWED_WITHIN;
      while (!(await isMarked(name.replaceAll("*", "").replaceAll("?", "x")))) {
        if (Date.now() > deadline)
          throw new Problem("the API server does not follow a policy", "Start the rehearsal again.");
        await sleep(200);
      }
      return { did: `the images of ${name} do not come from now on`, imagesOf: name };
    },
  };

  async function isMarked(like: string): Promise<boolean> {
    const name = /^[a-z0-9]/.test(like) ? like.replace(/[^a-z0-9]+$/, "") : `x${like}`.replace(/[^a-z0-9]+$/, "");
    const body = { metadata: { name }, spec: { containers: [{ name: "main", image: "probe" }] } };
    const { metadata } = await core.createNamespacedPod({ namespace: "default", body, dryRun: "All" });
    return metadata?.annotations?.[MISSING_IMAGE_ANNOTATION] === "true";
  }
}

function markingPolicy(name: string, pods: string): KubernetesObject[] {
  const generated = "has(object.metadata.generateName) ? object.metadata.generateName : ''";
  const named = `has(object.metadata.name) && object.metadata.name != '' ? object.metadata.name : ${generated}`;
  const spec = {
    failurePolicy: "Fail",
    reinvocationPolicy: "Never",
    matchConstraints: {
      resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
    },
    matchConditions: [{ name: "fits", expression: `(${named}).matches(r'${podNames(pods)}')` }],
    mutations: [
      {
        patchType: "ApplyConfiguration",
        applyConfiguration: {
          expression: `Object{metadata: Object.metadata{annotations: {'${MISSING_IMAGE_ANNOTATION}': 'true'}}}`,
        },
      },
    ],
  };
  const group = "admissionregistration.k8s.io/v1";
  const objects: (KubernetesObject & { spec: object })[] = [
    { apiVersion: group, kind: "MutatingAdmissionPolicy", metadata: { name }, spec },
    { apiVersion: group, kind: "MutatingAdmissionPolicyBinding", metadata: { name }, spec: { policyName: name } },
  ];
  return objects;
}
