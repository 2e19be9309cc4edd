import { isUnknown, pathInPodSet } from "../../../components/model";
import { podValue, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { allOf, isOneOf, not } from "../../engine/truth";
import { accountOf, isDefaultAccount } from "./service-account";
import { isBatch, isLauncherWithAccount } from "./workload";

/**
 * POD-16: batch and training pods that name no service account get no token for the Kubernetes API.
 *
 * An account of its own is taken for a sign that the program calls the API. Pods of Argo and Spark are left alone: those
 * report and create pods with their token.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/ "Opt out of API credential
 * automounting", v1.36
 */
export const batchToken: ResourceRule = {
  id: "POD-16",
  title: "Batch and training pods without a service account of their own mount no token",
  why: "Training code and its many dependencies need no Kubernetes API, and whoever gets into them finds its token.",
  remediation: "Set `automountServiceAccountToken: false`, or name a service account that has the rights needed.",
  url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
  severity: "medium",
  level: "advisory",
  family: "pod",
  parameters: {},
  frameworks: [{ name: "CIS EKS Benchmark", version: "1.8.0", reference: "4.1.6" }],
  fix: "sets automountServiceAccountToken to false",
  examples: {
    bad: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  template:
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  *judge(subject) {
    for (const pods of subject.pods) {
      if (isBatch(subject, pods) && !isLauncherWithAccount(subject, pods)) yield* judgePods(pods);
    }
  },
};

function* judgePods(pods: PodGroup): Iterable<Judgement> {
  const path = pathInPodSet(pods, "spec.automountServiceAccountToken");
  const mounts = podValue(pods, "automountServiceAccountToken");
  const account = accountOf(pods);
  const isNeedless = allOf([not(isOneOf(mounts, false)), isDefaultAccount(account.name)]);
  if (isUnknown(isNeedless)) yield undecided(isUnknown(mounts) ? path : account.path);
  if (isNeedless === true) {
    yield {
      path,
      observed: mounts === undefined ? "absent, which mounts the token of the default service account" : "not false",
      allowed: "false for pods that name no service account of their own",
      remedy: "Set it to false; where the program calls the Kubernetes API, name a service account for it.",
      fix: [{ path, value: false }],
    };
  }
}
