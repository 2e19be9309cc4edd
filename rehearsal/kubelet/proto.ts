import { mkdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { rememberedAddresses, firstServiceAddress } from "../cluster/addresses";
import { readKubeconfig } from "../cluster/kubeconfig";
import { clusterLayout } from "../cluster/layout";
import { serveEgress } from "./egress-proxy";
import { Kubelet } from "./kubelet";
import { rmSync } from "node:fs";
async function main() {
  const layout = clusterLayout();
  const addresses = (await rememberedAddresses(layout))!;
  const pods = join(layout.folder, "pods");
  mkdirSync(pods, { recursive: true });
  rmSync(layout.egressSocket, { force: true });
  const kubelet = new Kubelet({
    config: readKubeconfig(layout.kubeconfig),
    apiServerPort: addresses.ports.apiServer,
    apiServerAddress: `${firstServiceAddress(addresses)}:443`,
    pods,
    logs: layout.logs,
    sandbox: "/tmp/p9/bin/sandbox",
    binaryOf: async ({ binary }) => {
      const path = `/tmp/p9/bin/${binary}`;
      if (!existsSync(path)) throw new Error(`no ${path}`);
      return path;
    },
  });
  serveEgress(layout.egressSocket, (a) => { const s = kubelet.router.connect(a); console.log("egress", a, s !== undefined); return s; });
  await kubelet.start();
  console.log("started");
  process.on("SIGTERM", () => void kubelet.stop().then(() => process.exit(0)));
}
void main();
