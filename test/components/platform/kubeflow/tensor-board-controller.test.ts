import { describe, expect, it } from "vitest";
import {
  TensorBoardController,
  type TensorBoardControllerArgs,
  tensorBoardRendering,
} from "../../../../components/platform/kubeflow";
import { problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { hasUpstream, platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";
import { consoleOfLab, containersOf, flawsOf, objectOf, titles } from "./samples";

describe("The TensorBoard controller's manifests", () => {
  it.skipIf(!hasUpstream)("run the controller twice and the web application behind the console", async () => {
    const objects = await objectsOf(tensorBoardRendering({ console: consoleOfLab }));
    expect(titles(objects, "Deployment", "PodDisruptionBudget", "VirtualService")).toEqual([
      "Deployment kubeflow/tensorboard-controller-deployment",
      "PodDisruptionBudget kubeflow/tensorboard-controller-deployment",
      "Deployment kubeflow/tensorboards-web-app-deployment",
      "VirtualService kubeflow/tensorboards-web-app-tensorboards-web-app",
    ]);
    const controller = objectOf(objects, "Deployment", "tensorboard-controller-deployment");
    expect(containersOf(controller).find(({ name }) => name === "manager")!.args).toContain("--leader-elect");
    expect(objectOf(objects, "ConfigMap", "tensorboard-controller-config")["data"]).toEqual({
      ISTIO_GATEWAY: "istio-ingress/consoles",
      ISTIO_HOST: "kubeflow.lab.example",
      RWO_PVC_SCHEDULING: "True",
      TENSORBOARD_IMAGE: "docker.io/tensorflow/tensorflow:2.5.1",
    });
    expect(flawsOf(objects)).toEqual([]);
  });

  it.skipIf(!hasUpstream)("leave the web application out where it is not wanted", async () => {
    const args = { console: consoleOfLab, webApp: false, readWriteOnceScheduling: false };
    const objects = await objectsOf(tensorBoardRendering(args));
    expect(titles(objects, "Deployment")).toEqual(["Deployment kubeflow/tensorboard-controller-deployment"]);
    expect(objectOf(objects, "ConfigMap", "tensorboard-controller-config")["data"]).toMatchObject({
      RWO_PVC_SCHEDULING: "False",
    });
  });
});

describe("TensorBoardController", () => {
  it.skipIf(!hasUpstream)("tells its namespace and when it is ready", async () => {
    await startMocks({ render: renderedOnce });
    const platform = { chartMirror: await platformMirror() };
    const controller = new TensorBoardController("tb", { console: consoleOfLab, namespace: "boards", platform });
    expect(await valueOf(controller.namespace)).toBe("boards");
    expect(await valueOf(controller.ready)).toBe(true);
  });

  it("needs a console and an exact image", () => {
    const args = { tensorBoardImage: "tensorflow" } as unknown as TensorBoardControllerArgs;
    expect(problemsOf(() => new TensorBoardController("tb", args))).toEqual({
      message: 'TensorBoardController "tb": 2 invalid inputs',
      reasons: [
        "console is missing; allowed: a gateway of Istio's. Install Istio with a gateway where users sign in, and name it.",
        'tensorBoardImage is "tensorflow"; allowed: an image with a tag other than latest, or a digest. Name the release.',
      ],
    });
  });
});
