import { isUnknown } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { undecided, type ResourceRule } from "../../engine/rule";
import { modelSourcesOf, schemeOf } from "./model-sources";

const schemes = textList(
  "a list of the schemes, in small letters, of addresses that models and data sets may come from",
  ["s3", "gs", "hf", "oci", "pvc", "https", "hdfs", "cache", "file"],
);

/**
 * ML-07, scheme: models and data sets come from places that are trusted, over connections that nobody can change.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/overview v0.20
 */
export const modelScheme: ResourceRule<{ schemes: string[] }> = {
  id: "ML-07",
  title: "Models come from places that are trusted",
  why: "Who can change a model on its way, as anyone between can over plain HTTP, runs what they like on the GPUs.",
  remediation: "Copy the model to a bucket or registry of your own, and name it by a scheme that is allowed.",
  url: "https://kserve.github.io/website/docs/model-serving/storage/overview",
  severity: "high",
  level: "advisory",
  family: "ml",
  parameters: { schemes },
  examples: {
    bad: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn, namespace: ml }
spec:
  predictor:
    containers: [{ name: kserve-container, image: "registry.example/server:1.4" }]
    storageUris: [{ uri: "http://models.example/churn/7" }]
`,
    good: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn, namespace: ml }
spec:
  predictor:
    containers: [{ name: kserve-container, image: "registry.example/server:1.4" }]
    storageUris: [{ uri: "s3://models/churn/7" }]
`,
  },
  *judge(subject, parameters) {
    for (const { path, value } of modelSourcesOf(subject)) {
      if (isUnknown(value)) yield undecided(path);
      const scheme = typeof value === "string" ? schemeOf(value) : undefined;
      if (scheme === undefined || parameters.schemes.includes(scheme)) continue;
      yield {
        path,
        observed: `an address of scheme ${scheme}`,
        allowed: `addresses of the schemes ${parameters.schemes.join(", ")}`,
        remedy: "Copy it to a place of your own, and name that.",
      };
    }
  },
};
