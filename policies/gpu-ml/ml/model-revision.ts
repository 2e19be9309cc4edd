import { isUnknown, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { flagOf, modelSourcesOf, schemeOf, type ModelSource } from "./model-sources";

/** Names of versions that move. */
const MOVING = ["latest", "current", "main", "master", "head"];

/** Arguments that pin what another one names. */
const REVISION_FLAGS = ["revision", "model-revision"];

/** A repository of Hugging Face by its owner and name. */
const REPOSITORY = /^[a-z0-9][\w.-]*\/[\w.-]+$/i;

/**
 * ML-07, revision: models and data sets are named by a version that stays the same.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/providers/hf v0.20, `hf://owner/model:revision`
 * @see https://github.com/kubeflow/trainer/blob/v2.3.0/pkg/initializers/model/huggingface.py reads no revision
 */
export const modelRevision: ResourceRule = {
  id: "ML-07",
  title: "Models are pinned to a version",
  why: "What a moving name stands for changes between two pods of one service, and with it what runs on the GPUs.",
  remediation: "Name a revision, tag, digest or numbered folder, or copy the model to a bucket under one.",
  url: "https://kserve.github.io/website/docs/model-serving/storage/overview",
  severity: "high",
  level: "advisory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: chat, namespace: ml }
spec:
  predictor:
    containers: [{ name: kserve-container, image: "registry.example/server:1.4" }]
    storageUris: [{ uri: "hf://acme/chat" }]
`,
    good: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: chat, namespace: ml }
spec:
  predictor:
    containers: [{ name: kserve-container, image: "registry.example/server:1.4" }]
    storageUris: [{ uri: "hf://acme/chat:0123abc" }]
`,
  },
  *judge(subject) {
    for (const source of modelSourcesOf(subject)) yield* judgeSource(source);
  },
};

function* judgeSource({ path, value, carriesRevision, arguments: all }: ModelSource): Iterable<Judgement> {
  if (isUnknown(value)) yield undecided(path);
  if (typeof value !== "string") return;
  const isArgument = all !== undefined;
  const scheme = schemeOf(value);
  if (scheme === undefined && isArgument && REPOSITORY.test(value)) {
    yield* judgeRepository(path, all);
    return;
  }
  const observed =
    scheme === undefined ? undefined : movement(scheme, value.slice(value.indexOf("://") + "://".length));
  if (observed === undefined || (isArgument && scheme === "hf")) return;
  yield {
    path,
    observed,
    allowed: "a model with a version that stays",
    remedy:
      scheme === "hf" && carriesRevision
        ? "Add the commit after a colon, as in hf://owner/model:0123abc."
        : "Name a version, or copy the model to a bucket under one.",
  };
}

function* judgeRepository(path: string, all: Tree[]): Iterable<Judgement> {
  const [revision] = all.flatMap((argument, index): Tree[] => {
    const flag = flagOf(argument);
    if (flag === undefined || !REVISION_FLAGS.includes(flag.name)) return [];
    return [flag.value ?? all[index + 1]];
  });
  if (isUnknown(revision) || (revision === undefined && all.some(isUnknown))) {
    yield undecided(path);
  } else if (revision === undefined || (typeof revision === "string" && isMoving(revision))) {
    yield {
      path,
      observed: revision === undefined ? "a repository without a revision" : "a repository at a branch",
      allowed: "a repository beside the argument for its revision",
      remedy: "Add --revision with the commit that was tested.",
    };
  }
}

/** What is wrong with an address, of which the part behind the scheme is given; undefined where nothing is. */
function movement(scheme: string, rest: string): string | undefined {
  const last = rest.slice(rest.lastIndexOf("/") + 1);
  if (scheme === "hf") {
    const [, revision = ""] = last.split(":");
    if (revision === "") return "a repository without a revision";
    return isMoving(revision) ? "a repository at a branch" : undefined;
  }
  if (scheme === "oci") {
    if (last.includes("@")) return undefined;
    const [, tag = ""] = last.split(":");
    return tag === "" || isMoving(tag) ? "an image without a version" : undefined;
  }
  return rest.split("/").some(isMoving) ? "an address whose content moves with every release" : undefined;
}

function isMoving(name: string): boolean {
  return MOVING.includes(name.toLowerCase());
}
