import { textList } from "../../engine/parameters";
import { undecided, type ResourceRule } from "../../engine/rule";
import { settingsOf, sparkApplicationsOf, unknownSettingsOf } from "./spark-application";

/** Settings that change pods where no rule about pods looks, with what to write instead. */
const SMUGGLERS: [name: RegExp, does: string, remedy: string][] = [
  [
    /^spark\.kubernetes\.(driver|executor)\.volumes\.hostPath\./,
    "mounts a folder of the node",
    "Mount a claim, or an emptyDir for scratch space.",
  ],
  [
    /^spark\.kubernetes\.(driver|executor)\.podTemplate(File|ContainerName)$/,
    "takes the pod from a file",
    "Write the pod in driver.template or executor.template.",
  ],
  [
    /^spark\.kubernetes\.authenticate\.(.+\.)?serviceAccountName$/,
    "names the service account",
    "Name it in driver.serviceAccount or executor.serviceAccount.",
  ],
  [
    /^spark\.kubernetes\.authenticate\./,
    "brings credentials for the API server",
    "Remove it: the driver uses the token of its service account.",
  ],
  [
    /^spark\.kubernetes\.(driver|executor)\.pod\.(featureSteps|excludedFeatureSteps)$/,
    "has code of the image change the pod",
    "Write what the pod needs in driver.template or executor.template.",
  ],
  [/^spark\.(kubernetes\.driver\.)?master$/, "names another API server", "Remove it: the operator knows its cluster."],
  [/^spark\.kubernetes\.namespace$/, "moves the pods to a namespace", "Put the application into that namespace."],
  [
    /^spark\.kubernetes\.(.+\.)?(runAs\w*|(podS|s)ecurityContext)(\.|$)/,
    "changes the user or the security context of the pods",
    "Write it in podSecurityContext or securityContext of the driver and the executor.",
  ],
];

const settings = textList("a list of the names of settings that applications may use although they change pods");

/**
 * ML-05, pods: settings of Spark do not change pods past the fields of the application, which rules about pods read.
 * Images, cores, memory, devices and node selectors in settings are read with the pods, so these may stay.
 *
 * @see https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html "Volume Mounts", "Pod Template", "Configuration"
 */
export const sparkPodSettings: ResourceRule<{ settings: string[] }> = {
  id: "ML-05",
  title: "Spark settings give pods nothing that their fields do not show",
  why: "Spark makes its pods itself, so that a line of settings mounts the node's disk past every check of pods.",
  remediation: "Say it in the fields of the driver and the executor, where rules about pods see it.",
  url: "https://spark.apache.org/docs/latest/running-on-kubernetes.html#volume-mounts",
  severity: "high",
  level: "mandatory",
  family: "ml",
  parameters: { settings },
  examples: {
    bad: `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl, namespace: ml }
spec:
  type: Python
  sparkVersion: 4.0.1
  mainApplicationFile: local:///opt/app/etl.py
  sparkConf: { spark.kubernetes.driver.volumes.hostPath.node.mount.path: /node }
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
  sparkConf: { spark.kubernetes.driver.volumes.emptyDir.scratch.mount.path: /scratch }
  driver: { serviceAccount: spark }
  executor: { instances: 2 }
`,
  },
  *judge(subject, parameters) {
    for (const application of sparkApplicationsOf(subject)) {
      for (const path of unknownSettingsOf(application)) yield undecided(path);
      for (const { path, name } of settingsOf(application)) {
        const found = SMUGGLERS.find(([pattern]) => pattern.test(name));
        if (found === undefined || parameters.settings.includes(name)) continue;
        const [, does, remedy] = found;
        yield { path, observed: `a setting that ${does}`, allowed: "settings that leave the pods as they are", remedy };
      }
    }
  },
};
