import { isUnknown, stringAt, type Tree, type TreeObject } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { namesPassword, namesSecret } from "../../engine/credentials/secret-name";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { installedChartOf } from "../installed-chart";
import { fieldsIn, type FieldAt } from "../helm/values-walk";
import { isReference, secretShapeOf } from "./secret-text";

/** Fields beside which `secretKey` and its like name a key of a Secret. */
const SECRET_NAMES = ["existingSecret", "existingSecretName", "secretName", "secretRef"];

const allowed = textList('a list of the paths of values that are no secrets, such as "values.auth.token"');

/**
 * DATA-03, values: the values of a chart hold no secrets.
 *
 * A Pulumi secret among the values looks the same to a policy, and fares the same: Helm keeps all values in plain text in
 * a Secret of the release, and `helm get values` shows them. Only fields that are called after a secret are waited for
 * while they are not known.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/issues/2003 and 1353
 * @see https://helm.sh/docs/chart_best_practices/values/, Helm 3.18
 */
export const literalSecret: ResourceRule<{ allowed: string[] }> = {
  id: "DATA-03",
  title: "The values of charts hold no secrets",
  why: "Helm keeps the values beside the release and shows them to whoever may read it, and charts print them into pods.",
  remediation: "Put the secret into a Kubernetes Secret, and give the chart its name, mostly as `existingSecret`.",
  url: "https://github.com/pulumi/pulumi-kubernetes/issues/2003",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { allowed },
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  values: { rootUser: store, rootPassword: kT9-long-and-random }
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  values: { existingSecret: minio-root }
`,
  },
  *judge(subject, parameters) {
    const chart = installedChartOf(subject);
    if (chart === undefined) return;
    if (isUnknown(chart.values)) yield undecided("values");
    for (const field of fieldsIn(chart.values, "values")) {
      if (!parameters.allowed.includes(field.path)) yield* judgeField(field);
    }
  },
};

function* judgeField({ path, key, value, holder }: FieldAt): Iterable<Judgement> {
  const isSecret = holdsSecret(key, holder);
  if (isUnknown(value) && isSecret) yield undecided(path);
  const what = describe(value, isSecret, namesPassword(key));
  if (what === undefined) return;
  yield {
    path,
    observed: what,
    allowed: "the name of a Secret that holds it",
    remedy: "Put it into a Secret of its own, and name that in the values.",
  };
}

/** Whether a field is called after a secret, or is the value of an environment variable that is. */
function holdsSecret(key: string, holder: TreeObject): boolean {
  const name = stringAt(holder, "name");
  if (key === "value" && name !== undefined) return namesSecret(name);
  const isKeyName = /key$/i.test(key) && SECRET_NAMES.some((field) => Object.hasOwn(holder, field));
  return namesSecret(key) && !isKeyName;
}

/** What a value is, without a word of it. */
function describe(value: Tree, isSecret: boolean, isPassword: boolean): string | undefined {
  if (typeof value === "number" && isPassword) return "a number in plain text, under the name of a password";
  if (typeof value !== "string" || value === "") return undefined;
  const shape = secretShapeOf(value);
  if (shape !== undefined) return `${shape} in plain text`;
  return isSecret && !isReference(value) ? "plain text, under the name of a secret" : undefined;
}
