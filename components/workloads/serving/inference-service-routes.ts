import { compact } from "../../internal";
import type { Manifest } from "../object";
import type { CanaryArgs, InferenceServiceArgs } from "./inference-service-args";
import { type Destination, pathMatch, type RouteRule, virtualService } from "./route";

/** Name of the version that the arguments themselves describe. */
export const STABLE = "stable";

/** Port of the Services that KServe makes. */
const SERVICE_PORT = 80;

/** Gateway that stands for the proxies of all pods. */
const MESH = "mesh";

/** Requests for an explanation. */
const EXPLAIN = "^/v1/models/[\\w-]+:explain$";

/** Service of the pods that serve a version. */
export function versionService(objectName: string, version = STABLE): string {
  return version === STABLE ? `${objectName}-predictor` : `${objectName}-${version}-predictor`;
}

/**
 * The VirtualServices of a model. KServe 0.20 runs canaries in the mode `Standard`, and sends them no requests: their shares
 * are Istio's to give.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/components/predictor.go
 * `reconcileCanaryDeployments`
 */
export function inferenceRoutes(args: InferenceServiceArgs, metadata: Manifest["metadata"], objectName: string) {
  return { split: splitOf(args, metadata, objectName), route: routeOf(args, metadata, objectName) };
}

/** Shares of requests that come from pods of the mesh, for the name that they know the model by. */
function splitOf(args: InferenceServiceArgs, metadata: Manifest["metadata"], objectName: string): Manifest | undefined {
  const { canaries = [], versionHeader, timeoutSeconds } = args;
  const hasShares = canaries.some(({ trafficPercent }) => trafficPercent > 0);
  if (!hasShares && (versionHeader === undefined || canaries.length === 0)) return undefined;
  const name = versionService(objectName);
  const route = compact({ hosts: [name], gateways: [MESH], timeoutSeconds });
  return virtualService({ ...metadata, name }, route, versionRules(args, objectName));
}

function routeOf(args: InferenceServiceArgs, metadata: Manifest["metadata"], objectName: string): Manifest | undefined {
  const { route, explainer, transformer } = args;
  if (route === undefined) return undefined;
  const explained: RouteRule = {
    match: [{ uri: { regex: EXPLAIN } }],
    destinations: [{ service: `${objectName}-explainer`, port: SERVICE_PORT }],
  };
  const transformed: RouteRule = {
    ...pathMatch(route),
    destinations: [{ service: `${objectName}-transformer`, port: SERVICE_PORT }],
  };
  return virtualService(metadata, { ...compact({ timeoutSeconds: args.timeoutSeconds }), ...route }, [
    ...(explainer === undefined ? [] : [explained]),
    // A transformer asks the model by its name, and its proxy gives each version its share.
    ...(transformer === undefined ? versionRules(args, objectName, pathMatch(route).match) : [transformed]),
  ]);
}

/** Rules that let clients choose a version, and one with the shares of all for those who do not. */
function versionRules(args: InferenceServiceArgs, objectName: string, match: object[] = []): RouteRule[] {
  const { canaries = [], versionHeader } = args;
  const chosen =
    versionHeader === undefined || canaries.length === 0 ? [] : [STABLE, ...canaries.map(({ name }) => name)];
  const path = match[0] ?? {};
  return [
    ...chosen.map((version) => ({
      match: [{ ...path, headers: { [versionHeader!]: { exact: version } } }],
      destinations: [{ service: versionService(objectName, version), port: SERVICE_PORT }],
    })),
    { ...(match.length === 0 ? {} : { match }), destinations: sharesOf(canaries, objectName) },
  ];
}

function sharesOf(canaries: CanaryArgs[], objectName: string): Destination[] {
  const ofCanaries = canaries.reduce((sum, { trafficPercent }) => sum + trafficPercent, 0);
  const shares = [{ name: STABLE, trafficPercent: 100 - ofCanaries }, ...canaries].filter(
    (each) => each.trafficPercent > 0,
  );
  const isOne = shares.length === 1;
  return shares.map(({ name, trafficPercent }) => ({
    service: versionService(objectName, name),
    port: SERVICE_PORT,
    ...(isOne ? {} : { weight: trafficPercent }),
  }));
}
