import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { environmentOf, expanded, fieldOf, type Objects } from "../../../rehearsal/operators/environment";

const pod: V1Pod = {
  metadata: {
    name: "manager-1",
    namespace: "kueue-system",
    uid: "u-1",
    labels: { "app.kubernetes.io/name": "kueue" },
    annotations: { note: "of a person" },
  },
  spec: { containers: [], nodeName: "system-0", serviceAccountName: "kueue" },
  status: { podIP: "198.51.100.1", hostIP: "10.0.0.1" },
};

const objects: Objects = {
  configMap: (namespace, name) => Promise.resolve(name === "settings" ? { level: `of ${namespace}` } : undefined),
  secret: (_, name) => Promise.resolve(name === "keys" ? { token: Buffer.from("s3cr3t") } : undefined),
};

const environment = (env: V1Container["env"]) =>
  environmentOf(pod, { name: "manager", env: env ?? [] }, "10.96.0.1:443", objects);

describe("the environment of a program", () => {
  test("tells where the API server is, as every pod is told", async () => {
    const variables = await environment([]);
    expect(variables.get("KUBERNETES_SERVICE_HOST")).toBe("10.96.0.1");
    expect(variables.get("KUBERNETES_SERVICE_PORT")).toBe("443");
    expect(variables.get("HOSTNAME")).toBe("manager-1");
  });

  test("has the values that its container is given, wherever they come from", async () => {
    const variables = await environment([
      { name: "PLAIN", value: "as it is" },
      { name: "EMPTY" },
      { name: "WHERE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "LEVEL", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } },
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "keys", key: "token" } } },
      { name: "BOTH", value: "$(PLAIN), $(WHERE)" },
    ]);
    expect(Object.fromEntries([...variables].slice(-6))).toEqual({
      PLAIN: "as it is",
      EMPTY: "",
      WHERE: "kueue-system",
      LEVEL: "of kueue-system",
      TOKEN: "s3cr3t",
      BOTH: "as it is, kueue-system",
    });
  });

  test("leaves out what is optional and not there", async () => {
    const variables = await environment([
      { name: "A", valueFrom: { configMapKeyRef: { name: "other", key: "a", optional: true } } },
      { name: "B", valueFrom: { secretKeyRef: { name: "keys", key: "other", optional: true } } },
    ]);
    expect([variables.has("A"), variables.has("B")]).toEqual([false, false]);
  });

  test.each([
    [{ configMapKeyRef: { name: "other", key: "a" } }, "there is no key a of ConfigMap kueue-system/other"],
    [{ secretKeyRef: { name: "keys", key: "b" } }, "there is no key b of Secret kueue-system/keys"],
  ])("cannot be had without %j", async (valueFrom, message) => {
    await expect(environment([{ name: "A", valueFrom }])).rejects.toThrow(message);
  });
});

test.each([
  ["$(A) and $(B)", "1 and $(B)"],
  ["$$(A)", "$(A)"],
  ["100 %, $A, $(", "100 %, $A, $("],
])("of %j, only references to variables that there are become their values", (text, value) => {
  expect(expanded(text, new Map([["A", "1"]]))).toBe(value);
});

test.each([
  ["metadata.name", "manager-1"],
  ["metadata.uid", "u-1"],
  ["metadata.labels['app.kubernetes.io/name']", "kueue"],
  ["metadata.annotations['note']", "of a person"],
  ["metadata.labels['other']", ""],
  ["spec.nodeName", "system-0"],
  ["spec.serviceAccountName", "kueue"],
  ["status.podIP", "198.51.100.1"],
  ["status.hostIP", "10.0.0.1"],
  ["status.phase", ""],
])("the field %s of a pod is %j", (path, value) => {
  expect(fieldOf(pod, path)).toBe(value);
});
