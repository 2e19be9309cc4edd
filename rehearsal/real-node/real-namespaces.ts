import {
  AdmissionregistrationV1Api,
  type KubeConfig,
  type V1MutatingAdmissionPolicy,
  type V1MutatingAdmissionPolicyBinding,
} from "@kubernetes/client-node";
import { POOL_LABEL } from "../../components/model";
import { REAL_NODE, REAL_NODE_TAINT } from "../../components/model/real-node";
import { unlessCode } from "../cluster/api-errors";
import { apply } from "./apply";

const NAME = "pods-on-real-nodes";
const API_VERSION = "admissionregistration.k8s.io/v1";

/** Label by which the API server knows a namespace. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ (1.36) */
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/** A path of JSON Patch has its slashes written so. @see https://www.rfc-editor.org/rfc/rfc6901 section 3 */
function escaped(name: string): string {
  return name.replaceAll("/", "~1");
}

/** What a pod is given: the way to a real node, whatever pool it was meant for, and leave to be there. */
function mutation(): string {
  const labels = { [REAL_NODE.key]: REAL_NODE.value, [POOL_LABEL]: REAL_NODE.value };
  const toleration = JSON.stringify({ ...REAL_NODE_TAINT, operator: "Equal" });
  const each = Object.entries(labels).map(([key, value]) => {
    return `JSONPatch{op: "add", path: "/spec/nodeSelector/${escaped(key)}", value: "${value}"}`;
  });
  return `(has(object.spec.nodeSelector)
  ? [${each.join(", ")}]
  : [JSONPatch{op: "add", path: "/spec/nodeSelector", value: ${JSON.stringify(labels)}}])
+ (has(object.spec.tolerations)
  ? [JSONPatch{op: "add", path: "/spec/tolerations/-", value: ${toleration}}]
  : [JSONPatch{op: "add", path: "/spec/tolerations", value: [${toleration}]}])`;
}

/** Whether no container of a pod has an image in whose place a program of this machine runs, whatever its tag. */
function isNotPlayed(images: readonly string[]): string {
  const names = images.map((image) => image.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join("|");
  return `!object.spec.containers.exists(each, each.image.matches(r'^(${names})([:@].*)?$'))`;
}

/**
 * Sends the pods of some namespaces to real nodes, and those of any namespace that has the label of these nodes itself. A pod
 * that says by the same label where it wants to be is left alone, and one that is a program: its place is a simulated node.
 *
 * @param played Images in whose place programs run, without tags.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/ (1.36)
 */
export async function placePods(
  namespaces: readonly string[],
  played: readonly string[],
  config: KubeConfig,
): Promise<void> {
  const { key } = REAL_NODE;
  const policy: V1MutatingAdmissionPolicy = {
    apiVersion: API_VERSION,
    kind: "MutatingAdmissionPolicy",
    metadata: { name: NAME },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
      },
      matchConditions: [
        {
          name: "says-nothing-of-it",
          expression: `!has(object.spec.nodeSelector) || !("${key}" in object.spec.nodeSelector)`,
        },
        ...(played.length > 0 ? [{ name: "no-program-plays-it", expression: isNotPlayed(played) }] : []),
      ],
      failurePolicy: "Fail",
      reinvocationPolicy: "Never",
      mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: mutation() } }],
    },
  };
  const selectors = {
    label: { matchLabels: { [key]: REAL_NODE.value } },
    // A selector of no names would be of all namespaces.
    ...(namespaces.length > 0 && {
      names: { matchExpressions: [{ key: NAMESPACE_NAME, operator: "In", values: [...namespaces] }] },
    }),
  };
  // In place of what was there before, so that no pod comes in between: programs may have changed since the last start.
  await apply(policy, config);
  for (const by of ["label", "names"] as const) {
    const name = `${NAME}-by-${by}`;
    if (selectors[by] === undefined) {
      const api = config.makeApiClient(AdmissionregistrationV1Api);
      await api.deleteMutatingAdmissionPolicyBinding({ name }).catch(unlessCode(404));
      continue;
    }
    const binding: V1MutatingAdmissionPolicyBinding = {
      apiVersion: API_VERSION,
      kind: "MutatingAdmissionPolicyBinding",
      metadata: { name },
      spec: { policyName: NAME, matchResources: { namespaceSelector: selectors[by] } },
    };
    await apply(binding, config);
  }
}
