import { beforeAll, describe, expect, test } from "vitest";
import { missingPython } from "../../../rehearsal/toolchain/python-environment";
import { lastingFolder } from "../../support/lasting-folder";
import { MeshGateway } from "../../support/mesh-gateway";
import { HEART_DISEASE, INFER, PACKAGES, predictionsOf, type ServedModels, servedModels } from "./served-models";
import { realStack } from "./stack";

/** Name that the gateway knows the model by, and the header by which a client chooses a version. */
const HOST = "heart-disease.example.com";
const HEADER = "x-model-version";

const ROUTE = { group: "networking.istio.io", version: "v1", namespace: "ml", plural: "virtualservices" };

/** Everything of the story begins at once on two cores. */
const PATIENCE = 240_000;

/** Requests that are counted: of so many, a fifth is more than a tenth and less than three tenths, but once in six thousand runs. */
const REQUESTS = 240;

interface VirtualService {
  spec: { http: { route: { weight?: number }[] }[] };
}

const missing = missingPython(PACKAGES);

describe.skipIf(missing !== undefined)("requests for a model and its canary, through Istio's gateway,", () => {
  const stack = realStack();
  const folder = lastingFolder("real-canary");
  let models: ServedModels;
  let gateway: MeshGateway;

  beforeAll(async () => {
    models = await servedModels(stack, folder, PATIENCE);
    gateway = await MeshGateway.of(stack, HOST);
    return () => {
      gateway.close();
    };
  }, 2 * PATIENCE);

  /** How many of some requests each version answered. @throws where an answer is of neither. */
  async function answeredBy(requests: number, headers: Record<string, string> = {}) {
    const { current, next } = models.predictions;
    const counts = { current: 0, next: 0 };
    const work = Array.from({ length: 4 }, async () => {
      for (let sent = 0; sent < requests / 4; sent += 1) {
        const { status, body } = await gateway.ask({ path: INFER, body: models.body, headers });
        expect(status, body).toBe(200);
        const predicted = predictionsOf(body);
        const isNext = JSON.stringify(predicted) === JSON.stringify(next);
        expect(predicted).toEqual(isNext ? next : current);
        counts[isNext ? "next" : "current"] += 1;
      }
    });
    await Promise.all(work);
    return counts;
  }

  test(
    "are answered by the canary for a fifth, and each as one of the two predicts",
    { timeout: PATIENCE },
    async () => {
      expect(models.predictions.current).not.toEqual(models.predictions.next);
      const { current, next } = await answeredBy(REQUESTS);
      expect(current + next).toBe(REQUESTS);
      expect(next / REQUESTS).toBeGreaterThan(0.1);
      expect(next / REQUESTS).toBeLessThan(0.3);
    },
  );

  test("are answered by the version that they name in a header", { timeout: PATIENCE }, async () => {
    expect(await answeredBy(40, { [HEADER]: "next" })).toEqual({ current: 0, next: 40 });
    expect(await answeredBy(40, { [HEADER]: "stable" })).toEqual({ current: 40, next: 0 });
  });

  test("follow another share, without one that fails meanwhile", { timeout: PATIENCE }, async () => {
    const at = { ...ROUTE, name: HEART_DISEASE };
    const before = (await stack.custom.getNamespacedCustomObject(at)) as VirtualService;
    const shares = async (weights: number[]) => {
      const route = (await stack.custom.getNamespacedCustomObject(at)) as VirtualService;
      for (const [index, each] of route.spec.http.at(-1)!.route.entries()) each.weight = weights[index]!;
      await stack.custom.replaceNamespacedCustomObject({ ...at, body: route });
    };
    const untilAll = async (version: "current" | "next") => {
      for (let tries = 0; tries < 30; tries += 1) if ((await answeredBy(40))[version] === 40) return true;
      return false;
    };
    try {
      await shares([0, 100]);
      expect(await untilAll("next")).toBe(true);
      await shares([100, 0]);
      expect(await untilAll("current")).toBe(true);
    } finally {
      await shares(before.spec.http.at(-1)!.route.map(({ weight = 0 }) => weight));
    }
  });

  test("for another host, or a path of no model, reach none", { timeout: PATIENCE }, async () => {
    const { body } = models;
    expect((await gateway.ask({ path: INFER, body, headers: { host: "other.example.com" } })).status).toBe(404);
    expect((await gateway.ask({ path: "/v2/models/other/infer", body })).status).toBe(404);
  });

  test("are led by no route that istiod finds wrong", async () => {
    const shares = [120, -20].map((weight) => ({ destination: { host: `${HEART_DISEASE}-predictor` }, weight }));
    const body = {
      apiVersion: `${ROUTE.group}/${ROUTE.version}`,
      kind: "VirtualService",
      metadata: { name: "wrong", namespace: ROUTE.namespace },
      spec: { hosts: ["wrong.example.com"], gateways: ["istio-ingress/https"], http: [{ route: shares }] },
    };
    await expect(stack.custom.createNamespacedCustomObject({ ...ROUTE, body })).rejects.toThrow(
      /validation\.istio\.io.* denied the request: configuration is invalid: weight -20 /,
    );
  });
});
