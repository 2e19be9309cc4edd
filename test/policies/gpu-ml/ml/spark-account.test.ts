import { describe, expect, it } from "vitest";
import { sparkAccount } from "../../../../policies/gpu-ml/ml/spark-account";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, spark } from "./objects";

const SETTING = "spark.kubernetes.authenticate.driver.serviceAccountName";
const inTemplate = (serviceAccountName: unknown) => ({ template: { spec: { serviceAccountName } } });

const refused = (path: string, observed: string, title = "SparkApplication ml/it") =>
  `advisory [ML-06] ${title}: ${path} is ${observed}; allowed: a service account made for Spark drivers. ` +
  "Name an account that may make pods, services and ConfigMaps in the namespace, and no more.";

describe("ML-06 service accounts of Spark drivers", () => {
  it.each([
    ["an account", spark()],
    ["an account in the template", spark({ driver: inTemplate("spark") })],
    ["an account in the settings", spark({ driver: {}, sparkConf: { [SETTING]: "spark" } })],
    ["an account of a server", spark({ server: inTemplate("spark") }, "SparkConnect")],
  ])("accepts %s", (_case, resource) => {
    expect(judged(sparkAccount, resource)).toEqual([]);
  });

  it.each([
    ["none", spark({ driver: {} }), "absent"],
    ["an empty one", spark({ driver: { serviceAccount: "" } }), "absent"],
    ["no driver", spark({ driver: undefined }), "absent"],
    ["the default one", spark({ driver: { serviceAccount: "default" } }), '"default"'],
    ["the default one in the template", spark({ driver: inTemplate("default") }), '"default"'],
  ])("refuses %s", (_case, resource, observed) => {
    expect(judged(sparkAccount, resource)).toEqual([refused("spec.driver.serviceAccount", observed)]);
  });

  it("refuses the default account of other kinds", () => {
    expect(judged(sparkAccount, spark({ driver: {} }, "ScheduledSparkApplication"))).toEqual([
      refused("spec.template.driver.serviceAccount", "absent", "ScheduledSparkApplication ml/it"),
    ]);
    expect(judged(sparkAccount, spark({ server: { serviceAccount: "spark" } }, "SparkConnect"))).toEqual([
      refused("spec.server.template.spec.serviceAccountName", "absent", "SparkConnect ml/it"),
    ]);
  });

  it.each([
    ["the driver", { driver: UNKNOWN_STRING }, "spec.driver"],
    ["its account", { driver: { serviceAccount: UNKNOWN_STRING } }, "spec.driver.serviceAccount"],
    ["its template", { driver: { template: UNKNOWN_STRING } }, "spec.driver.serviceAccount"],
    ["the settings", { driver: {}, sparkConf: UNKNOWN_STRING }, "spec.driver.serviceAccount"],
  ])("leaves it to the update while %s is not known", (_case, spec, path) => {
    expect(judged(sparkAccount, spark(spec))).toEqual([notKnown(sparkAccount, "SparkApplication ml/it", path)]);
  });
});
