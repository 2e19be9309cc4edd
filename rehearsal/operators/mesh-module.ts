import { CHARTS } from "../../components/model/versions";
import type { CompletedModule } from "../toolchain/completed-module";

/**
 * Istio's module, for its builds: one package of it needs a module that the module proxy does not have, and istiod makes use of
 * that package only where it is told to.
 *
 * @see https://github.com/istio/istio/blob/9739e10eb9d7/pilot/pkg/features/experimental.go `PILOT_ENABLE_AGENTGATEWAY`
 */
export const WITHOUT_AGENTGATEWAY: CompletedModule = {
  module: CHARTS.istiod.module.module,
  additions: "operators/mesh/agentgateway",
  target: "pilot/pkg/config/kube/agentgateway",
  isReplaced: true,
};
