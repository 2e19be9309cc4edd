import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import {
  TensorBoard,
  type TensorBoardArgs,
  tensorBoardManifests,
  validateTensorBoard,
} from "../../../../components/workloads/notebooks";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("TensorBoard", () => {
  it("creates one Tensorboard, and another one for other logs, as its controller changes none", async () => {
    new TensorBoard("runs", { logsClaim: "runs" });
    const resources = await program.resources();
    expect(childList(resources)).toEqual([
      "mlstack:index:TensorBoard runs",
      "kubernetes:tensorboard.kubeflow.org/v1alpha1:Tensorboard runs-tensor-board < runs",
    ]);
    expect(resources[1]).toMatchObject({ replaceOnChanges: ["spec"], deleteBeforeReplace: true });
  });

  it("creates a Deployment and then a Service where it stands alone", async () => {
    new TensorBoard("runs", { logsClaim: "runs", standalone: true });
    const resources = await program.resources();
    expect(childList(resources)).toEqual([
      "mlstack:index:TensorBoard runs",
      "kubernetes:apps/v1:Deployment runs-deployment < runs",
      "kubernetes:core/v1:Service runs-service < runs",
    ]);
    expect(resources[2]?.dependsOn).toEqual(["runs-deployment"]);
  });

  it.each([false, true])("tells its address, which is the same, standalone or not: %s", async (standalone) => {
    const board = new TensorBoard("runs", { logsClaim: "runs", standalone, objectName: "board", namespace: "ml" });
    expect(await valueOf(board.objectName)).toBe("board");
    expect(await valueOf(board.namespace)).toBe("ml");
    expect(await valueOf(board.url)).toBe("http://board.ml.svc");
  });

  it("reads a claim that is not known yet", async () => {
    new TensorBoard("runs", { logsClaim: pulumi.output("runs"), logsFolder: "resnet" });
    expect(await program.inputsOf("runs-tensor-board")).toMatchObject({ spec: { logspath: "pvc://runs/resnet" } });
  });

  it("collects every problem, throws once and registers nothing", async () => {
    const { message } = problemsOf(() => new TensorBoard("runs", { logsFolder: "/", objectName: "R" }));
    expect(message).toBe('TensorBoard "runs": 4 invalid inputs');
    expect(await program.resources()).toEqual([]);
  });
});

describe("where the logs of a TensorBoard are", () => {
  it.each<[TensorBoardArgs, string]>([
    [{ logsClaim: "runs" }, "pvc://runs"],
    [{ logsClaim: "runs", logsFolder: "a/b" }, "pvc://runs/a/b"],
    [{ logsUrl: "s3://runs/a" }, "s3://runs/a"],
  ])("is told to the controller: %j is %s", (args, logspath) => {
    expect(tensorBoardManifests("runs", args).tensorBoard?.spec).toEqual({ logspath });
  });

  it.each<[TensorBoardArgs, string]>([
    [{ logsClaim: "runs" }, "--logdir=/logs"],
    [{ logsClaim: "runs", logsFolder: "a/b" }, "--logdir=/logs/a/b"],
    [{ logsUrl: "s3://runs/a", server: { image: "tb:1" } }, "--logdir=s3://runs/a"],
  ])("is told to a standalone one: %j is %s", (args, logdir) => {
    expect(serverOf(args).containers[0]?.args).toEqual([logdir, "--bind_all", "--port=6006"]);
  });
});

interface ServerSpec {
  securityContext: object;
  automountServiceAccountToken: boolean;
  volumes?: object[];
  containers: { args: string[]; volumeMounts?: object[] }[];
}

function serverOf(args: TensorBoardArgs): ServerSpec {
  const { deployment } = tensorBoardManifests("runs", { ...args, standalone: true });
  return (deployment?.spec.template as { spec: ServerSpec }).spec;
}

describe("a standalone TensorBoard", () => {
  it("only reads its logs, and leaves their group alone", () => {
    const { securityContext, containers, automountServiceAccountToken } = serverOf({ logsClaim: "runs" });
    expect(containers[0]?.volumeMounts).toEqual([{ name: "logs", mountPath: "/logs", readOnly: true }]);
    expect(securityContext).toEqual({
      seccompProfile: { type: "RuntimeDefault" },
      runAsNonRoot: true,
      runAsUser: 1000,
    });
    expect(automountServiceAccountToken).toBe(false);
  });

  it("is found by its Service, and by no other workload's of its name", () => {
    const { deployment, service } = tensorBoardManifests("runs", { logsClaim: "runs", standalone: true });
    const labels = { "app.kubernetes.io/name": "runs", "app.kubernetes.io/component": "tensorboard" };
    expect(service?.spec.selector).toEqual(labels);
    expect(deployment?.spec.template).toMatchObject({ metadata: { labels } });
  });
});

describe("validateTensorBoard refuses", () => {
  it.each<[string, TensorBoardArgs, string[]]>([
    ["to show nothing", {}, ["logsClaim is missing; allowed: either logsClaim or logsUrl. Say where the logs are."]],
    [
      "to show two things",
      { logsClaim: "runs", logsUrl: "s3://runs" },
      ["logsUrl is given together with logsClaim; allowed: one of the two. Leave one of them out."],
    ],
    [
      "a folder that leads out of the claim",
      { logsClaim: "runs", logsFolder: "../secrets" },
      [
        'logsFolder is "../secrets"; allowed: a path within the claim, without .. and outer slashes. ' +
          "Write it like runs/resnet.",
      ],
    ],
    [
      "a pod that the controller makes",
      { logsClaim: "runs", server: { memory: "4Gi" } },
      ["server is given without standalone; allowed: nothing: the controller makes all pods alike. Set standalone."],
    ],
    [
      "an image that does not read buckets",
      { logsUrl: "s3://runs", standalone: true },
      [
        "server.image is missing; allowed: an image that reads buckets, with logsUrl. " +
          "Name one with TensorBoard and boto3.",
      ],
    ],
    [
      "options that say what arguments say",
      {
        logsClaim: "runs",
        standalone: true,
        server: { args: ["--port=80", "--reload_interval", "--logdir_spec=a:b"] },
      },
      [
        'server.args[0] is "--port=80"; allowed: options that nothing else sets. Remove it.',
        'server.args[2] is "--logdir_spec=a:b"; allowed: options that nothing else sets. Remove it.',
      ],
    ],
    [
      "a value apart from its option",
      { logsClaim: "runs", standalone: true, server: { args: ["30"] } },
      ['server.args[0] is "30"; allowed: an option with its value, such as --reload_interval=30. Write it in one.'],
    ],
    [
      "a name without room for that of a port",
      { logsClaim: "runs", objectName: "b".repeat(59) },
      [
        `objectName is "${"b".repeat(59)}"; allowed: at most 58 characters after http-, the Service's port. Shorten it.`,
      ],
    ],
  ])("%s", (_given, args, reasons) => {
    expect(validateTensorBoard("runs", args).map(({ reason }) => reason)).toEqual(reasons);
  });
});
