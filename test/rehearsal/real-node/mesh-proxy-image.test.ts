import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { proxyImage } from "../../../components/platform/mesh/istio-values";
import { MESH_PROXY_IMAGE, PILOT_AGENT } from "../../../rehearsal/real-node/mesh-proxy-image";
import { moduleFolder } from "../../../rehearsal/toolchain/cache";

describe("the image of Istio's gateways", () => {
  it("has the name that the platform gives it", () => {
    expect(MESH_PROXY_IMAGE).toBe(proxyImage({}));
  });

  it("has an agent that its module builds, known by the files that the build adds, too", async () => {
    const [folder, additions] = PILOT_AGENT.modules;
    expect(additions).toBe("operators/mesh/agentgateway");
    const declared = await readFile(join(moduleFolder(folder!), "go.mod"), "utf8");
    expect(declared).toContain(`\t${PILOT_AGENT.builds[0]!.package}\n`);
    expect(declared).toContain(`\tistio.io/istio v${PILOT_AGENT.version} // indirect\n`);
  });
});
