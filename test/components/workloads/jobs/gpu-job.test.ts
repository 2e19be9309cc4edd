import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { GpuJob } from "../../../../components";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const image = "ghcr.io/acme/mnist:1.4.0";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("GpuJob", () => {
  it("creates one Job and nothing else", async () => {
    new GpuJob("mnist", { image });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:GpuJob mnist",
      "kubernetes:batch/v1:Job mnist-job < mnist",
    ]);
  });

  it("replaces the old Job first where the new one must be another, as both have one name", async () => {
    new GpuJob("mnist", { image });
    const [, job] = await program.resources();
    expect(job).toMatchObject({
      deleteBeforeReplace: true,
      replaceOnChanges: [
        "spec.completionMode",
        "spec.podFailurePolicy",
        "spec.backoffLimitPerIndex",
        "spec.successPolicy",
      ],
    });
  });

  it("runs a failed Job anew in the next update", async () => {
    new GpuJob("mnist", { image });
    const [, job] = await program.resources();
    expect(job?.inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/replaceUnready": "true" } });
  });

  it.each([
    { limits: {}, timeout: "86700s" },
    { limits: { activeDeadlineSeconds: 3600 }, timeout: "3900s" },
    { limits: { queue: "nightly" }, timeout: "173100s" },
    { limits: { queue: "nightly", activeDeadlineSeconds: 3600 }, timeout: "90300s" },
  ])(
    "is waited for until five minutes after its deadline, and a day more in a queue: $timeout",
    async ({ limits, timeout }) => {
      new GpuJob("mnist", { image, ...limits });
      expect((await program.resource("mnist-job")).createTimeout).toBe(timeout);
    },
  );

  it("tells its name and namespace, and that it has completed", async () => {
    const job = new GpuJob("mnist", { image, objectName: "mnist-2", namespace: "ml" });
    expect(await valueOf(job.objectName)).toBe("mnist-2");
    expect(await valueOf(job.namespace)).toBe("ml");
    expect(await valueOf(job.completed)).toBe(true);
  });

  it("has not completed yet in a preview, where its image may be unknown too", async () => {
    program = await startMocks({ preview: true });
    const source = new k8s.core.v1.ConfigMap("source", {});
    const job = new GpuJob("mnist", { image: source.id });
    expect(await isKnown(job.completed)).toBe(false);
    expect(childList(await program.resources())).toContain("kubernetes:batch/v1:Job mnist-job < mnist");
  });

  it("keeps a secret variable secret", async () => {
    new GpuJob("mnist", { image, env: { TOKEN: pulumi.secret("hunter2") } });
    const [component, job] = await program.resources();
    expect(component?.secretInputs).toEqual(["env"]);
    expect(job?.secretInputs).toEqual(["spec"]);
  });

  it("uses the provider that it is given", async () => {
    const provider = new k8s.Provider("lab", {});
    new GpuJob("mnist", { image }, { providers: [provider] });
    expect((await program.resource("mnist-job")).provider).toBe("lab");
  });

  it("lets two jobs stand side by side", async () => {
    const jobs = ["mnist", "cifar"].map((name) => new GpuJob(name, { image }));
    expect(await Promise.all(jobs.map((job) => valueOf(job.objectName)))).toEqual(["mnist", "cifar"]);
  });

  it("collects every problem, throws once and registers nothing", async () => {
    const { message, reasons } = problemsOf(() => new GpuJob("mnist", { image: "", gpus: 0 }));
    expect(message).toBe('GpuJob "mnist": 2 invalid inputs');
    expect(reasons).toEqual([
      'image is ""; allowed: an image with a tag or digest. Name the image to run.',
      "gpus is 0; allowed: a whole number from 1. Set gpus within that range.",
    ]);
    expect(await program.resources()).toEqual([]);
  });
});
