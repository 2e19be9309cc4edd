import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Pod, V1Volume } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PodVolumes, type VolumeSources } from "../../../rehearsal/operators/volumes";

describe("the volumes of a program", () => {
  let folder: string;
  let secrets: Record<string, Record<string, Buffer>>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-volumes-"));
    secrets = {};
  });
  afterEach(() => rm(folder, { recursive: true }));

  const sources: VolumeSources = {
    configMap: (_, name) => Promise.resolve(name === "settings" ? { "a.yaml": "a: 1", "b.yaml": "b: 2" } : undefined),
    secret: (_, name) => Promise.resolve(secrets[name]),
    token: (pod, audience) => Promise.resolve(`token of ${pod.spec?.serviceAccountName} for ${audience}`),
  };
  const volumesOf = (...volumes: V1Volume[]) => {
    const pod: V1Pod = {
      metadata: { name: "manager", namespace: "kueue-system" },
      spec: { containers: [], serviceAccountName: "kueue", volumes },
    };
    return new PodVolumes(pod, folder, sources);
  };
  const read = (...path: string[]) => readFile(join(folder, ...path), "utf8");

  test("hold the files of a ConfigMap, all or those that are chosen", async () => {
    const volumes = volumesOf(
      { name: "all", configMap: { name: "settings" } },
      { name: "one", configMap: { name: "settings", items: [{ key: "b.yaml", path: "deep/c.yaml" }] } },
    );
    expect(await volumes.sync()).toBeUndefined();
    expect(await readdir(join(folder, "all"))).toEqual(["a.yaml", "b.yaml"]);
    expect(await read("one", "deep", "c.yaml")).toBe("b: 2");
    expect(await readdir(join(folder, "one"))).toEqual(["deep"]);
  });

  test("are waited for while an object that they are made from is not there, and then follow it", async () => {
    const volumes = volumesOf({ name: "cert", secret: { secretName: "certificate" } });
    expect(await volumes.sync()).toBe("what volume cert is made from is not there yet");
    secrets["certificate"] = {};
    expect(await volumes.sync()).toBeUndefined();
    expect(await readdir(join(folder, "cert"))).toEqual([]);
    secrets["certificate"] = { "tls.crt": Buffer.from("certificate"), "tls.key": Buffer.from("key") };
    await volumes.sync();
    expect(await readdir(join(folder, "cert"))).toEqual(["tls.crt", "tls.key"]);
    secrets["certificate"] = { "tls.crt": Buffer.from("newer") };
    await volumes.sync();
    expect(await readdir(join(folder, "cert"))).toEqual(["tls.crt"]);
    expect(await read("cert", "tls.crt")).toBe("newer");
  });

  test("are not waited for where they are optional", async () => {
    const volumes = volumesOf(
      { name: "cert", secret: { secretName: "other", optional: true } },
      { name: "key", configMap: { name: "settings", optional: true, items: [{ key: "other", path: "other" }] } },
    );
    expect(await volumes.sync()).toBeUndefined();
    expect(await readdir(join(folder, "cert"))).toEqual([]);
  });

  test("hold the identity of a ServiceAccount, which only this user can read", async () => {
    const volumes = volumesOf({
      name: "identity",
      projected: {
        sources: [
          { serviceAccountToken: { path: "token", audience: "vault" } },
          { configMap: { name: "settings", items: [{ key: "a.yaml", path: "ca.crt" }] } },
          { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
        ],
      },
    });
    expect(await volumes.sync()).toBeUndefined();
    expect(await read("identity", "token")).toBe("token of kueue for vault");
    expect(await read("identity", "ca.crt")).toBe("a: 1");
    expect(await read("identity", "namespace")).toBe("kueue-system");
    expect((await stat(join(folder, "identity", "token"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "identity"))).mode & 0o777).toBe(0o700);
  });

  test("keep what the program itself writes", async () => {
    const volumes = volumesOf({ name: "scratch", emptyDir: {} });
    const container = { name: "manager", volumeMounts: [{ name: "scratch", mountPath: "/certs", subPath: "serving" }] };
    await volumes.sync();
    await volumes.prepare(container);
    await volumes.sync();
    expect(await readdir(join(folder, "scratch"))).toEqual(["serving"]);
    expect(volumes.mountsOf(container)).toEqual([{ source: join(folder, "scratch", "serving"), target: "/certs" }]);
  });

  test("of another kind are refused", async () => {
    const volumes = volumesOf({ name: "data", persistentVolumeClaim: { claimName: "data" } });
    await expect(volumes.sync()).rejects.toThrow("volume data is of a kind that no program here can have");
  });
});
