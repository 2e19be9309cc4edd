import { isUnknown, UNKNOWN, type Tree } from "../../../components/model";
import { isImageOf } from "../../engine/image";
import { textList } from "../../engine/parameters";
import { containerValue, judgeContainers } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import type { Truth } from "../../engine/truth";
import { flagOf, modelSourcesOf, schemeOf } from "./model-sources";
import { judgeSwitch, type Switch } from "./switches";
import { vettedImages } from "./vetted-images";

/** Ends of files that Python unpickles, which runs what the file says. */
const PICKLED = /\.(pkl|pickle|joblib|pt|pth|ckpt)([?#]|$)/i;

const foreignSchemes = textList(
  "a list of the schemes, in small letters, of addresses that anyone may have written to",
  ["http", "https", "hf"],
);

const SWITCH: Switch = {
  isOn: unpickles,
  variables: ["TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"],
  report: (path) => ({
    path,
    observed: "a switch that has PyTorch run what a file of weights says",
    allowed: "weights that are loaded as data alone",
    remedy: "Remove it, and convert the weights to safetensors.",
  }),
};

/**
 * ML-08, pickles: models are loaded as data, not as programs.
 *
 * @see https://docs.pytorch.org/docs/2.9/generated/torch.load.html "weights_only"
 */
export const pickledModel: ResourceRule<{ foreignSchemes: string[]; images: string[] }> = {
  id: "ML-08",
  title: "Models are loaded as data",
  why: "To unpickle a file is to run it: who wrote the weights runs any program with the pod's data, tokens and GPUs.",
  remediation: "Use weights in safetensors or ONNX, or files that you trained yourself from a bucket of your own.",
  url: "https://docs.pytorch.org/docs/stable/generated/torch.load.html",
  severity: "high",
  level: "advisory",
  family: "ml",
  parameters: { foreignSchemes, images: vettedImages },
  examples: {
    bad: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn, namespace: ml }
spec:
  predictor:
    containers: [{ name: kserve-container, image: "registry.example/server:1.4" }]
    storageUris: [{ uri: "https://models.example/churn/7/model.pkl" }]
`,
    good: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn, namespace: ml }
spec:
  predictor:
    containers: [{ name: kserve-container, image: "registry.example/server:1.4" }]
    storageUris: [{ uri: "s3://models/churn/7/model.pkl" }]
`,
  },
  *judge(subject, parameters) {
    yield* judgeSources(subject, parameters.foreignSchemes);
    yield* judgeContainers(subject.pods, (at, group) =>
      isImageOf(containerValue(group, at, "image"), parameters.images) === true
        ? []
        : judgeSwitch(subject, at, group, SWITCH),
    );
  },
};

function* judgeSources(subject: Subject, foreign: string[]): Iterable<Judgement> {
  for (const { path, value } of modelSourcesOf(subject)) {
    if (isUnknown(value)) yield undecided(path);
    if (typeof value !== "string" || !PICKLED.test(value) || !foreign.includes(schemeOf(value) ?? "")) continue;
    yield {
      path,
      observed: "a pickled file from a place that others write to",
      allowed: "safetensors or ONNX, or a place of your own",
      remedy:
        "Convert the weights to safetensors, or copy the file to a bucket of your own once it was looked through.",
    };
  }
}

/** The switch as an argument, or inside a script or a line for a shell. */
function unpickles(argument: string, next: Tree): Truth {
  if (/\bweights_only\s*=\s*False\b|\s--weights[-_]only[=\s]+false\b/i.test(argument)) return true;
  const flag = flagOf(argument);
  if (flag?.name === "no-weights-only") return true;
  if (flag?.name !== "weights-only" && flag?.name !== "load-format") return false;
  const value: Tree = flag.value ?? next;
  if (isUnknown(value)) return UNKNOWN;
  return (
    value === (flag.name === "load-format" ? "pt" : "false") || (flag.name === "weights-only" && value === "False")
  );
}
