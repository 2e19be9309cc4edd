import {
  arrayAt,
  childAt,
  containersOf,
  isUnknown,
  joinPaths,
  nodeAt,
  pathInContainer,
  type Tree,
} from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { objectsOf } from "./nested-objects";

/** Where a workload takes a model or a data set from. */
export interface ModelSource {
  path: string;
  /** An address with a scheme, or the name of a repository of Hugging Face; unknown where it is not known yet. */
  value: Tree;
  /** Whether the address can carry a revision, as that of KServe can and that of Trainer cannot. */
  carriesRevision: boolean;
  /** What else may hold the revision: the other arguments of the container. */
  arguments?: Tree[];
}

/** Fields of a predictor that say which server loads the model, and where it lies. */
export const MODEL_SERVERS = [
  ...["model", "sklearn", "xgboost", "tensorflow", "pytorch", "triton", "onnx", "huggingface", "pmml", "lightgbm"],
  "paddle",
];

/** Places of addresses in a component of an InferenceService. */
const IN_COMPONENT = [...MODEL_SERVERS.map((server) => `${server}.storageUri`), "storageUris.[].uri"];

/** Places of addresses in objects, by kind; `[]` stands for every item of a list. */
const PLACES: Readonly<Record<string, string[]>> = {
  "serving.kserve.io/InferenceService": [
    ...["predictor", "transformer", "explainer", "canary.[].predictor"].flatMap((component) =>
      IN_COMPONENT.map((place) => `spec.${component}.${place}`),
    ),
  ],
  "serving.kserve.io/LLMInferenceService": ["spec.model.uri", "spec.model.lora.adapters.[].uri"],
  "serving.kserve.io/LLMInferenceServiceConfig": ["spec.model.uri", "spec.model.lora.adapters.[].uri"],
  "serving.kserve.io/TrainedModel": ["spec.model.storageUri"],
  "serving.kserve.io/LocalModelCache": ["spec.sourceModelUri"],
  "serving.kserve.io/LocalModelNamespaceCache": ["spec.sourceModelUri"],
  "trainer.kubeflow.org/TrainJob": ["spec.initializer.model.storageUri", "spec.initializer.dataset.storageUri"],
};

/** Arguments that name a model: always, or only where the program is a server of language models. */
const MODEL_FLAGS = ["model-id", "model-name-or-path", "tokenizer-id"];
const SERVER_FLAGS = ["model", "model-path"];
const SERVERS = /vllm|sglang|huggingfaceserver/i;

/** The addresses of models and data sets in the fields of a resource, and in the arguments of its containers. */
export function modelSourcesOf(subject: Subject): ModelSource[] {
  const inFields = objectsOf(subject).flatMap(({ path, kind, tree }) =>
    (Object.hasOwn(PLACES, kind) ? (PLACES[kind] ?? []) : []).flatMap((place) =>
      nodesAt(tree, place.split("."), path).map((found) => ({
        ...found,
        carriesRevision: !kind.startsWith("trainer."),
      })),
    ),
  );
  const inArguments = subject.pods
    .flatMap((pods) => containersOf(pods))
    .flatMap((at) => {
      const image = childAt(at.container, "image");
      const words = ["command", "args"].flatMap((field) =>
        arrayAt(at.container, field).map((value, index): Word => ({
          path: `${pathInContainer(at, field)}[${index}]`,
          value,
        })),
      );
      const isServer = [image, ...words.map(({ value }) => value)].some(
        (text) => typeof text === "string" && SERVERS.test(text),
      );
      return argumentsOf(words, isServer ? [...MODEL_FLAGS, ...SERVER_FLAGS] : MODEL_FLAGS);
    });
  return [...inFields, ...inArguments];
}

/**
 * The scheme of an address in lower case, without what KServe is told in it about how to get at an image, as in
 * `oci+fetch`; undefined where it has none.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/utils/storage.go
 */
export function schemeOf(address: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  return scheme?.replace(/^oci\+(native|modelcar|fetch)$/, "oci");
}

/** Name of a flag with hyphens, and its value where it has one: `--model_id=a/b` is `model-id` and `a/b`. */
export function flagOf(argument: Tree): { name: string; value: string | undefined } | undefined {
  const [, name, , value] = (typeof argument === "string" && /^--([\w-]+)(=(.*))?$/s.exec(argument)) || [];
  return name === undefined ? undefined : { name: name.replaceAll("_", "-").toLowerCase(), value };
}

interface Word {
  path: string;
  value: Tree;
}

function argumentsOf(words: Word[], flags: string[]): ModelSource[] {
  const all = words.map(({ value }) => value);
  return words.flatMap((word, index): ModelSource[] => {
    const flag = flagOf(word.value);
    if (flag === undefined || !flags.includes(flag.name)) return [];
    const next = words[index + 1];
    if (flag.value !== undefined)
      return [{ path: word.path, value: flag.value, carriesRevision: false, arguments: all }];
    return next === undefined ? [] : [{ ...next, carriesRevision: false, arguments: all }];
  });
}

function nodesAt(node: Tree, [step, ...rest]: string[], path: string): Word[] {
  if (step === undefined) return node === undefined || node === null ? [] : [{ path, value: node }];
  if (isUnknown(node)) return [{ path, value: node }];
  if (step === "[]") {
    return (Array.isArray(node) ? node : []).flatMap((item, index) => nodesAt(item, rest, `${path}[${index}]`));
  }
  return nodesAt(nodeAt(node, step), rest, joinPaths(path, step));
}
