import { compact } from "../../internal";
import { bareVersion } from "../../model";
import { type ChartValues, withValues } from "../../rendering";
import type { ArtifactStoreFacts } from "../artifact-store/artifact-store-facts";
import { partResources, systemNodes } from "../part/part-args";
import { type KServeArgs, KServeDeploymentMode, type KServeIngress } from "./kserve-args";

/** Namespace of KServe where nothing else is asked for, as upstream has it. */
export const KSERVE_NAMESPACE = "kserve";

/** What the controller asks for; upstream's 300Mi are spent with some hundred models. */
const controllerDefaults = { cpu: "100m", memory: "512Mi" };
/** What a model's container asks for where it does not say itself; upstream's own. */
const modelDefaults = { cpu: "1", memory: "2Gi" };

/** Version of the charts and of KServe's images, which starts with a `v`; undefined for the pinned one. */
export function chartVersion({ version }: KServeArgs): string | undefined {
  return version === undefined ? undefined : `v${bareVersion(version)}`;
}

/**
 * Values of the chart `kserve-resources`.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/charts/kserve-resources/values.yaml
 */
export function kserveValues(args: KServeArgs): ChartValues {
  const { platform = {}, deploymentMode = KServeDeploymentMode.standard, modelcar = false } = args;
  const model = partResources(args.modelResources, modelDefaults);
  const own = {
    kserve: compact({
      version: chartVersion(args),
      storage: compact({ enableModelcar: modelcar, s3: storeValues(args.artifactStore) }),
      metricsaggregator: { enablePrometheusScraping: String(platform.prometheus ?? false) },
      localmodel: { enabled: false },
      security: { autoMountServiceAccountToken: args.automountServiceAccountToken ?? false },
      inferenceservice: {
        resources: { requests: model.requests, limits: { ...modelDefaults, ...args.modelResources } },
      },
      controller: {
        deploymentMode,
        nodeSelector: systemNodes(platform),
        imagePullPolicy: "IfNotPresent",
        resources: partResources(args.resources, controllerDefaults),
        gateway: ingressValues(args.ingress),
      },
    }),
  };
  return withValues(own, args.values);
}

/** Models' Secrets have the same keys as those of the store, so that a service account can name the store's. */
function storeValues(store: ArtifactStoreFacts | undefined) {
  if (store === undefined) return undefined;
  const { endpoint, region, insecure = false, credentialsSecret } = store;
  const keys =
    credentialsSecret === undefined ? {} : { accessKeyIdName: "accesskey", secretAccessKeyName: "secretkey" };
  const isAmazon = endpoint === undefined;
  return compact({
    ...keys,
    region,
    endpoint,
    useHttps: insecure ? "0" : "1",
    verifySSL: insecure ? "0" : "1",
    useVirtualBucket: String(isAmazon),
    useAnonymousCredential: "false",
  });
}

function ingressValues(ingress: KServeIngress | undefined) {
  // Without a domain of its own upstream would give out addresses under example.com.
  if (ingress === undefined) return { disableIngressCreation: true, disableIstioVirtualHost: true };
  const { domain, https = true, gateway, ingressClassName = "istio" } = ingress;
  return {
    domain,
    urlScheme: https ? "https" : "http",
    disableIstioVirtualHost: true,
    ingressGateway: compact({
      enableGatewayApi: gateway !== undefined,
      createGateway: false,
      kserveGateway: gateway,
      className: ingressClassName,
    }),
  };
}

/**
 * Values of the chart `kserve-runtime-configs`.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/charts/kserve-runtime-configs/values.yaml
 */
export function kserveRuntimeValues(args: KServeArgs): ChartValues {
  const version = chartVersion(args);
  const own = { kserve: compact({ version, servingruntime: { enabled: true }, llmisvcConfigs: { enabled: false } }) };
  return withValues(own, args.runtimeValues);
}
