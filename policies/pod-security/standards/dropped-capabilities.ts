import { isUnknown, pathInContainer, type ContainerAt, type Tree } from "../../../components/model";
import { conditionOf, violatedIf, type Condition } from "../../engine/conditions";
import { containerValue, judgeContainers, type PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { addedCapabilities, BIND_SERVICE, DEFAULT_CAPABILITIES } from "./capability";
import { notPrivileged, notWindows } from "./pod-conditions";
import { isWhole, shown } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

const ALL = "ALL";

/** What may be added to nothing; those beyond the default ones are left to POD-06. */
const NEEDLESS = DEFAULT_CAPABILITIES.filter((name) => name !== BIND_SERVICE);

/**
 * POD-07: containers drop all capabilities, and add none but the one to listen on low ports.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Restricted, "Capabilities", v1.37
 */
export const droppedCapabilities: ResourceRule = {
  id: "POD-07",
  title: "Containers drop all capabilities and add none but NET_BIND_SERVICE",
  why: "A program that is taken over can use every capability that its container kept, and most programs need none.",
  remediation:
    "Set `securityContext.capabilities.drop` to `[ALL]`, and add NET_BIND_SERVICE where ports are below 1024.",
  url: `${STANDARDS_URL}#restricted`,
  severity: "medium",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "pod",
  parameters: {},
  frameworks: [control("Restricted", "Capabilities")],
  fix: "drops ALL",
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      securityContext: { capabilities: { drop: [NET_RAW] } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      securityContext: { capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } }
`,
  },
  judge: (subject) =>
    judgeContainers(subject.pods, function* (at, pods) {
      yield* judgeDropped(at, pods, subject);
      yield* judgeAdded(at, pods);
    }),
};

function* judgeDropped(at: ContainerAt, pods: PodGroup, subject: Subject): Iterable<Judgement> {
  const field = "securityContext.capabilities.drop";
  const path = pathInContainer(at, field);
  const dropped = containerValue(pods, at, field);
  const conditions: Condition[] = [
    conditionOf(dropped !== undefined || isWhole(subject), path),
    conditionOf(not(hasAll(dropped)), path),
    notWindows(pods),
    notPrivileged(at),
  ];
  yield* violatedIf(conditions, () => ({
    path,
    observed: dropped === undefined ? "absent" : "without ALL",
    allowed: "a list with ALL",
    remedy: "Add ALL.",
    fix: [{ path, append: ALL }],
  }));
}

function* judgeAdded(at: ContainerAt, pods: PodGroup): Iterable<Judgement> {
  for (const { path, value } of addedCapabilities(at)) {
    const conditions: Condition[] = [
      conditionOf(isOneOf(value, ...NEEDLESS), path),
      notWindows(pods),
      notPrivileged(at),
    ];
    yield* violatedIf(conditions, () => ({
      path,
      observed: shown(value),
      allowed: BIND_SERVICE,
      remedy: "Remove it, and let the program run without.",
    }));
  }
}

function hasAll(dropped: Tree): Truth {
  if (isUnknown(dropped)) return dropped;
  return anyOf((Array.isArray(dropped) ? dropped : []).map((name) => isOneOf(name, ALL)));
}
