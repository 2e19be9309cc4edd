import type { TreeObject } from "../../../components/model";
import { conditionOf, violatedIf, type Condition } from "../../engine/conditions";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { isAbsent, not } from "../../engine/truth";
import { judgeItems } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

/** Types that every pod may use. */
const ALLOWED = [
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected"],
  "secret",
];

/** Fields of a volume that are no type of this rule: hostPath is left to POD-03. */
const OTHERS = ["name", "hostPath"];

/**
 * POD-14: volumes are of types that a cluster controls. One without a type is an emptyDir.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Restricted, "Volume Types", v1.37
 */
export const volumeType: ResourceRule = {
  id: "POD-14",
  title: "Volumes are claimed, or of types without a server of their own",
  why: "A volume that a pod names by server or disk goes past storage classes, quotas and the rights to claims.",
  remediation: "Let a PersistentVolume or a CSI driver provide it, and claim it.",
  url: `${STANDARDS_URL}#restricted`,
  severity: "medium",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "pod",
  parameters: {},
  frameworks: [control("Restricted", "Volume Types")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
  volumes: [{ name: data, nfs: { server: nfs.example, path: /data } }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`,
  },
  judge: (subject) => judgeItems(subject.pods, "volumes", judgeVolume),
};

function* judgeVolume(volume: TreeObject, at: string): Iterable<Judgement> {
  const isAllowed = ALLOWED.map((type): Condition => conditionOf(isAbsent(volume[type]), `${at}.${type}`));
  for (const type of Object.keys(volume).filter((key) => ![...ALLOWED, ...OTHERS].includes(key))) {
    const path = `${at}.${type}`;
    yield* violatedIf([conditionOf(not(isAbsent(volume[type])), path), ...isAllowed], () => ({
      path,
      observed: "given",
      allowed: `one of the types ${ALLOWED.join(", ")}`,
      remedy: "Let a PersistentVolume or a CSI driver provide it, and claim it.",
    }));
  }
}
