import { type InputProblem, inputProblem, isPlain, problemAt } from "../../internal";
import { usesSecondSdk } from "./spark-conf";
import type { SparkApplicationArgs } from "./spark-args";
import { SparkS3Credentials } from "./spark-option-args";

/** Properties that are not for the author, and what he does instead. */
interface RefusedKeys {
  keys: RegExp;
  remedy: string;
}

const MANAGED = "The operator sets it; remove it.";

/**
 * Properties of Spark that the operator refuses, that contradict arguments, or that reach what pods must not reach.
 *
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/internal/webhook/sparkconf_validator.go
 * @see https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html#configuration
 */
const REFUSED_SPARK_KEYS: RefusedKeys[] = [
  { keys: /^spark\.(master|app\.name|submit\.deployMode|kubernetes\.(driver\.master|namespace))$/, remedy: MANAGED },
  { keys: /^spark\.kubernetes\.authenticate\..*serviceAccountName$/, remedy: "Use serviceAccountName." },
  { keys: /^spark\.kubernetes\.authenticate\./, remedy: MANAGED },
  { keys: /^spark\.kubernetes\.((driver|executor)\.)?container\.image$/, remedy: "Use image." },
  { keys: /^spark\.kubernetes\.(driver|executor)\.podTemplate/, remedy: MANAGED },
  { keys: /^spark\.kubernetes\.(driver\.pod\.name|executor\.podNamePrefix)$/, remedy: "Names follow from objectName." },
  { keys: /^spark\.kubernetes\.(driver|executor)\.volumes\./, remedy: "Use volumes, of which none is of the node." },
  { keys: /^spark\.kubernetes\.(driver|executor)\.secret(s|KeyRef)\./, remedy: "Use secretEnv, or volumes." },
  { keys: /^spark\.kubernetes\.((driver|executor)\.)?node\.selector\./, remedy: "Use pool of driver and executor." },
  { keys: /^spark\.kubernetes\.((driver|executor)\.)?(label|annotation)\./, remedy: "Use labels or annotations." },
  { keys: /^spark\.kubernetes\.((driver|executor)\.)?scheduler\.?[nN]ame$/, remedy: "Use batchScheduler." },
  { keys: /^spark\.(kubernetes\.driverEnv|executorEnv)\./, remedy: "Use env." },
  { keys: /^spark\.(driver|executor)\.cores$/, remedy: "Use cores of driver or executor." },
  { keys: /^spark\.kubernetes\.(driver|executor)\.(request|limit)\.cores$/, remedy: "Use cpu of driver or executor." },
  { keys: /^spark\.(driver|executor)\.memory$/, remedy: "Use memory of driver or executor." },
  { keys: /^spark\.((kubernetes|driver|executor)\.)?(m|minM)emoryOverhead(Factor)?$/, remedy: "Use memoryOverhead." },
  { keys: /^spark\.executor\.instances$/, remedy: "Use executor.replicas." },
  {
    keys: /^spark\.dynamicAllocation\.(enabled|(min|max|initial)Executors|shuffleTracking\.enabled)$/,
    remedy: "Use dynamicAllocation.",
  },
  { keys: /^spark\.driver\.resource\./, remedy: "Drivers get no GPU; use executor.gpus." },
  { keys: /^spark\.(executor|task)\.resource\.gpu\./, remedy: "Use gpus and gpusPerTask of executor." },
  { keys: /^spark\.eventLog\.(enabled|dir|rolling\.enabled)$/, remedy: "Use eventLog." },
  { keys: /^spark\.ui\.port$/, remedy: "Remove it: every driver has an address of its own." },
  { keys: /^spark\.(jars|files|archives|submit\.pyFiles)(\..*)?$/, remedy: "Use dependencies." },
  { keys: /^spark\.hadoop\./, remedy: "Use hadoopConf." },
];

/** Properties that the operator sets with metrics. */
const REFUSED_WITH_METRICS: RefusedKeys[] = [
  { keys: /^spark\.metrics\.(conf|namespace)$/, remedy: "The operator sets it with metrics; remove one of the two." },
];

/** Properties of Hadoop that hold secrets, which everybody who may read the application would read. */
const SECRET_HADOOP_KEYS = /^fs\.s3a\.(bucket\..*\.)?(access\.key|secret\.key|session\.token)$/;

/** Checks properties by their names; values may be unknown, and secret. */
export function checkSparkConf(args: SparkApplicationArgs): InputProblem[] {
  const { sparkConf = {}, hadoopConf = {}, metrics } = args;
  const refused = [...REFUSED_SPARK_KEYS, ...(metrics === undefined ? [] : REFUSED_WITH_METRICS)];
  return [
    ...Object.keys(sparkConf).flatMap((key) => checkSparkKey(key, refused)),
    ...Object.keys(hadoopConf).flatMap((key) => checkHadoopKey(key, args)),
  ];
}

function checkSparkKey(key: string, refused: RefusedKeys[]): InputProblem[] {
  const path = `sparkConf["${key}"]`;
  if (!/^spark\.\S+$/.test(key) || key.includes("=")) {
    return [
      problemAt(path, "no property of Spark", "names that begin with spark.", "Spell it as Spark's manual does."),
    ];
  }
  return refused
    .filter(({ keys }) => keys.test(key))
    .slice(0, 1)
    .map(({ remedy }) => problemAt(path, "set by other means", "properties that nothing else sets", remedy));
}

function checkHadoopKey(key: string, { s3 }: SparkApplicationArgs): InputProblem[] {
  const path = `hadoopConf["${key}"]`;
  if (key === "" || /[\s=]/.test(key) || key.startsWith("spark.")) {
    const allowed = "names of Hadoop, without the prefix spark.hadoop.";
    return [problemAt(path, "no property of Hadoop", allowed, "Spell it like fs.s3a.connection.maximum.")];
  }
  if (SECRET_HADOOP_KEYS.test(key)) {
    const remedy = 'Use s3 with the credentials "environment", and secretEnv.';
    return [problemAt(path, "a credential that whoever reads the application reads", "no credentials", remedy)];
  }
  const ofS3 = /^fs\.s3a\.(aws\.credentials\.provider|endpoint(\.region)?|path\.style\.access)$/.test(key);
  if (s3 === undefined || !ofS3) return [];
  return [problemAt(path, "set by other means", "properties that s3 does not set", "Use s3, or leave s3 out.")];
}

/** Checks access to S3. */
export function checkS3({ s3, sparkVersion, secretEnv = {} }: SparkApplicationArgs): InputProblem[] {
  if (s3 === undefined) return [];
  const { credentials = SparkS3Credentials.podIdentity, endpoint } = s3;
  if (credentials === SparkS3Credentials.podIdentity && !usesSecondSdk(sparkVersion)) {
    const allowed = `web-identity or environment with Spark ${sparkVersion}, whose SDK of AWS knows no Pod Identity`;
    return [inputProblem("s3.credentials", credentials, allowed, "Set it to one of these, or use Spark 4.")];
  }
  const missing = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].filter((key) => !(key in secretEnv));
  return [
    ...(credentials === SparkS3Credentials.environment && missing.length > 0
      ? [
          problemAt(
            "s3.credentials",
            `environment without ${missing.join(" and ")}`,
            "with both in secretEnv",
            "Add them.",
          ),
        ]
      : []),
    ...(isPlain(endpoint) && !/^https?:\/\/[^/\s]+\/?$/.test(endpoint)
      ? [inputProblem("s3.endpoint", endpoint, "an address such as http://store.storage.svc:8333", "Write it so.")]
      : []),
  ];
}
