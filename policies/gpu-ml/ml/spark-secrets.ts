import { isUnknown, type Tree } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { undecided, type ResourceRule } from "../../engine/rule";
import { settingsOf, sparkApplicationsOf, unknownSettingsOf } from "./spark-application";

/** Names of secrets, as settings and environment variables end with them. */
const NAMES = [
  "(access|account|secret|private|api)[._-]?key",
  "secret",
  "\\w*(password|passwd)",
  "(session|access|auth|oauth|api)?[._-]?token",
].join("|");

/** Settings of Azure name the account behind the secret. */
const SECRET = new RegExp(`(^|[._-])(${NAMES})(\\.[^.]+\\.(dfs|blob)\\.core\\.windows\\.net)?$`, "i");

/** Settings that name secrets of Kubernetes rather than holding them: their keys end in any name. */
const REFERENCES = /^spark\.kubernetes\.(driver|executor)\.(secretKeyRef|secrets)\./;

const settings = textList("a list of the names of settings that are no secrets although they are called like one");

/**
 * ML-05, secrets: settings of Spark and Hadoop hold no credentials.
 *
 * @see https://hadoop.apache.org/docs/r3.4.1/hadoop-aws/tools/hadoop-aws/index.html "Authenticating with S3"
 * @see https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html "Secret Management"
 */
export const sparkSecrets: ResourceRule<{ secretlessSettings: string[] }> = {
  id: "ML-05",
  title: "Spark settings hold no credentials",
  why: "Settings are plain text in the object, in a ConfigMap and in Spark's UI, for everyone who can read those.",
  remediation: "Give the pods an identity of the cloud, or take the value from a Secret by an environment variable.",
  url: "https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/index.html#Authenticating_with_S3",
  severity: "high",
  level: "mandatory",
  family: "ml",
  parameters: { secretlessSettings: settings },
  examples: {
    bad: `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl, namespace: ml }
spec:
  type: Python
  sparkVersion: 4.0.1
  mainApplicationFile: local:///opt/app/etl.py
  hadoopConf: { fs.s3a.secret.key: example-only }
  driver: { serviceAccount: spark }
  executor: { instances: 2 }
`,
    good: `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl, namespace: ml }
spec:
  type: Python
  sparkVersion: 4.0.1
  mainApplicationFile: local:///opt/app/etl.py
  hadoopConf: { fs.s3a.secret.key: "\${env.AWS_SECRET_ACCESS_KEY}" }
  driver: { serviceAccount: spark }
  executor: { instances: 2 }
`,
  },
  *judge(subject, { secretlessSettings }) {
    for (const application of sparkApplicationsOf(subject)) {
      for (const path of unknownSettingsOf(application)) yield undecided(path);
      for (const { path, name, value } of settingsOf(application)) {
        if (!SECRET.test(name) || REFERENCES.test(name) || secretlessSettings.includes(name)) continue;
        if (isUnknown(value)) yield undecided(path);
        if (!isLiteral(value)) continue;
        yield {
          path,
          observed: "a credential in plain text",
          allowed: "absent, or a reference to an environment variable",
          remedy: "Take it from a Secret by secretKeyRef, or give the service account an identity of the cloud.",
        };
      }
    }
  },
};

/** Text other than a reference, which Hadoop and Spark resolve when they read the setting. */
function isLiteral(value: Tree): boolean {
  return (typeof value === "string" && value !== "" && !/^\$\{.+\}$/.test(value)) || typeof value === "number";
}
