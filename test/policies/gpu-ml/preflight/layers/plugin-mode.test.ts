import { describe, expect, it } from "vitest";
import { resourceName } from "../../../../../policies/gpu-ml/preflight/layers/resource-name";
import type { TestResource } from "../../../analyzer";
import { nodeGroup, object, pod, release, said } from "../../stack/resources";
import { pluginSet } from "./objects";

const SHARED = "nvidia.com/gpu.shared";

function pool(labels: object = {}): TestResource {
  return nodeGroup("serve", { instanceTypes: ["p4d.24xlarge"], labels });
}

const RENAMED = `version: v1
sharing: { timeSlicing: { renameByDefault: true, resources: [{ name: nvidia.com/gpu, replicas: 4 }] } }
`;
const PLAIN = "version: v1\n";
const CONFIG = object("v1", "ConfigMap", "gpu-config", { data: { shared: RENAMED, whole: PLAIN } });

/** The plugin with one configuration of several in a volume. */
function pluginWith(key: string): TestResource {
  const configMap = { name: "gpu-config", items: [{ key, path: "config.yaml" }] };
  return pluginSet({ volumes: [{ name: "config", configMap }] }, { env: [{ name: "CONFIG_FILE", value: "/config" }] });
}

/** Where the rule finds that shares are not offered; empty where they are. */
function endOf(resources: TestResource[]): string[] {
  return said(resourceName, [...resources, pod(1, {}, SHARED)]).map(
    (line) => / as (.*) has it/.exec(line)?.[1] ?? line,
  );
}

describe("the configuration of a device plugin that counts on a pool", () => {
  it("is the one called default where a pool chooses none of several", () => {
    const chart = (shares: string, others: string) =>
      release("nvidia-device-plugin", { config: { map: { a: others, default: shares } } });

    expect(endOf([pool(), chart(RENAMED, PLAIN)])).toEqual([]);
    expect(endOf([pool(), chart(PLAIN, RENAMED)])).toEqual([
      'values.config.map["default"] of Release nvidia-device-plugin',
    ]);
  });

  it("is the only one that a DaemonSet mounts, whatever the label of the pool says", () => {
    const choosing = pool({ "nvidia.com/device-plugin.config": "whole" });

    expect(endOf([choosing, pluginWith("shared"), CONFIG])).toEqual([]);
    expect(endOf([choosing, pluginWith("whole"), CONFIG])).toEqual(['data["whole"] of ConfigMap ml/gpu-config']);
  });
});
