import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import {
  Notebook,
  type NotebookArgs,
  notebookManifests,
  validateNotebook,
} from "../../../../components/workloads/notebooks";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const image = "ghcr.io/kubeflow/kubeflow/notebook-servers/jupyter-scipy:v1.11.0";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

interface NotebookSpec {
  template: {
    spec: { securityContext: object; containers: { name: string; volumeMounts: object[]; ports?: object[] }[] };
  };
}

const podOf = (args: Partial<NotebookArgs> = {}) => {
  const { spec } = notebookManifests("ada", { image, ...args }).notebook as { spec: NotebookSpec };
  return spec.template.spec;
};

const annotationsOf = (args: Partial<NotebookArgs>) =>
  notebookManifests("ada", { image, ...args }).notebook.metadata.annotations as Record<string, unknown>;

describe("Notebook", () => {
  it("creates a Notebook and a claim, which it leaves behind with what is on it", async () => {
    new Notebook("ada", { image });
    const resources = await program.resources();
    expect(childList(resources)).toEqual([
      "mlstack:index:Notebook ada",
      "kubernetes:core/v1:PersistentVolumeClaim ada-workspace < ada",
      "kubernetes:kubeflow.org/v1:Notebook ada-notebook < ada",
    ]);
    expect(resources.map(({ retainOnDelete }) => retainOnDelete)).toEqual([false, true, false]);
    expect(resources[2]?.dependsOn).toEqual(["ada-workspace"]);
  });

  it("creates no claim where one is given", async () => {
    const notebook = new Notebook("ada", { image, workspaceClaim: pulumi.output("work") });
    expect(await valueOf(notebook.workspaceClaim)).toBe("work");
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:Notebook ada",
      "kubernetes:kubeflow.org/v1:Notebook ada-notebook < ada",
    ]);
  });

  it("tells where it is shown", async () => {
    const notebook = new Notebook("ada", { image, objectName: "ada-2", namespace: "ml" });
    expect(await valueOf(notebook.objectName)).toBe("ada-2");
    expect(await valueOf(notebook.namespace)).toBe("ml");
    expect(await valueOf(notebook.workspaceClaim)).toBe("ada-2-workspace");
    expect(await valueOf(notebook.consolePath)).toBe("/notebook/ml/ada-2/");
  });

  it("tells an RStudio its address, also where the namespace is not known yet", async () => {
    const space = new k8s.core.v1.Namespace("space", { metadata: { name: "ml" } });
    new Notebook("ada", { image, server: "rstudio", namespace: space.metadata.name });
    const { metadata } = await program.inputsOf("ada-notebook");
    expect(metadata).toMatchObject({
      annotations: { "notebooks.kubeflow.org/http-headers-request-set": '{"X-RStudio-Root-Path":"/notebook/ml/ada/"}' },
    });
  });

  it("collects every problem, throws once and registers nothing", async () => {
    expect(problemsOf(() => new Notebook("ada", { image: "", port: 0 })).message).toBe(
      'Notebook "ada": 2 invalid inputs',
    );
    expect(await program.resources()).toEqual([]);
  });
});

describe("the pod of a notebook", () => {
  it("has a container of the notebook's name, by which the controller tells its state", () => {
    expect(podOf({ objectName: "ada-2" }).containers.map(({ name }) => name)).toEqual(["ada-2"]);
  });

  it("may write to its workspace: by the group of Kubeflow's images, or that of its user", () => {
    expect(podOf().securityContext).toMatchObject({ fsGroup: 100 });
    expect(podOf({ runAsUser: 1000 }).securityContext).toMatchObject({ fsGroup: 1000, runAsUser: 1000 });
  });

  it("mounts the workspace before other volumes", () => {
    const scratch = { name: "tmp", mountPath: "/scratch", scratch: {} };
    expect(podOf({ workspacePath: "/work", volumes: [scratch] }).containers[0]).toMatchObject({
      workingDir: "/work",
      volumeMounts: [
        { name: "workspace", mountPath: "/work" },
        { name: "tmp", mountPath: "/scratch" },
      ],
    });
  });

  it("says its port only where it is another one", () => {
    expect(podOf().containers[0]).not.toHaveProperty("ports");
    expect(podOf({ port: 8787 }).containers[0]?.ports).toEqual([
      { name: "notebook-port", containerPort: 8787, protocol: "TCP" },
    ]);
  });
});

describe("the annotations of a notebook", () => {
  it.each<[NotebookArgs["server"], object]>([
    [undefined, { "notebooks.kubeflow.org/server-type": "jupyter" }],
    [
      "code-server",
      { "notebooks.kubeflow.org/server-type": "group-one", "notebooks.kubeflow.org/http-rewrite-uri": "/" },
    ],
    [
      "rstudio",
      {
        "notebooks.kubeflow.org/server-type": "group-two",
        "notebooks.kubeflow.org/http-rewrite-uri": "/",
        "notebooks.kubeflow.org/http-headers-request-set": '{"X-RStudio-Root-Path":"/notebook/ml/ada/"}',
      },
    ],
  ])("say how routes reach a server %s", (server, expected) => {
    const all = annotationsOf({ namespace: "ml", ...(server === undefined ? {} : { server }) });
    const ofServer = Object.entries(all).filter(([key]) => key.startsWith("notebooks.kubeflow.org/"));
    expect(Object.fromEntries(ofServer)).toEqual(expected);
  });

  it("stop it only where that is said", () => {
    expect(annotationsOf({ stopped: true })).toHaveProperty("kubeflow-resource-stopped");
    expect(annotationsOf({ stopped: false })).not.toHaveProperty("kubeflow-resource-stopped");
  });

  it("reach the pod with those of its author, which may have it evicted", () => {
    const annotations = { "karpenter.sh/do-not-disrupt": "false", "example.com/owner": "ada" };
    expect(annotationsOf({ annotations })).toMatchObject(annotations);
    expect(annotationsOf({})).toMatchObject({ "karpenter.sh/do-not-disrupt": "true" });
  });
});

describe("validateNotebook refuses", () => {
  it.each<[string, Partial<NotebookArgs>, string[]]>([
    [
      "a workspace that is there, and its size",
      { workspaceClaim: "work", workspaceSize: "20Gi" },
      [
        'workspaceSize is "20Gi"; allowed: nothing with workspaceClaim, which is there already. Leave one of the two out.',
      ],
    ],
    [
      "a volume in the place of the workspace",
      { volumes: [{ name: "home", mountPath: "/home/jovyan", scratch: {} }] },
      ['volumes[0].mountPath is "/home/jovyan"; allowed: any path but workspacePath. Choose another.'],
    ],
    [
      "a label by which the controller finds the pod",
      { labels: { statefulset: "ada" } },
      ['labels["statefulset"] is set by the controller; allowed: any label but this. Rename the label.'],
    ],
    [
      "an annotation that would not reach the pod",
      { annotations: { "example.com/my-notebook": "x" } },
      [
        'annotations["example.com/my-notebook"] is kept from the pod by the controller; ' +
          'allowed: keys without "notebook" and "kubectl". Rename the key.',
      ],
    ],
    [
      "the variable by which the notebook knows its address",
      { env: { NB_PREFIX: "/" } },
      ['env["NB_PREFIX"] is set by the controller; allowed: any variable but this. Remove the variable.'],
    ],
    [
      "an RStudio without a namespace, which is part of its address",
      { server: "rstudio" },
      ["namespace is missing; allowed: a namespace with server rstudio. Name the notebook's namespace."],
    ],
    [
      "a name that is too long for a label of its pod",
      { objectName: "n".repeat(53) },
      [
        `objectName is "${"n".repeat(53)}"; allowed: at most 52 characters before the revision in a label of its pod. ` +
          "Shorten it.",
      ],
    ],
  ])("%s", (_given, args, reasons) => {
    expect(validateNotebook("ada", { image, ...args }).map(({ reason }) => reason)).toEqual(reasons);
  });
});
