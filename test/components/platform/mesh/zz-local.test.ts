import { writeFileSync } from "node:fs";
import { it } from "vitest";
import { stringify } from "yaml";
import { rendered } from "../../../support/rendering";
import { renderCall } from "../../../../components/rendering/source";
import { adjustmentOf, type Rendering } from "../../../../components/rendering/rendered-objects";
import { isResourceType } from "../../../../components/rendering";
import * as istio from "../../../../components/platform/mesh/istio";
import { seaweedFsRendering } from "../../../../components/platform/artifact-store/seaweed-fs";
import { BucketAccess } from "../../../../components/cluster";
async function dump(name: string, r: Rendering) {
  const all = [];
  for (const s of r.sources) all.push(...(await rendered(renderCall(s, "/tmp/artmesh/mirror", "1.35"))).result);
  const objects = adjustmentOf(r)(all).filter((o) => !isResourceType(o));
  writeFileSync(
    `/tmp/artmesh/${name}.yaml`,
    objects.map((o) => stringify(o, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n"),
  );
}
it("dumps", async () => {
  const grants = [{ namespace: "ml", serviceAccount: "trainer", access: BucketAccess.readWrite, prefix: "runs/" }];
  const platform = { systemPool: "system", prometheus: true };
  await dump("sw-dist", seaweedFsRendering({ grants, platform }));
  await dump("sw-single", seaweedFsRendering({ grants, platform, mode: "single", storageClass: "gp3" }));
  const a = { platform, mtlsExceptions: [] };
  await dump("istio-control", istio.istioControlRendering(a));
  await dump("istio-control-ambient", istio.istioControlRendering({ ...a, dataPlane: "ambient" }));
  await dump("istio-cni", istio.istioCniRendering(a));
  await dump("istio-zt", istio.ztunnelRendering(a));
  await dump("istio-gw", istio.istioGatewayRendering({ ...a, gateway: { exposure: "internal" } }));
  await dump(
    "istio-gw-public",
    istio.istioGatewayRendering({
      ...a,
      gateway: { exposure: "public", sourceRanges: ["203.0.113.0/24"], tlsSecret: "x" },
    }),
  );
}, 60000);
