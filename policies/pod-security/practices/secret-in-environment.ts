import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  pathInContainer,
  UNKNOWN,
  type Tree,
} from "../../../components/model";
import { textList } from "../../engine/parameters";
import { judgeContainers } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { allOf, isOneOf, not } from "../../engine/truth";

/**
 * POD-19: secrets reach containers as files rather than as environment variables.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/ "Using Secrets as files from a Pod", v1.36
 */
export const secretInEnvironment: ResourceRule<{ variables: string[] }> = {
  id: "POD-19",
  title: "Secrets are mounted as files, not put into the environment",
  why: "Environment variables are passed on to every child process, land in crash reports, and never see a new value.",
  remediation:
    "Mount the secret as a volume and let the program read the file, as `HF_TOKEN_PATH` lets it for a token.",
  url: "https://kubernetes.io/docs/concepts/configuration/secret/",
  severity: "low",
  level: "advisory",
  family: "pod",
  parameters: {
    variables: textList("a list of the variables whose programs can read a secret from nowhere else", []),
  },
  frameworks: [{ name: "CIS EKS Benchmark", version: "1.8.0", reference: "4.4.1" }],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: fetch, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/fetch:1.4
      env: [{ name: HF_TOKEN, valueFrom: { secretKeyRef: { name: hub, key: token } } }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: fetch, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/fetch:1.4
      env: [{ name: HF_TOKEN_PATH, value: /secrets/hub/token }]
      volumeMounts: [{ name: hub, mountPath: /secrets/hub, readOnly: true }]
  volumes: [{ name: hub, secret: { secretName: hub } }]
`,
  },
  judge: ({ pods }, { variables }) =>
    judgeContainers(pods, function* (at) {
      for (const list of ["env", "envFrom"] as const) {
        if (isUnknown(childAt(at.container, list))) yield undecided(pathInContainer(at, list));
        for (const [index, item] of arrayAt(at.container, list).entries()) {
          yield* judgeEntry(pathInContainer(at, `${list}[${index}]`), item, list, variables);
        }
      }
    }),
};

function* judgeEntry(at: string, entry: Tree, list: "env" | "envFrom", variables: string[]): Iterable<Judgement> {
  const field = list === "env" ? "valueFrom.secretKeyRef" : "secretRef";
  const path = `${at}.${field}`;
  const reference = nodeAt(entry, field);
  const isNeedless = allOf([
    isUnknown(reference) ? UNKNOWN : isTreeObject(reference),
    list === "envFrom" || not(isOneOf(childAt(entry, "name"), ...variables)),
  ]);
  if (isUnknown(isNeedless)) yield undecided(path);
  if (isNeedless === true) {
    yield {
      path,
      observed: list === "env" ? "set" : "set, so that every key of the secret becomes a variable",
      allowed: "a volume of the secret, mounted as files",
      remedy: "Mount the secret, and tell the program where the file is.",
    };
  }
}
