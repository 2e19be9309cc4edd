import { type Tree } from "../../../components/model";
import { patternList } from "../../engine/parameters";
import { anyOf, isOneOf, type Truth } from "../../engine/truth";
import { isLike } from "../names";

/**
 * Gateways that only pods of the cluster reach, as Knative, KServe and Kubeflow call theirs.
 *
 * @see https://knative.dev/docs/install/installing-istio/ v1.21
 */
export const LOCAL_GATEWAYS = patternList(
  "a list of the gateways that only the cluster itself reaches, by name or as namespace/name",
  ["cluster-local-gateway", "knative-local-gateway"],
);

/** Tells whether a route's gateway, as `name` or `namespace/name`, is the mesh itself or one that only the cluster reaches. */
export function isLocalGateway(gateway: Tree, locals: readonly string[]): Truth {
  const name: Tree = typeof gateway === "string" ? gateway.slice(gateway.lastIndexOf("/") + 1) : gateway;
  return anyOf([isOneOf(gateway, "mesh"), isLike(gateway, locals), isLike(name, locals)]);
}
