import { beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  Notebooks,
  type NotebooksArgs,
  notebooksRendering,
  spawnerConfig,
} from "../../../../components/platform/kubeflow";
import { type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { hasUpstream, platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";
import { consoleOfLab, containersOf, environmentOf, flawsOf, objectOf, titles } from "./samples";

const formOf = (spawner?: NotebooksArgs["spawner"]) =>
  (parse(spawnerConfig(spawner)) as { spawnerFormDefaults: Record<string, unknown> }).spawnerFormDefaults;

describe("Notebooks' manifests", () => {
  it.skipIf(!hasUpstream)("run the controller alone, and stop notebooks that nobody uses", async () => {
    const objects = await objectsOf(notebooksRendering({}));
    expect(titles(objects, "Deployment", "CustomResourceDefinition", "VirtualService")).toEqual([
      "CustomResourceDefinition notebooks.kubeflow.org",
      "Deployment kubeflow/notebook-controller-deployment",
    ]);
    expect(objectOf(objects, "ConfigMap", "notebook-controller-config")["data"]).toMatchObject({
      ENABLE_CULLING: "true",
      CULL_IDLE_TIME: "120",
      IDLENESS_CHECK_PERIOD: "1",
      USE_ISTIO: "false",
    });
    const controller = objectOf(objects, "Deployment", "notebook-controller-deployment");
    expect(environmentOf(controller)["ADD_FSGROUP"]).toBe("true");
    expect(containersOf(controller)[0]!.args).toEqual(["--enable-leader-election"]);
    const { rules } = objectOf(objects, "Role", "notebook-controller-leader-election-role") as unknown as {
      rules: object[];
    };
    expect(rules).toContainEqual({
      apiGroups: ["coordination.k8s.io"],
      resources: ["leases"],
      verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
    });
    expect(flawsOf(objects)).toEqual([]);
  });

  it.skipIf(!hasUpstream)("let notebooks run on where they are told to", async () => {
    const objects = await objectsOf(notebooksRendering({ cullIdleMinutes: 0, replicas: 1, fsGroup: false }));
    expect(objectOf(objects, "ConfigMap", "notebook-controller-config")["data"]).toMatchObject({
      ENABLE_CULLING: "false",
    });
    const controller = objectOf(objects, "Deployment", "notebook-controller-deployment");
    expect(containersOf(controller)[0]!.args).toBeUndefined();
    expect(JSON.stringify(objectOf(objects, "Role", "notebook-controller-leader-election-role"))).not.toContain(
      "leases",
    );
    expect(environmentOf(controller)["ADD_FSGROUP"]).toBe("false");
  });

  it.skipIf(!hasUpstream)("show web applications behind a console, which names the user", async () => {
    const console = { ...consoleOfLab, userHeader: "x-user" };
    const args = { console, volumeViewer: true, namespace: "nb", platform: { certManager: true } };
    const objects = await objectsOf(notebooksRendering(args));
    expect(titles(objects, "VirtualService", "Certificate")).toEqual([
      "VirtualService nb/jupyter-web-app-jupyter-web-app",
      "VirtualService nb/volumes-web-app-volumes-web-app",
      "Certificate nb/pvcviewer-serving-cert",
    ]);
    expect(environmentOf(objectOf(objects, "Deployment", "jupyter-web-app"))["USERID_HEADER"]).toBe("x-user");
    expect(objectOf(objects, "ConfigMap", "notebook-controller-config")["data"]).toMatchObject({
      USE_ISTIO: "true",
      ISTIO_GATEWAY: "istio-ingress/consoles",
      ISTIO_HOST: "kubeflow.lab.example",
    });
    expect(JSON.stringify(objectOf(objects, "AuthorizationPolicy", "jupyter-web-app"))).toContain(
      "cluster.local/ns/istio-ingress/sa/istio-ingress",
    );
    expect(flawsOf(objects)).toEqual([]);
  });
});

describe("The form in which users start notebooks", () => {
  it("offers Kubeflow's images of one release and NVIDIA's GPUs, and no image of one's own", () => {
    expect(formOf()).toMatchObject({
      allowCustomImage: false,
      image: {
        value: "ghcr.io/kubeflow/kubeflow/notebook-servers/jupyter-scipy:v1.11.0",
        options: { length: 5 },
      },
      cpu: { value: "0.5", limitFactor: "none" },
      memory: { value: "1Gi", limitFactor: "1" },
      gpus: { value: { vendor: "", vendors: [{ limitsKey: "nvidia.com/gpu", uiName: "NVIDIA" }], num: "none" } },
      tolerationGroup: { options: [] },
      affinityConfig: { options: [] },
    });
  });

  it("offers pools with their labels and tolerations", () => {
    const tolerations = [{ key: "nvidia.com/gpu" }];
    const form = formOf({
      gpus: 2,
      pools: [{ name: "a10g", displayName: "A10G", tolerations }],
      podDefaults: ["proxy"],
    });
    expect(form["gpus"]).toMatchObject({ value: { vendor: "nvidia.com/gpu", num: "2" } });
    expect(form["tolerationGroup"]).toMatchObject({
      options: [
        { groupKey: "a10g", displayName: "A10G", tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }] },
      ],
    });
    expect(JSON.stringify(form["affinityConfig"])).toContain(
      '{"key":"mlstack.dev/pool","operator":"In","values":["a10g"]}',
    );
    expect(form["configurations"]).toEqual({ readOnly: false, value: ["proxy"] });
  });

  it.skipIf(!hasUpstream)("has every field of upstream's, and no other", async () => {
    const objects = await objectsOf({ ...notebooksRendering({ console: consoleOfLab }), adjust: (given) => given });
    const config = objectOf(objects, "ConfigMap", "jupyter-web-app-config")["data"] as Record<string, string>;
    const upstream = parse(config["spawner_ui_config.yaml"]!) as { spawnerFormDefaults: object };
    expect(Object.keys(formOf()).sort()).toEqual(Object.keys(upstream.spawnerFormDefaults).sort());
  });
});

describe("Notebooks", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await startMocks({ render: renderedOnce });
  });

  it.skipIf(!hasUpstream)("put Istio's proxy into the namespace's pods behind a console", async () => {
    const notebooks = new Notebooks("nb", { console: consoleOfLab, platform: { chartMirror: await platformMirror() } });
    expect((await program.inputsOf("nb-namespace"))["metadata"]).toMatchObject({
      labels: { "istio-injection": "enabled" },
    });
    expect(await valueOf(notebooks.ready)).toBe(true);
  });

  it("name every problem at once", () => {
    const args: NotebooksArgs = {
      cullIdleMinutes: -1,
      volumeViewer: true,
      spawner: {
        jupyterImages: ["jupyter:latest"],
        rStudioImages: [],
        gpus: 3,
        memoryLimitFactor: 0.5,
        pools: [{ name: "GPU" }],
      },
    };
    expect(problemsOf(() => new Notebooks("nb", args)).reasons).toEqual([
      "cullIdleMinutes is -1; allowed: a whole number from 0. Set cullIdleMinutes within that range.",
      'spawner.jupyterImages[0] is "jupyter:latest"; allowed: an image with a tag other than latest, or a digest. Name the release.',
      "spawner.rStudioImages is []; allowed: one image at least. Leave it out for Kubeflow's own.",
      "spawner.memoryLimitFactor is 0.5; allowed: a number from 1. A limit is never below a request.",
      "spawner.gpus is 3; allowed: 0, 1, 2, 4, 8. The form offers no other numbers.",
      'spawner.pools[0].name is "GPU"; allowed: at most 63 lower-case letters, digits and inner hyphens. Set spawner.pools[0].name to such a name.',
      'spawner is {"jupyterImages":["jupyter:latest"],"rStudioImages":[],"gpus":3,"memoryLimitFactor":0.5,"pools":[{"name":"GPU"}]}; allowed: nothing without a console. Set console, so that the web application knows who asks.',
      "volumeViewer is true; allowed: nothing without a console. Set console, so that the web application knows who asks.",
      "platform.certManager is false; allowed: true for volumeViewer. Install CertManager first, and say so in platform.certManager.",
    ]);
  });
});
