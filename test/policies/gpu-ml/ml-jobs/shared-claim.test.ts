import { describe, expect, it } from "vitest";
import { sharedClaim } from "../../../../policies/gpu-ml/ml-jobs/shared-claim";
import { analyzeStack, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";

const CLAIM_NAME = "spec.pytorchReplicaSpecs.Worker.template.spec.volumes[0].persistentVolumeClaim.claimName";

function claim(accessModes: unknown, name: unknown = "chat", namespace: unknown = "ml"): TestResource {
  const props = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace },
    spec: { accessModes },
  };
  return { type: "kubernetes:core/v1:PersistentVolumeClaim", name: "claim", props };
}

function role(replicas: unknown, claimName: unknown = "chat"): object {
  const volumes = [{ name: "checkpoints", persistentVolumeClaim: { claimName } }];
  return { replicas, template: { spec: { containers: [{ name: "pytorch", image: "a:1" }], volumes } } };
}

function training(roles: Record<string, object>, namespace: unknown = "ml"): TestResource {
  const spec = { pytorchReplicaSpecs: roles };
  const props = { apiVersion: "kubeflow.org/v1", kind: "PyTorchJob", metadata: { name: "chat", namespace }, spec };
  return { type: "kubernetes:kubeflow.org/v1:PyTorchJob", name: "job", props };
}

function judged(...resources: TestResource[]): string[] {
  return lines(analyzeStack([sharedClaim], resources));
}

function found(path: string): string {
  return (
    `advisory [ML-12] PyTorchJob ml/chat: ${path} is "chat", a claim that one node at a time can mount, in a job of several ` +
    "pods; allowed: a ReadWriteMany claim. Claim a volume that several nodes can mount, or keep the data in an object store."
  );
}

const OF_ONE_NODE = claim(["ReadWriteOnce"]);

describe("ML-12 claims of jobs on several nodes", () => {
  it.each<[string, TestResource[]]>([
    ["a claim that several nodes can mount", [claim(["ReadWriteMany"]), training({ Worker: role(2) })]],
    [
      "a claim that may be mounted either way",
      [claim(["ReadWriteOnce", "ReadWriteMany"]), training({ Worker: role(2) })],
    ],
    ["a claim without modes", [claim([]), training({ Worker: role(2) })]],
    ["modes that are no list", [claim("ReadWriteOnce"), training({ Worker: role(2) })]],
    ["one pod", [OF_ONE_NODE, training({ Worker: role(1) })]],
    ["one pod of each claim", [OF_ONE_NODE, training({ Master: role(1, "master"), Worker: role(1) })]],
    ["a claim of another name", [claim(["ReadWriteOnce"], "other"), training({ Worker: role(2) })]],
    ["a claim of another namespace", [claim(["ReadWriteOnce"], "chat", "web"), training({ Worker: role(2) })]],
    ["a claim that the stack does not make", [training({ Worker: role(2) })]],
    ["a name that is no text", [OF_ONE_NODE, training({ Worker: role(2, 7) })]],
    [
      "another kind with such modes",
      [{ ...OF_ONE_NODE, props: { ...OF_ONE_NODE.props, kind: "PersistentVolume" } }, training({ Worker: role(2) })],
    ],
    [
      "a kind that does not train",
      [
        OF_ONE_NODE,
        {
          ...training({ Worker: role(2) }),
          props: {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: { name: "chat", namespace: "ml" },
            spec: role(2),
          },
        },
      ],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(judged(...resources)).toEqual([]);
  });

  it("finds the claim beside others", () => {
    const worker = role(2) as { template: { spec: { volumes: object[] } } };
    worker.template.spec.volumes.push({ name: "data", persistentVolumeClaim: { claimName: "data" } });

    expect(judged(OF_ONE_NODE, training({ Worker: worker }))).toEqual([found(CLAIM_NAME)]);
  });

  it.each(["ReadWriteOnce", "ReadWriteOncePod"])("refuses several pods with a claim of mode %s", (mode) => {
    expect(judged(claim([mode]), training({ Worker: role(2) }))).toEqual([found(CLAIM_NAME)]);
  });

  it("adds up the pods of all roles that mount it", () => {
    const resource = training({ Master: role(1), Worker: role(1) });

    expect(judged(OF_ONE_NODE, resource)).toEqual([found(CLAIM_NAME.replace("Worker", "Master")), found(CLAIM_NAME)]);
    expect(analyzeStack([sharedClaim], [resource, OF_ONE_NODE])[0]).toMatchObject({ urn: urnOf(resource) });
  });

  it.each<[string, TestResource[], string]>([
    ["the modes", [claim(UNKNOWN_STRING), training({ Worker: role(2) })], CLAIM_NAME],
    ["a mode", [claim([UNKNOWN_STRING]), training({ Worker: role(2) })], CLAIM_NAME],
    ["the name of the claim", [claim(["ReadWriteOnce"], UNKNOWN_STRING), training({ Worker: role(2) })], CLAIM_NAME],
    ["its namespace", [claim(["ReadWriteOnce"], "chat", UNKNOWN_STRING), training({ Worker: role(2) })], CLAIM_NAME],
    ["the namespace of the job", [OF_ONE_NODE, training({ Worker: role(2) }, UNKNOWN_STRING)], CLAIM_NAME],
    ["which claim it is", [OF_ONE_NODE, training({ Worker: role(2, UNKNOWN_STRING) })], CLAIM_NAME],
    [
      "how many pods there are",
      [OF_ONE_NODE, training({ Worker: role(UNKNOWN_STRING) })],
      "spec.pytorchReplicaSpecs.Worker.template",
    ],
  ])("cannot decide without knowing %s", (_case, resources, path) => {
    const [message, ...others] = judged(...resources);

    expect(others).toEqual([]);
    expect(message).toContain(
      `: ${path} is not known yet; allowed: a value that keeps "Jobs on several nodes share volumes that several nodes can ` +
        'mount". It is judged at the end of the update, when the object is there already.',
    );
  });
});
