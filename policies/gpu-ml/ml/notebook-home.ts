import {
  arrayAt,
  childAt,
  containersOf,
  isTreeObject,
  isUnknown,
  pathInContainer,
  pathInPodSet,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { podValue, unknownContainersOf, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";

/** Volumes that are still there when the pod has gone. */
const LASTING = ["persistentVolumeClaim", "nfs", "csi"];

/**
 * ML-10, home: what is written in a notebook outlives its pod.
 *
 * @see https://www.kubeflow.org/docs/components/notebooks/overview/ v1.11
 */
export const notebookHome: ResourceRule = {
  id: "ML-10",
  title: "Notebooks keep their files on a claim",
  why: "A notebook that is culled, moved or stopped loses every file that lies in its pod.",
  remediation: "Mount a PersistentVolumeClaim at the home folder of the notebook.",
  url: "https://www.kubeflow.org/docs/components/notebooks/overview/",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: kubeflow.org/v1
kind: Notebook
metadata: { name: ana, namespace: ml }
spec:
  template:
    spec:
      containers: [{ name: ana, image: "registry.example/jupyter:1.4" }]
`,
    good: `
apiVersion: kubeflow.org/v1
kind: Notebook
metadata: { name: ana, namespace: ml }
spec:
  template:
    spec:
      containers:
        - name: ana
          image: registry.example/jupyter:1.4
          volumeMounts: [{ name: home, mountPath: /home/jovyan }]
      volumes: [{ name: home, persistentVolumeClaim: { claimName: ana } }]
`,
  },
  *judge(subject) {
    if (subject.is("kubeflow.org/Notebook")) for (const pods of subject.pods) yield* judgePods(pods);
  },
};

function* judgePods(pods: PodGroup): Iterable<Judgement> {
  const [unknown] = unknownsOf(pods);
  const lasting = volumesOf(pods)
    .filter(isLasting)
    .map((volume) => childAt(volume, "name"));
  const mounts = containersOf(pods).flatMap(({ container }) => arrayAt(container, "volumeMounts"));
  if (mounts.some((mount) => lasting.some((name) => typeof name === "string" && name === childAt(mount, "name"))))
    return;
  if (unknown !== undefined) {
    yield undecided(unknown);
  } else {
    const [main] = containersOf(pods);
    yield {
      path: main === undefined ? pathInPodSet(pods, "spec.volumes") : pathInContainer(main, "volumeMounts"),
      observed: "without a volume that outlives the pod",
      allowed: "a PersistentVolumeClaim at the home folder",
      remedy: "Add a volume with a claim, and mount it at the home folder.",
    };
  }
}

/** Paths of what is not known and may be a lasting volume, or its mount. */
function unknownsOf(pods: PodGroup): string[] {
  const place = pathInPodSet(pods, "spec.volumes");
  if (isUnknown(podValue(pods, "volumes"))) return [...unknownContainersOf(pods), place];
  const volumes = volumesOf(pods);
  const hidden = volumes.flatMap((volume, index) => {
    if (isUnknown(volume)) return [`${place}[${index}]`];
    return isLasting(volume) && isUnknown(childAt(volume, "name")) ? [`${place}[${index}].name`] : [];
  });
  const mayMount = hidden.length > 0 || volumes.some(isLasting);
  return mayMount ? [...unknownContainersOf(pods), ...hidden, ...containersOf(pods).flatMap(unknownMountsOf)] : [];
}

function unknownMountsOf(at: ContainerAt): string[] {
  const path = pathInContainer(at, "volumeMounts");
  const mounts = childAt(at.container, "volumeMounts");
  if (isUnknown(mounts)) return [path];
  return arrayAt({ mounts }, "mounts").flatMap((mount, index) =>
    isUnknown(childAt(mount, "name")) ? [`${path}[${index}]`] : [],
  );
}

function volumesOf(pods: PodGroup): Tree[] {
  return arrayAt({ volumes: podValue(pods, "volumes") }, "volumes");
}

function isLasting(volume: Tree): boolean {
  return isTreeObject(volume) && LASTING.some((type) => (volume[type] ?? undefined) !== undefined);
}
