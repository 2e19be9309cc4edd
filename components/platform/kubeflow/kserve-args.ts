import { checkDnsLabel, checkEnum, checkExactImage, type InputProblem, inputProblem } from "../../internal";
import type { ArtifactStoreFacts } from "../artifact-store/artifact-store-facts";
import { type ChartPartArgs, checkPart, checkPartResources, type PartResources } from "../part/part-args";
import { checkCertificates } from "./kubeflow-args";

/** How models are run. */
export const KServeDeploymentMode = {
  /** As Deployments of Kubernetes itself. */
  standard: "Standard",
  /** As services of Knative, which must be installed, with scaling to zero. */
  knative: "Knative",
} as const;
/** How models are run. */
export type KServeDeploymentMode = (typeof KServeDeploymentMode)[keyof typeof KServeDeploymentMode];

/** Servers of models that come with KServe. */
export const KServeRuntime = {
  autogluon: "autogluonserver",
  /** Transformers and, on GPUs, vLLM. */
  huggingFace: "huggingfaceserver",
  /** Models that take the GPUs of several nodes. */
  huggingFaceMultiNode: "huggingfaceserver-multinode",
  lightGbm: "lgbserver",
  mlServer: "mlserver",
  paddle: "paddleserver",
  pmml: "pmmlserver",
  predictive: "predictiveserver",
  scikitLearn: "sklearnserver",
  tensorFlow: "tensorflow-serving",
  /** No longer maintained by its authors. */
  torchServe: "torchserve",
  triton: "tritonserver",
  /** vLLM's own image, of which KServe pins no release. */
  vllm: "vllmserver",
  xgBoost: "xgbserver",
} as const;
/** Servers of models that come with KServe. */
export type KServeRuntime = (typeof KServeRuntime)[keyof typeof KServeRuntime];

/** How models are reached from outside of the cluster. */
export interface KServeIngress {
  /** Domain under which each model gets a host name, `<name>-<namespace>.<domain>`. */
  domain: string;
  /** Whether addresses of models start with `https`; true by default. What serves them must have the certificate. */
  https?: boolean;
  /** Gateway of the Gateway API as `namespace/name`; by default models get an Ingress instead. */
  gateway?: string;
  /** Class of Ingresses, where there is no `gateway`; `istio` by default. */
  ingressClassName?: string;
}

/** What a {@link KServe} is made from. Every argument has a default. */
export interface KServeArgs extends ChartPartArgs {
  /** How models are run where they do not say themselves; `Standard` by default, as it needs neither Knative nor Istio. */
  deploymentMode?: KServeDeploymentMode;
  /** How models are reached from outside; not at all by default: they have addresses within the cluster only. */
  ingress?: KServeIngress;
  /**
   * Servers of models that every namespace can use. By default those for scikit-learn, XGBoost, LightGBM, TensorFlow, Triton,
   * Hugging Face and MLServer. Which nodes they run on, and which taints they tolerate, is said by each InferenceService.
   */
  runtimes?: KServeRuntime[];
  /** Image of vLLM's server with an exact tag or digest, for the runtime `vllmserver`; KServe's own is `latest`. */
  vllmImage?: string;
  /** Where models are downloaded from: an S3 store; Amazon's own by default, with the rights of the pods' role. */
  artifactStore?: ArtifactStoreFacts;
  /** Whether models can be mounted from container images (modelcar); false by default, as it shares process namespaces. */
  modelcar?: boolean;
  /** Whether pods of models get a token for the API server; false by default, as few models speak to it. */
  automountServiceAccountToken?: boolean;
  /** What a model's container asks for where it does not say itself; 1 CPU and 2Gi by default, as upstream. */
  modelResources?: PartResources;
  /** Values of the chart of runtimes that are set instead of or beside those of the component; none by default. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the chart takes is known to the chart alone
  runtimeValues?: Record<string, any>;
}

/** Servers of models where nothing else is asked for. */
export const DEFAULT_RUNTIMES: KServeRuntime[] = [
  KServeRuntime.scikitLearn,
  KServeRuntime.xgBoost,
  KServeRuntime.lightGbm,
  KServeRuntime.tensorFlow,
  KServeRuntime.triton,
  KServeRuntime.huggingFace,
  KServeRuntime.mlServer,
];

/** Checks a KServe's inputs. */
export function validateKServe(_name: string, args: KServeArgs): InputProblem[] {
  const { deploymentMode, runtimes = [], vllmImage, ingress } = args;
  return [
    ...checkPart(args),
    // Where nodes are simulated nobody asks the webhooks, or a stand-in issues their certificate.
    ...(args.platform?.simulated === true ? [] : checkCertificates(args, "KServe's webhooks")),
    ...checkEnum("deploymentMode", deploymentMode, KServeDeploymentMode),
    ...runtimes.flatMap((runtime, index) => checkEnum(`runtimes[${index}]`, runtime, KServeRuntime)),
    ...checkVllm(runtimes, vllmImage),
    ...checkIngress(ingress),
    ...checkPartResources("modelResources", args.modelResources, { cpu: "1", memory: "2Gi" }),
  ];
}

function checkVllm(runtimes: KServeRuntime[], image: string | undefined): InputProblem[] {
  if (image !== undefined) return checkExactImage("vllmImage", image);
  if (!runtimes.includes(KServeRuntime.vllm)) return [];
  const remedy = "Name the release, as KServe's own image is whatever is newest.";
  return [inputProblem("vllmImage", image, "an image with a tag other than latest, or a digest", remedy)];
}

function checkIngress(ingress: KServeIngress | undefined): InputProblem[] {
  if (ingress === undefined) return [];
  const { domain, gateway, ingressClassName } = ingress;
  const isDomain = /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(domain) && domain !== "example.com";
  const remedies = { domain: "Name a domain of your own.", gateway: "Name its namespace too." };
  return [
    ...(isDomain ? [] : [inputProblem("ingress.domain", domain, "a domain that is yours", remedies.domain)]),
    ...(gateway === undefined || /^[a-z0-9][-a-z0-9]*\/[a-z0-9][-.a-z0-9]*$/.test(gateway)
      ? []
      : [inputProblem("ingress.gateway", gateway, "a namespace, a slash and a name", remedies.gateway)]),
    ...(ingressClassName === undefined ? [] : checkDnsLabel("ingress.ingressClassName", ingressClassName)),
  ];
}
