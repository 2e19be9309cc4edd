import { arrayAt, childAt, isUnknown, nodeAt, pathInContainer, type ContainerAt } from "../../../components/model";
import { conditionOf, violatedIf } from "../../engine/conditions";
import { judgeContainers } from "../../engine/pods";
import { undecided, type Judgement, type Parameter, type ResourceRule } from "../../engine/rule";
import { isOneOf, not } from "../../engine/truth";
import { shown } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

const ports: Parameter<number[]> = {
  description: "a list of the ports of nodes that containers may take",
  default: [],
  schema: { type: "array", items: { type: "integer", minimum: 1, maximum: 65535 } },
  accepts: (value) => Array.isArray(value) && value.every((port) => Number.isInteger(port)),
};

/**
 * POD-05: containers take no port of their node.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "Host Ports", v1.37
 */
export const hostPort: ResourceRule<{ ports: number[] }> = {
  id: "POD-05",
  title: "Containers take no port of their node",
  why: "Through a port of the node a pod is reached past network policies, and one pod alone has it on each node.",
  remediation: "Remove `hostPort`, and reach the pod through a Service.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: { ports },
  frameworks: [control("Baseline", "Host Ports")],
  fix: "removes the port of the node",
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: server }
spec:
  containers:
    - name: main
      image: registry.example/server:1.4
      ports: [{ containerPort: 8080, hostPort: 8080 }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: server }
spec:
  containers:
    - name: main
      image: registry.example/server:1.4
      ports: [{ containerPort: 8080 }]
`,
  },
  judge: ({ pods }, parameters) => judgeContainers(pods, (at) => judgeContainer(at, parameters.ports)),
};

function* judgeContainer(at: ContainerAt, allowed: number[]): Iterable<Judgement> {
  const { container } = at;
  if (isUnknown(nodeAt(container, "ports"))) yield undecided(pathInContainer(at, "ports"));
  for (const [index, port] of arrayAt(container, "ports").entries()) {
    const path = pathInContainer(at, `ports[${index}].hostPort`);
    const taken = childAt(port, "hostPort") ?? undefined;
    yield* violatedIf([conditionOf(not(isOneOf(taken, undefined, 0, ...allowed)), path)], () => ({
      path,
      observed: shown(taken),
      allowed: ["absent", "0", ...allowed].join(" or "),
      remedy: "Remove it, and reach the pod through a Service.",
      fix: [{ path, remove: true }],
    }));
  }
}
