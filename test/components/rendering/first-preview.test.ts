import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHARTS } from "../../../components/model/versions";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { ensurePlatformSources } from "../../../rehearsal/charts/module-sources";
import { PulumiProject } from "../../support/pulumi-project";

/** A cluster that the program itself makes has no kubeconfig in the first preview. */
describe("the first preview of a cluster that the same program makes", { timeout: 120_000 }, () => {
  let project: PulumiProject;
  /** A mirror of its own, from which nothing was rendered yet. */
  let chartMirror: string;
  beforeAll(async () => {
    chartMirror = await mkdtemp(join(tmpdir(), "mlstack-preview-"));
    const folder = `jobset-${CHARTS.jobSet.version}`;
    await cp(join(await ensurePlatformSources(), folder), join(chartMirror, folder), { recursive: true });
    project = await PulumiProject.create();
  });
  afterAll(async () => {
    await project.remove();
    await rm(chartMirror, { recursive: true });
  });

  it("shows every object of a chart, for the policies to judge", async () => {
    const compiled = join(checkoutRoot(), "bin", "components");
    const { kubeconfig } = project.environment.controlPlane.layout;
    const facts = { chartMirror, kubernetesVersion: "1.34", simulated: true };
    const program = `
const { RenderedObjects } = require(${JSON.stringify(join(compiled, "rendering"))});
const { CHARTS } = require(${JSON.stringify(join(compiled, "model", "versions"))});
const cluster = new k8s.core.v1.Namespace("cluster", {}, { provider });
const kubeconfig = cluster.metadata.uid.apply(() => ${JSON.stringify(kubeconfig)});
const later = new k8s.Provider("later", { kubeconfig });
const source = { chart: CHARTS.jobSet, release: "jobset", namespace: "jobset-system" };
const rendering = { sources: [source], facts: ${JSON.stringify(facts)}, namespace: "jobset-system" };
new RenderedObjects("jobset", rendering, { providers: [later] });
`;
    const { output } = await project.run("preview", program);
    expect(output).toContain("kubernetes:apps/v1:Deployment jobset-deployment-jobset-controller create");
  });
});
