import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REAL_NODE } from "../../../components/model/real-node";
import { placePods } from "../../../rehearsal/real-node/real-namespaces";
import { eventually, TestCluster } from "../../support/cluster";

const PLAYED = "ghcr.io/acme/suggestion.random";

describe("pods of namespaces of real nodes", () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await placePods(["work"], [PLAYED, "quay.io/acme/controller"], cluster.config);
    for (const [name, labels] of [
      ["work", {}],
      ["labelled", { [REAL_NODE.key]: REAL_NODE.value }],
      ["elsewhere", {}],
    ] as const)
      await cluster.api(CoreV1Api).createNamespace({ body: { metadata: { name, labels } } });
    // A policy takes effect a moment after it was made.
    await eventually("pods are sent", async () => (await selectorIn("work", "example.com/first:1")) !== undefined);
  });

  afterAll(() => cluster.remove());

  let pods = 0;
  const selectorIn = async (namespace: string, image: string, nodeSelector?: Record<string, string>) => {
    const { spec } = await cluster.api(CoreV1Api).createNamespacedPod({
      namespace,
      body: {
        metadata: { name: `pod-${++pods}` },
        spec: { containers: [{ name: "main", image }], ...(nodeSelector && { nodeSelector }) },
      },
    });
    return spec?.nodeSelector;
  };
  const real = { [REAL_NODE.key]: REAL_NODE.value, "mlstack.dev/pool": "real" };

  test("are sent to one by the name of their namespace, or by its label, and others are not", async () => {
    expect(await selectorIn("work", "example.com/train:1", { "mlstack.dev/pool": "t4" })).toEqual(real);
    expect(await selectorIn("labelled", "example.com/train:1")).toEqual(real);
    expect(await selectorIn("elsewhere", "example.com/train:1")).toBeUndefined();
  });

  test("stay where they want to be", async () => {
    const elsewhere = { [REAL_NODE.key]: "simulated" };
    expect(await selectorIn("work", "example.com/train:1", elsewhere)).toEqual(elsewhere);
  });

  test.each([`${PLAYED}:v1`, `${PLAYED}@sha256:0`, PLAYED])(
    "stay on simulated nodes where a program plays them: %s",
    async (image) => {
      expect(await selectorIn("work", image)).toBeUndefined();
    },
  );

  test.each([`${PLAYED}-more:1`, "ghcr.io/acme/suggestion-random:1"])(
    "are sent where an image is only called like that of a program: %s",
    async (image) => {
      expect(await selectorIn("work", image)).toEqual(real);
    },
  );
});
