import { describe, expect, it } from "vitest";
import { sparkPodSettings } from "../../../../policies/gpu-ml/ml/spark-pod-settings";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, object, spark, workflow } from "./objects";

const set = (...names: string[]) =>
  spark({ sparkConf: Object.fromEntries(names.map((name) => [name, "value-to-hide"])) });

const refused = (
  name: string,
  does: string,
  remedy: string,
  object = "SparkApplication ml/it",
  conf = "spec.sparkConf",
) =>
  `mandatory [ML-05] ${object}: ${conf}["${name}"] is a setting that ${does}; allowed: settings that leave the pods as ` +
  `they are. ${remedy}`;
const FIELDS = "Write it in podSecurityContext or securityContext of the driver and the executor.";

describe("ML-05 pods by Spark settings", () => {
  it.each([
    ["no settings", spark()],
    ["settings that are no map", spark({ sparkConf: null, hadoopConf: "x" })],
    ["settings of Spark itself", set("spark.sql.shuffle.partitions", "spark.executor.memory")],
    [
      "settings that are read with the pods",
      set("spark.kubernetes.driver.node.selector.pool", "spark.kubernetes.container.image"),
    ],
    [
      "claims and scratch space",
      set(
        "spark.kubernetes.executor.volumes.persistentVolumeClaim.a.mount.path",
        "spark.kubernetes.driver.volumes.emptyDir.a.mount.path",
      ),
    ],
    [
      "names that go on",
      set(
        "spark.kubernetes.namespaces",
        "spark.mastery",
        "spark.kubernetes.driver.podTemplateFiles",
        "spark.kubernetes.driver.pod.featureStepsX",
      ),
    ],
    [
      "names that begin otherwise",
      set("my.spark.kubernetes.namespace", "x.spark.master", "a.spark.kubernetes.driver.volumes.hostPath.x"),
    ],
    [
      "settings of another kind",
      object("example.com/v1", "SparkApplication", { spec: { sparkConf: { "spark.master": "x" } } }),
    ],
  ])("accepts %s", (_case, resource) => {
    expect(judged(sparkPodSettings, resource)).toEqual([]);
  });

  it.each([
    [
      "spark.kubernetes.driver.volumes.hostPath.node.mount.path",
      "mounts a folder of the node",
      "Mount a claim, or an emptyDir for scratch space.",
    ],
    [
      "spark.kubernetes.executor.volumes.hostPath.n.options.path",
      "mounts a folder of the node",
      "Mount a claim, or an emptyDir for scratch space.",
    ],
    [
      "spark.kubernetes.driver.podTemplateFile",
      "takes the pod from a file",
      "Write the pod in driver.template or executor.template.",
    ],
    [
      "spark.kubernetes.executor.podTemplateContainerName",
      "takes the pod from a file",
      "Write the pod in driver.template or executor.template.",
    ],
    [
      "spark.kubernetes.authenticate.serviceAccountName",
      "names the service account",
      "Name it in driver.serviceAccount or executor.serviceAccount.",
    ],
    [
      "spark.kubernetes.authenticate.driver.serviceAccountName",
      "names the service account",
      "Name it in driver.serviceAccount or executor.serviceAccount.",
    ],
    [
      "spark.kubernetes.authenticate.submission.oauthToken",
      "brings credentials for the API server",
      "Remove it: the driver uses the token of its service account.",
    ],
    [
      "spark.kubernetes.driver.pod.featureSteps",
      "has code of the image change the pod",
      "Write what the pod needs in driver.template or executor.template.",
    ],
    [
      "spark.kubernetes.executor.pod.excludedFeatureSteps",
      "has code of the image change the pod",
      "Write what the pod needs in driver.template or executor.template.",
    ],
    ["spark.master", "names another API server", "Remove it: the operator knows its cluster."],
    ["spark.kubernetes.driver.master", "names another API server", "Remove it: the operator knows its cluster."],
    ["spark.kubernetes.namespace", "moves the pods to a namespace", "Put the application into that namespace."],
    ["spark.kubernetes.driver.runAsUser", "changes the user or the security context of the pods", FIELDS],
    ["spark.kubernetes.runAsNonRoot", "changes the user or the security context of the pods", FIELDS],
    [
      "spark.kubernetes.executor.securityContext.privileged",
      "changes the user or the security context of the pods",
      FIELDS,
    ],
    ["spark.kubernetes.driver.podSecurityContext", "changes the user or the security context of the pods", FIELDS],
  ])("refuses %s", (name, does, remedy) => {
    expect(judged(sparkPodSettings, set(name))).toEqual([refused(name, does, remedy)]);
  });

  it.each([
    ["ScheduledSparkApplication", "spec.template"],
    ["SparkConnect", "spec"],
  ])("looks into a %s", (kind, path) => {
    const resource = spark({ sparkConf: { "spark.master": "x" } }, kind);

    expect(judged(sparkPodSettings, resource)).toEqual([
      refused(
        "spark.master",
        "names another API server",
        "Remove it: the operator knows its cluster.",
        `${kind} ml/it`,
        `${path}.sparkConf`,
      ),
    ]);
  });

  it("finds the application that a workflow or an experiment makes, and those of a list", () => {
    const { props } = spark({ sparkConf: { "spark.master": "x" } });
    const made = workflow({ templates: [{ resource: { action: "create", manifest: JSON.stringify(props) } }] });
    const experiment = object("kubeflow.org/v1beta1", "Experiment", { spec: { trialTemplate: { trialSpec: props } } });
    const list = { ...object("v1", "List", { items: [props] }), type: "kubernetes:core/v1:List" };
    const remedy = "Remove it: the operator knows its cluster.";
    const message = (object: string, path: string) =>
      refused("spark.master", "names another API server", remedy, object, `${path}spec.sparkConf`);

    expect(judged(sparkPodSettings, made)).toEqual([message("Workflow ml/it", "spec.templates[0].resource.manifest#")]);
    expect(judged(sparkPodSettings, experiment)).toEqual([
      message("Experiment ml/it", "spec.trialTemplate.trialSpec."),
    ]);
    expect(judged(sparkPodSettings, list)).toEqual([message("List ml/it", "items[0].")]);
  });

  it.each(["get", "delete"])("passes over an application that a workflow means to %s", (action) => {
    const manifest = JSON.stringify(spark({ sparkConf: { "spark.master": "x" } }).props);

    expect(judged(sparkPodSettings, workflow({ templates: [{ resource: { action, manifest } }] }))).toEqual([]);
  });

  it.each([
    [4, 1],
    [5, 0],
  ])("looks into %d objects inside each other", (depth, findings) => {
    const innermost: object = spark({ sparkConf: { "spark.master": "x" } }).props;
    const nested = Array.from({ length: depth }).reduce<object>((props) => {
      const resource = { action: "create", manifest: JSON.stringify(props) };
      return workflow({ templates: [{ resource }] }).props;
    }, innermost);

    expect(judged(sparkPodSettings, { ...workflow(), props: nested })).toHaveLength(findings);
  });

  it("leaves the settings alone that configuration names", () => {
    const parameters = { settings: ["spark.master"] };

    expect(judged(sparkPodSettings, set("spark.master"), parameters)).toEqual([]);
    expect(judged(sparkPodSettings, set("spark.kubernetes.namespace"), parameters)).toHaveLength(1);
    for (const settings of ["spark.master", ["a", 1]])
      expect(sparkPodSettings.parameters.settings.accepts(settings)).toBe(false);
  });

  it("never shows a value", () => {
    expect(judged(sparkPodSettings, set("spark.kubernetes.authenticate.oauthToken")).join()).not.toContain(
      "value-to-hide",
    );
  });

  it.each([
    ["the settings", spark({ sparkConf: UNKNOWN_STRING }), "spec.sparkConf"],
    ["the settings of Hadoop", spark({ hadoopConf: UNKNOWN_STRING }), "spec.hadoopConf"],
    ["the spec", object("sparkoperator.k8s.io/v1beta2", "SparkApplication", { spec: UNKNOWN_STRING }), "spec"],
  ])("leaves it to the update while %s are not known", (_case, resource, path) => {
    expect(judged(sparkPodSettings, resource)).toEqual([notKnown(sparkPodSettings, "SparkApplication ml/it", path)]);
  });
});
