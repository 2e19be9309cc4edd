import { isUnknown, type Tree } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { credentialIn, isCredentialName, isLiteral, shapeIn } from "../../engine/credentials/credential";
import { credentialInArgument, credentialInText } from "../../engine/credentials/credential-text";
import { unknownContainersOf } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { credentialPlaces, type CredentialPlace } from "./credential-places";

/**
 * POD-18: no credential is written out in what anybody who may read workloads can read: variables, arguments and scripts
 * of containers, ConfigMaps, settings of Spark, parameters of workflows, values of Helm charts.
 *
 * Names such as `DB_PASSWORD` and shapes such as that of a token of GitHub tell a credential; no message quotes any part
 * of it. Policies see secrets of Pulumi in plain text, so a secret given as a value of a chart is found too: Helm keeps
 * values readable, and most charts take the name of a Secret instead.
 *
 * A value that is not known yet is waited for where its name is that of a credential. Under another name it is judged
 * in the update alone, as else every object with an output of another resource would be waited for.
 *
 * @see https://kubernetes.io/docs/concepts/security/secrets-good-practices/ v1.36
 * @see https://spark.apache.org/docs/latest/running-on-kubernetes.html#secret-management 4.0
 */
export const literalCredential: ResourceRule<{ names: string[] }> = {
  id: "POD-18",
  title: "No credentials are written out in workloads, configuration and chart values",
  why: "What stands in a workload is readable for everybody who may list workloads, and stays in state and backups.",
  remediation:
    "Move the credential into a Secret, refer to that by name, and change the credential, which was readable.",
  url: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
  severity: "critical",
  level: "mandatory",
  family: "pod",
  parameters: {
    names: textList("a list of the names of variables, keys and settings that hold no credential", []),
  },
  frameworks: [{ name: "Kubescape", reference: "C-0012" }],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: features, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/features:1.4
      env: [{ name: DB_PASSWORD, value: correct-horse-battery-staple }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: features, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/features:1.4
      env:
        - name: DB_PASSWORD
          valueFrom: { secretKeyRef: { name: features, key: password } }
        - name: DB_PASSWORD_FILE
          value: /secrets/features/password
`,
  },
  *judge(subject, { names }) {
    for (const place of credentialPlaces(subject)) {
      if (!names.some((name) => name === place.name)) yield* judgePlace(place);
    }
    for (const pods of subject.pods) {
      for (const path of unknownContainersOf(pods)) yield undecided(path);
    }
  },
};

function* judgePlace(place: CredentialPlace): Iterable<Judgement> {
  const { path, value, name } = place;
  const found = isText(value) ? credentialAt(place, String(value)) : undefined;
  if (found !== undefined) {
    yield {
      path,
      observed: `${found}, written out`,
      allowed: "a reference to a Secret",
      remedy: "Move it into a Secret and refer to that; then change it, as it could be read here.",
    };
  } else if (isUnknown(value) ? mayHold(place) : isUnknown(name) && isText(value) && isLiteral(String(value))) {
    yield undecided(path);
  }
}

function credentialAt({ name, form, before }: CredentialPlace, text: string): string | undefined {
  if (form === "argument") return credentialInArgument(text, typeof before === "string" ? before : undefined);
  const named = typeof name === "string" ? credentialIn(name, text) : shapeIn(text);
  return named ?? (form === "text" ? credentialInText(text) : undefined);
}

/** Whether what is not known yet stands where credentials do, or may be a whole list or map of what does. */
function mayHold({ name, form, before }: CredentialPlace): boolean {
  if (form === "argument") return typeof before === "string" && isCredentialName(before);
  return typeof name !== "string" || isCredentialName(name);
}

function isText(value: Tree): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
