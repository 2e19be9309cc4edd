import * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import type { ArtifactStoreFacts, PlatformPart } from "../../components";
import { createNamespaces } from "../../stacks/namespaces";
import { type ScenarioName, scenarioNames } from "../../stacks/scenarios";
import { deployScenarios, scenarioLabels } from "../../stacks/scenarios/deployment";
import { type Registered, startMocks } from "../support/mocks";

const COMMIT = "0123abc";
const IN_S3: ArtifactStoreFacts = { kind: "s3", bucket: "acme-artifacts", region: "eu-central-1" };

/** Objects that run code. */
const CODE = /:(Pod|Job|CronJob|Deployment|TFJob|Workflow|WorkflowTemplate|CronWorkflow|Experiment|InferenceService)$/;

describe.each(scenarioNames)("%s", (name) => {
  it("labels its workloads with the commit where that is known", async () => {
    const workloads = (await createdBy(name, COMMIT)).filter(({ type }) => CODE.test(type) && type.startsWith("kube"));
    expect(workloads.length).toBeGreaterThan(0);
    const unlabelled = workloads.filter((each) => labelsOf(each)["mlstack.dev/git-commit"] !== COMMIT);
    expect(unlabelled.map(({ type, name: of }) => `${type} ${of}`)).toEqual([]);
  });

  it("says nothing of a commit that is not known", async () => {
    expect(JSON.stringify(await createdBy(name, undefined))).not.toContain("mlstack.dev/git-commit");
  });
});

describe("a refit", () => {
  const templates = async (store?: ArtifactStoreFacts) => {
    const resources = await createdBy("refit", COMMIT, store && { artifactStore: store });
    const ofKind = resources.filter(({ type }) => type.endsWith("/v1alpha1:WorkflowTemplate"));
    const spec = JSON.stringify(ofKind.map(({ inputs }) => inputs["spec"]));
    // Argo fills these in too; they keep the manifests of objects valid JSON.
    return spec.replaceAll(/{{=toJson\(([\w.]+)\)\[1:-1\]}}/g, "{{$1}}");
  };

  it("publishes a version of its own with each run, and writes nothing that another run has written", async () => {
    const run = "{{workflow.name}}-{{workflow.creationTimestamp.s}}";
    const spec = await templates();
    expect(spec).toContain(`{"name":"version","value":"{{inputs.parameters.version}}-${run}"}`);
    const keys = [...spec.matchAll(/"key":"(refit[^"]*)"/g)].map(([, key]) => key);
    const addresses = [...spec.matchAll(/s3a?:\/\/acme-artifacts\/([^" ,\\]*)/g)].map(([, key]) => key!);
    expect(keys.length).toBeGreaterThan(4);
    expect(addresses.length).toBeGreaterThan(7);
    const others = [...keys, ...addresses].filter((key) => !key!.startsWith(`refit/runs/${run}/`));
    expect(others).toEqual(["refit/registry"]);
  });

  it("takes no volume, and reads and writes S3 with the roles of its accounts", async () => {
    const resources = await createdBy("refit", COMMIT);
    expect(resources.filter(({ type }) => type.endsWith(":PersistentVolumeClaim"))).toEqual([]);
    const spec = await templates();
    expect(spec).not.toContain("persistentVolumeClaim");
    expect(spec).not.toContain("AWS_ACCESS_KEY_ID");
    expect(spec).toContain('{"name":"AWS_DEFAULT_REGION","value":"eu-central-1"}');
  });

  it("reads and writes a store in the cluster with the keys of its Secret", async () => {
    const spec = await templates({
      ...{ kind: "versitygw", bucket: "artifacts", region: "us-east-1", credentialsSecret: "artifact-store" },
      ...{ endpoint: "versitygw.artifacts.svc.cluster.local:7070", insecure: true },
    });
    const endpoint = "http://versitygw.artifacts.svc.cluster.local:7070";
    expect(spec).toContain(`{"name":"AWS_ENDPOINT_URL_S3","value":"${endpoint}"}`);
    expect(spec).toContain(String.raw`fs.s3a.endpoint: \"${endpoint}\"`);
    expect(spec).toContain(
      '"AWS_ACCESS_KEY_ID","valueFrom":{"secretKeyRef":{"key":"accesskey","name":"artifact-store"}}',
    );
  });

  it("is about the day on which the run was created, unless another is given", async () => {
    const day = ["Y", "m", "d"].map((part) => `{{workflow.creationTimestamp.${part}}}`).join("-");
    expect(await templates()).toContain(`{"name":"day","value":"${day}"}`);
  });
});

describe("the models that the heart disease scenario serves", () => {
  const kinds = (resources: Registered[], kind: string) => resources.filter(({ inputs }) => inputs["kind"] === kind);
  const account = (resources: Registered[]) => resources.find(({ name }) => name === "heart-disease-model-account")!;

  it("are those of two runs of its pipeline, in the store", async () => {
    const resources = await createdBy("heart-disease", COMMIT);
    const [template] = kinds(resources, "WorkflowTemplate");
    expect(JSON.stringify(template)).toContain('"key":"heart-disease/models/{{workflow.name}}/model.joblib"');
    const runs = kinds(resources, "Workflow").map(({ inputs }) => (inputs["metadata"] as { name: string }).name);
    expect(runs.sort()).toEqual(["heart-disease-first", "heart-disease-next"]);
    const served = kinds(resources, "InferenceService");
    const addresses = [...JSON.stringify(served).matchAll(/"s3:\/\/acme-artifacts\/heart-disease\/models\/([^"]+)"/g)];
    expect(addresses.map(([, run]) => run).sort()).toEqual(runs);
  });

  it.each([true, false])("are waited for, where containers run: %s", async (containersRun) => {
    const resources = await createdBy("heart-disease", COMMIT, { containersRun });
    const [server] = resources.filter(({ type }) => type === "mlstack:index:InferenceService");
    expect(server!.dependsOn).toEqual(expect.arrayContaining(["heart-disease-first-run", "heart-disease-next-run"]));
    const awaited = kinds(resources, "Workflow").map(
      ({ inputs }) => (inputs["metadata"] as { annotations: Record<string, string> }).annotations["pulumi.com/waitFor"],
    );
    const done = containersRun ? "jsonpath={.status.phase}=Succeeded" : undefined;
    expect(awaited).toEqual([done, done]);
  });

  it("are read by an account that has a role, or names the keys of a store in the cluster", async () => {
    expect(account(await createdBy("heart-disease", COMMIT)).inputs).not.toHaveProperty("secrets");
    const artifactStore: ArtifactStoreFacts = {
      ...{ kind: "versitygw", bucket: "artifacts", region: "us-east-1", credentialsSecret: "artifact-store" },
      ...{ endpoint: "versitygw.artifacts.svc.cluster.local:7070", insecure: true },
    };
    const resources = await createdBy("heart-disease", COMMIT, { artifactStore });
    expect(account(resources).inputs["secrets"]).toEqual([{ name: "artifact-store" }]);
    const specs = kinds(resources, "InferenceService").map(({ inputs }) => inputs["spec"]);
    for (const spec of specs) {
      expect(spec).toMatchObject({ predictor: { serviceAccountName: "heart-disease-model" } });
    }
  });
});

describe("requests for the heart disease scenario's model", () => {
  it("go to the next version for a fifth, where there is Istio", async () => {
    const routes = (await createdBy("heart-disease", COMMIT, { parts: ["istio"] })).filter(
      ({ inputs }) => inputs["kind"] === "VirtualService",
    );
    const byGateway = Object.fromEntries(
      routes.map(({ inputs }) => {
        const { gateways, hosts, http } = inputs["spec"] as {
          gateways: string[];
          hosts: string[];
          http: { match?: unknown; route: { destination: { host: string }; weight?: number }[] }[];
        };
        const shares = http.at(-1)!.route.map(({ destination, weight }) => [destination.host, weight]);
        return [gateways.join(), { hosts, shares }];
      }),
    );
    const shares = [
      ["heart-disease-predictor", 80],
      ["heart-disease-next-predictor", 20],
    ];
    expect(byGateway).toEqual({
      "istio-ingress/https": { hosts: ["heart-disease.example.com"], shares },
      mesh: { hosts: ["heart-disease-predictor"], shares },
    });
  });

  it("are divided by nobody without", async () => {
    const resources = await createdBy("heart-disease", COMMIT);
    expect(resources.filter(({ inputs }) => inputs["kind"] === "VirtualService")).toEqual([]);
  });
});

/** What a scenario creates on a cluster that brings its own nodes. */
async function createdBy(
  name: ScenarioName,
  commit: string | undefined,
  {
    artifactStore = IN_S3,
    parts = [],
    containersRun = true,
  }: { artifactStore?: ArtifactStoreFacts; parts?: PlatformPart[]; containersRun?: boolean } = {},
): Promise<Registered[]> {
  const engine = await startMocks();
  const provider = new k8s.Provider("cluster");
  deployScenarios([name], {
    provider,
    namespaces: createNamespaces(["ml"], [], scenarioLabels([name]), { provider }),
    parts,
    images: "ghcr.io/acme/mlstack",
    gpuPools: [],
    canGrow: () => false,
    storageClass: undefined,
    artifactStore,
    containersRun,
    commit,
    dependsOn: [],
  });
  return engine.resources();
}

function labelsOf({ inputs }: Registered): Record<string, string> {
  return (inputs["metadata"] as { labels?: Record<string, string> }).labels ?? {};
}
