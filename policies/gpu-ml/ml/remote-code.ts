import { isUnknown, UNKNOWN, type Tree } from "../../../components/model";
import { isImageOf } from "../../engine/image";
import { containerValue, judgeContainers } from "../../engine/pods";
import type { ResourceRule } from "../../engine/rule";
import type { Truth } from "../../engine/truth";
import { judgeSwitch, type Switch } from "./switches";
import { vettedImages } from "./vetted-images";

const NO = /^(false|0|n|no|off)$/i;

const SWITCH: Switch = {
  isOn: trustsCode,
  variables: ["TRUST_REMOTE_CODE", "HF_DATASETS_TRUST_REMOTE_CODE"],
  report: (path) => ({
    path,
    observed: "a switch that runs the code of a model",
    allowed: "models that run without code of their own",
    remedy: "Remove it, or put code that was read into the image.",
  }),
};

/**
 * ML-08, code: programs do not run the code that comes with a model or a data set.
 *
 * @see https://huggingface.co/docs/transformers/v4.57.1/en/models "Custom models"
 */
export const remoteCode: ResourceRule<{ images: string[] }> = {
  id: "ML-08",
  title: "No code is run that comes with a model",
  why: "With this switch the owner of the model's repository runs any program with the pod's data, tokens and GPUs.",
  remediation: "Use a model that the library knows itself, or put code that was read into the image.",
  url: "https://huggingface.co/docs/transformers/main/en/models#custom-models",
  severity: "high",
  level: "advisory",
  family: "ml",
  parameters: { images: vettedImages },
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/vllm:0.11.0
      args: [--model=/models/chat, --trust-remote-code]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/vllm:0.11.0
      args: [--model=/models/chat]
`,
  },
  judge: (subject, { images }) =>
    judgeContainers(subject.pods, (at, group) =>
      isImageOf(containerValue(group, at, "image"), images) === true ? [] : judgeSwitch(subject, at, group, SWITCH),
    ),
};

/** The switch as an argument, which a value may turn off, or inside a script or a line for a shell. */
function trustsCode(argument: string, next: Tree): Truth {
  const [flag, value] = /^--trust[-_]remote[-_]code(?:=(.*))?$/is.exec(argument) ?? [];
  if (flag !== undefined) {
    const given: Tree = value ?? next;
    if (isUnknown(given)) return UNKNOWN;
    return !(typeof given === "string" && NO.test(given));
  }
  return (
    /\btrust_remote_code\s*=\s*True\b/.test(argument) ||
    /\s--trust[-_]remote[-_]code(?![\w-]|[=\s]+(false|0)\b)/i.test(argument)
  );
}
