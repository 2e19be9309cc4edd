import {
  Architecture,
  containersOf,
  isUnknown,
  pathInContainer,
  UNKNOWN,
  type ContainerAt,
  type Unknown,
} from "../../../../components/model";
import type { PodGroup } from "../../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import { allOf, anyOf, isOneOf, type Truth } from "../../../engine/truth";
import { poolEnd, possiblePools } from "./layer-end";
import { stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";

/**
 * LAY-09: images that say which machines they are built for, by their name or tag, run on such machines.
 *
 * Names and tags that say nothing of it mostly stand for images of several architectures.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html (read 2026-11): G5g and GB200 are
 * arm64
 */
export const imageArchitecture: StackRule = {
  id: "LAY-09",
  title: "Images are built for the machines that their pods may run on",
  why: "A program built for another instruction set ends at once with an exec format error, on a machine that is paid for.",
  remediation: "Take the image for the architecture of the pool, or one of several architectures.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html",
  severity: "medium",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties: { instanceTypes: [g5g.xlarge] }
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers: [{ name: main, image: "registry.example/chat:1.4-amd64" }]
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties: { instanceTypes: [g5g.xlarge] }
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers: [{ name: main, image: "registry.example/chat:1.4-arm64" }]
`,
  },
  *judgeStack(subjects) {
    const stack = stackPoolsOf(subjects);
    if (stack.isOpen) return;
    for (const subject of subjects) {
      for (const pods of subject.pods) {
        for (const judgement of judgePods(pods, stack)) yield [subject, judgement];
      }
    }
  },
};

/** Words by which names and tags of images tell what they are built for. */
const WORDS: [word: RegExp, architecture: Architecture][] = [
  [/(^|[-_./:])(amd64|x86[-_]64)([-_./:@]|$)/, Architecture.amd64],
  [/(^|[-_./:])(arm64(v8)?|aarch64)([-_./:@]|$)/, Architecture.arm64],
];

/** A container whose image says what it is built for, or may. */
interface Telling {
  at: ContainerAt;
  architecture: Architecture | Unknown;
}

function* judgePods(pods: PodGroup, stack: StackPools): Iterable<Judgement> {
  const telling = containersOf(pods).flatMap((at): Telling[] => {
    const architecture = builtFor(at);
    return architecture === undefined ? [] : [{ at, architecture }];
  });
  if (telling.length === 0) return;
  const pools = possiblePools(pods, stack);
  for (const { at, architecture } of telling) {
    const path = pathInContainer(at, "image");
    const suits = anyOf(pools.map(({ pool, truth }) => allOf([truth, runsOn(pool, architecture)])));
    const [first] = pools;
    if (first === undefined || suits === true) continue;
    if (isUnknown(suits)) yield undecided(path);
    else yield violation(path, String(architecture), first.pool);
  }
}

/** A pool that says nothing of its machines may have any. */
function runsOn({ shape }: StackPool, architecture: Architecture | Unknown): Truth {
  if (shape.architecture === undefined) return true;
  return isOneOf(shape.architecture, architecture);
}

function violation(path: string, architecture: string, pool: StackPool): Judgement {
  const own = String(pool.shape.architecture);
  return {
    path,
    observed: `an image for ${architecture}, on machines for ${own} in ${poolEnd(pool, "machines")}`,
    allowed: `an image for ${own}, or for several architectures`,
    remedy: "Take such an image, or select a pool of other machines.",
  };
}

/** What an image says that it is built for; undefined where it says nothing, or several things. */
function builtFor({ container }: ContainerAt): Architecture | Unknown | undefined {
  const image = container["image"];
  if (isUnknown(image)) return UNKNOWN;
  const text = typeof image === "string" ? image : "";
  const found = WORDS.filter(([word]) => word.test(text));
  return found.length === 1 ? found[0]?.[1] : undefined;
}
