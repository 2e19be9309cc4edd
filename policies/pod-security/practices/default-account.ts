import { isUnknown, pathInPodSet } from "../../../components/model";
import { podValue, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { allOf, isOneOf, not } from "../../engine/truth";
import { shown } from "../../engine/shown";
import { accountOf, isDefaultAccount } from "./service-account";
import { isLauncherWithAccount, kindOf, objectOf } from "./workload";

/** Kinds whose accounts are told in fields of their own, which ML-06 judges. */
const SPARK = "sparkoperator.k8s.io/";

/**
 * POD-17: pods that get a token for the Kubernetes API do not get that of the default service account.
 *
 * Templates that run nothing by themselves are left alone: what runs them says under which account.
 *
 * @see https://kubernetes.io/docs/concepts/security/service-accounts/ v1.36
 */
export const defaultAccount: ResourceRule = {
  id: "POD-17",
  title: "Pods with a token run under a service account of their own",
  why: "A right granted to the default service account is granted to every pod of the namespace that names none.",
  remediation: "Create a service account with the rights that the program needs and name it, or mount no token.",
  url: "https://kubernetes.io/docs/concepts/security/service-accounts/",
  severity: "medium",
  level: "advisory",
  family: "pod",
  parameters: {},
  frameworks: [{ name: "CIS EKS Benchmark", version: "1.8.0", reference: "4.1.5" }],
  examples: {
    bad: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: retrain, namespace: ml }
spec:
  entrypoint: main
  templates:
    - name: main
      container: { image: "registry.example/retrain:1.4" }
`,
    good: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: retrain, namespace: ml }
spec:
  entrypoint: main
  serviceAccountName: retrain
  templates:
    - name: main
      container: { image: "registry.example/retrain:1.4" }
`,
  },
  *judge(subject) {
    for (const pods of subject.pods) {
      const isTold = kindOf(objectOf(subject, pods)).startsWith(SPARK) || isLauncherWithAccount(subject, pods);
      if (!isTold && pods.count !== 0) yield* judgePods(pods);
    }
  },
};

function* judgePods(pods: PodGroup): Iterable<Judgement> {
  const { path, name } = accountOf(pods);
  const mounts = podValue(pods, "automountServiceAccountToken");
  const isShared = allOf([isDefaultAccount(name), not(isOneOf(mounts, false))]);
  if (isUnknown(isShared)) {
    yield undecided(isUnknown(name) ? path : pathInPodSet(pods, "spec.automountServiceAccountToken"));
  }
  if (isShared === true) {
    yield {
      path,
      observed: name === undefined ? "absent, which stands for the default service account" : shown(name),
      allowed: "a service account of the program's own, or none that is mounted",
      remedy: "Name an account that has the rights needed, or set automountServiceAccountToken to false.",
    };
  }
}
