import { childAt, isUnknown, type ContainerAt } from "../../components/model";
import { judgeContainers } from "../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../engine/rule";

/**
 * POD-01: containers do not run privileged.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "Privileged Containers", v1.37
 */
export const privilegedContainer: ResourceRule = {
  id: "POD-01",
  title: "Containers are not privileged",
  why: "A privileged container can read and change everything on its node, the pods of other teams included.",
  url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  severity: "critical",
  level: "mandatory",
  family: "pod",
  parameters: {},
  judge: ({ pods }) => judgeContainers(pods, judgeContainer),
};

function* judgeContainer({ path: container, container: fields }: ContainerAt): Iterable<Judgement> {
  const path = `${container}.securityContext.privileged`;
  const privileged = childAt(childAt(fields, "securityContext"), "privileged");
  if (isUnknown(privileged)) yield undecided(path);
  if (privileged === true) {
    yield {
      path,
      observed: "true",
      allowed: "false or absent",
      remedy: "Remove it, and add the single capabilities that the program needs.",
    };
  }
}
