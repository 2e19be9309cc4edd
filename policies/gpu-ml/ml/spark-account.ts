import { childAt, isUnknown, nodeAt } from "../../../components/model";
import { undecided, type ResourceRule } from "../../engine/rule";
import { settingAt, sparkApplicationsOf } from "./spark-application";

const SETTING = "spark.kubernetes.authenticate.driver.serviceAccountName";

/**
 * ML-06, account: the driver names the service account with which it makes its executors.
 *
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/docs/api-docs.md "DriverSpec"
 */
export const sparkAccount: ResourceRule = {
  id: "ML-06",
  title: "Spark drivers run as a service account of their own",
  why: "A driver makes and deletes pods: as the default account it fails, or every pod there has those rights.",
  remediation: "Name the service account that the Spark operator's chart makes, or one of your own, in the driver.",
  url: "https://www.kubeflow.org/docs/components/spark-operator/user-guide/writing-sparkapplication/",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl, namespace: ml }
spec:
  type: Python
  sparkVersion: 4.0.1
  mainApplicationFile: local:///opt/app/etl.py
  driver: { serviceAccount: default }
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
  driver: { serviceAccount: spark }
  executor: { instances: 2 }
`,
  },
  *judge(subject) {
    for (const application of sparkApplicationsOf(subject)) {
      const role = application.isConnect ? "server" : "driver";
      const driver = childAt(application.tree, role);
      const path = `${application.path}.${role}`;
      // A Spark Connect server is all template.
      const field = application.isConnect ? "template.spec.serviceAccountName" : "serviceAccount";
      const accounts = [
        nodeAt(driver, field),
        nodeAt(driver, "template.spec.serviceAccountName"),
        settingAt(application, SETTING),
      ];
      const account = accounts.find((value) => (value ?? "") !== "");
      if (isUnknown(account)) yield undecided(isUnknown(driver) ? path : `${path}.${field}`);
      if (account !== undefined && account !== "default") continue;
      yield {
        path: `${path}.${field}`,
        observed: account === undefined ? "absent" : '"default"',
        allowed: "a service account made for Spark drivers",
        remedy: "Name an account that may make pods, services and ConfigMaps in the namespace, and no more.",
      };
    }
  },
};
