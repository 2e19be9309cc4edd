import { childAt, isUnknown, nodeAt, pathInContainer, type ContainerAt, type Tree } from "../../../components/model";
import { isWellKnown } from "../../engine/credentials/well-known";
import { containerValue, judgeContainers, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { allOf, anyOf, not, type Truth } from "../../engine/truth";
import { chartValue, chartNamed, type InstalledChart } from "../installed-chart";
import { namedValuesIn } from "./named-values";
import { isMinioServer } from "./minio";

/** Variables with a password of MinIO; the last two are its older names. */
const PASSWORDS = ["MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY"];

/** Variables that say where the password is. */
const PLACES = ["MINIO_ROOT_PASSWORD_FILE", "MINIO_SECRET_KEY_FILE", "MINIO_CONFIG_ENV_FILE"];

/** Values of MinIO's own chart, of Bitnami's and of the operator's chart `tenant` that hold a password. */
const CHART_PASSWORDS = ["rootPassword", "secretKey", "auth.rootPassword", "tenant.configSecret.secretKey"];

/** Lists in the values of MinIO's own chart whose items have a password. */
const CHART_USERS = ["users", "svcaccts"];

/** Where MinIO's own chart comes from. */
const OWN_REPOSITORY: readonly Tree[] = ["https://charts.min.io", "https://charts.min.io/"];

const CHANGE = {
  allowed: "a generated password from a Secret",
  remedy: "Generate one, keep it in a Secret, and change the password of the running server.",
};

/**
 * DATA-01, credentials: MinIO does not run with a password that everybody knows.
 *
 * A server without a password takes `minioadmin`, and MinIO's own chart makes the user `console` with all rights and the
 * password `console123` unless `users` is set. Findings never hold what they found.
 *
 * @see https://github.com/minio/minio/blob/RELEASE.2025-10-15T17-29-55Z/helm/minio/values.yaml chart 5.4.0
 * @see https://docs.min.io/community/minio-object-store/reference/minio-server/settings/root-credentials.html
 */
export const minioCredentials: ResourceRule = {
  id: "DATA-01",
  title: "MinIO has a password of its own",
  why: "Whoever reaches a MinIO with default credentials reads, changes and deletes every data set and model in it.",
  remediation: "Generate the root password, keep it in a Secret, and give the server or the chart that Secret's name.",
  url: "https://docs.min.io/community/minio-object-store/reference/minio-server/settings/root-credentials.html",
  severity: "critical",
  level: "mandatory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  values: { rootUser: minio, rootPassword: minio123, users: [] }
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  values: { existingSecret: minio-root, users: [] }
`,
  },
  *judge(subject) {
    const chart = chartNamed(subject, "minio", "tenant");
    if (chart !== undefined) yield* isUnknown(chart.name) ? [undecided("chart")] : judgeChart(chart);
    if (subject.is("minio.min.io/Tenant")) yield* judgeVariables(nodeAt(subject.tree, "spec.env"), "spec.env");
    yield* judgeContainers(subject.pods, judgeContainer);
  },
};

function* judgeChart(chart: InstalledChart): Iterable<Judgement> {
  for (const place of CHART_PASSWORDS) yield* judgePassword(`values.${place}`, chartValue(chart, place, undefined));
  for (const list of CHART_USERS) {
    const users = chartValue(chart, list, undefined);
    if (isUnknown(users)) yield undecided(`values.${list}`);
    for (const [index, user] of Array.isArray(users) ? users.entries() : []) {
      yield* judgePassword(`values.${list}[${index}].secretKey`, childAt(user, "secretKey"));
    }
  }
  if (OWN_REPOSITORY.includes(chart.repository) && chartValue(chart, "users", null) === null) {
    yield {
      path: "values.users",
      observed: "absent, which means one user with all rights and a well-known password",
      allowed: "a list of users of your own, or an empty one",
      remedy: "Set it to [], or list users whose passwords are in Secrets.",
    };
  }
}

function* judgePassword(path: string, password: Tree): Iterable<Judgement> {
  if (isUnknown(password)) yield undecided(path);
  if (isWellKnown(password)) yield { path, observed: "a password that is well known", ...CHANGE };
}

function* judgeVariables(env: Tree, path: string): Iterable<Judgement> {
  for (const { name, value, entry, ...at } of namedValuesIn(env, path)) {
    if (!PASSWORDS.includes(name)) continue;
    yield* judgePassword(at.path, value);
    const source = childAt(entry, "valueFrom") ?? undefined;
    if ((value ?? "") !== "" || source !== undefined) continue;
    yield { path: at.path, observed: "empty, which means the well-known password", ...CHANGE };
  }
}

function* judgeContainer(at: ContainerAt, pods: PodGroup): Iterable<Judgement> {
  const path = pathInContainer(at, "env");
  yield* judgeVariables(childAt(at.container, "env"), path);
  const isBare = allOf([isMinioServer(at), not(hasPassword(at, pods))]);
  if (isUnknown(isBare)) yield undecided(path);
  if (isBare === true) {
    yield { path, observed: "without MINIO_ROOT_PASSWORD, which means the well-known password", ...CHANGE };
  }
}

function hasPassword(at: ContainerAt, pods: PodGroup): Truth {
  const env = containerValue(pods, at, "env");
  const sources = containerValue(pods, at, "envFrom");
  const names = namedValuesIn(env, "").map(({ name }) => name);
  const entries: Tree[] = Array.isArray(env) ? env : [env];
  return anyOf([
    names.some((name) => PASSWORDS.includes(name) || PLACES.includes(name)),
    ...entries.map((entry) => childAt(entry, "name")).filter(isUnknown),
    isUnknown(sources) ? sources : Array.isArray(sources) && sources.length > 0,
  ]);
}
