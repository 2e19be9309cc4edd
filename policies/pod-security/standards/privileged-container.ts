import { childAt, isUnknown, pathInContainer, type ContainerAt } from "../../../components/model";
import { judgeContainers } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { EFA_DEVICE_PLUGIN, imagesParameter, runsImage } from "./images";
import { control, STANDARDS_URL } from "./standards";

/**
 * POD-01: containers do not run privileged, but for images that are known to need it.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "Privileged Containers", v1.37
 */
export const privilegedContainer: ResourceRule<{ images: string[] }> = {
  id: "POD-01",
  title: "Containers are not privileged",
  why: "A privileged container can read and change everything on its node, the pods of other teams included.",
  remediation: "Remove `privileged: true`, and add the single capabilities that the program needs.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "critical",
  level: "mandatory",
  family: "pod",
  parameters: { images: imagesParameter("run privileged", [EFA_DEVICE_PLUGIN]) },
  frameworks: [control("Baseline", "Privileged Containers")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: debugger }
spec:
  containers:
    - name: main
      image: registry.example/tools:1.4
      securityContext: { privileged: true }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: debugger }
spec:
  containers:
    - name: main
      image: registry.example/tools:1.4
      securityContext: { privileged: false }
`,
  },
  judge: ({ pods }, parameters) => judgeContainers(pods, (at) => judgeContainer(at, parameters.images)),
};

function* judgeContainer(at: ContainerAt, images: string[]): Iterable<Judgement> {
  const { container } = at;
  const path = pathInContainer(at, "securityContext.privileged");
  const privileged = childAt(childAt(container, "securityContext"), "privileged");
  if (isUnknown(privileged)) yield undecided(path);
  if (privileged === true && !runsImage(container, images)) {
    yield {
      path,
      observed: "true",
      allowed: "false or absent",
      remedy: "Remove it, and add the single capabilities that the program needs.",
    };
  }
}
