import { isUnknown, pathInContainer, type ContainerAt } from "../../../components/model";
import { isImageOf } from "../../engine/image";
import { textList } from "../../engine/parameters";
import { containerValue, judgeContainers, podValue, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { allOf, isOneOf, not } from "../../engine/truth";

/**
 * POD-15: containers cannot write to their own file system. Containers of Windows are left alone, which cannot have it.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ "readOnlyRootFilesystem", v1.36
 */
export const readOnlyRoot: ResourceRule<{ images: string[] }> = {
  id: "POD-15",
  title: "Containers have a root file system that is read-only",
  why: "Whoever breaks into a program that cannot write beside itself cannot leave tools or change the program either.",
  remediation:
    "Set `readOnlyRootFilesystem: true`, and mount emptyDir volumes where the program writes: /tmp and the caches of " +
    "models and kernels.",
  url: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
  severity: "low",
  level: "advisory",
  family: "pod",
  parameters: {
    images: textList("a list of the names of images, without tag or digest, that must write to their root", []),
  },
  frameworks: [{ name: "Kubescape", reference: "C-0017" }],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: embedder, namespace: ml }
spec:
  containers: [{ name: main, image: "registry.example/embedder:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: embedder, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/embedder:1.4
      securityContext: { readOnlyRootFilesystem: true }
      env: [{ name: HF_HOME, value: /cache/huggingface }]
      volumeMounts: [{ name: cache, mountPath: /cache }]
  volumes: [{ name: cache, emptyDir: { sizeLimit: 20Gi } }]
`,
  },
  judge: ({ pods }, { images }) => judgeContainers(pods, (at, group) => judgeContainer(at, group, images)),
};

function* judgeContainer(at: ContainerAt, pods: PodGroup, images: string[]): Iterable<Judgement> {
  const path = pathInContainer(at, "securityContext.readOnlyRootFilesystem");
  const readOnly = containerValue(pods, at, "securityContext.readOnlyRootFilesystem");
  const isOpen = allOf([
    not(isOneOf(readOnly, true)),
    not(isOneOf(podValue(pods, "os.name"), "windows")),
    not(isImageOf(containerValue(pods, at, "image"), images)),
  ]);
  if (isUnknown(isOpen)) yield undecided(path);
  if (isOpen === true) {
    yield {
      path,
      observed: readOnly === undefined ? "absent" : "not true",
      allowed: "true",
      remedy: "Set it, and mount an emptyDir where the program writes, such as /tmp, HF_HOME or TRITON_CACHE_DIR.",
    };
  }
}
