import * as pulumi from "@pulumi/pulumi";
import { TensorFlowJob } from "mlstack/workloads";
import { lineageOf, sharedVolume, type StoryGround } from "./story";

const NAME = "parameter-server";
const CHECKPOINTS = "/checkpoints";

/** User of the image. */
const USER = 10001;

/** Trains with parameter servers: every process finds the others, its role and its number in `TF_CONFIG`. */
export function parameterServer(ground: StoryGround): pulumi.Output<string>[] {
  const { provider, namespace, image, dependsOn } = ground;
  // The chief writes checkpoints, servers that start anew and the evaluator read them.
  const claim = sharedVolume(`${NAME}-checkpoints`, "10Gi", ground);
  const small = { gpus: 0, cpu: "500m", memory: "512Mi" };
  const job = new TensorFlowJob(
    NAME,
    {
      namespace,
      ...lineageOf(ground),
      image: image(NAME),
      args: [`--checkpoints=${CHECKPOINTS}`, "--target-loss=0.012"],
      volumes: [{ name: "checkpoints", mountPath: CHECKPOINTS, persistentVolumeClaim: claim }],
      runAsUser: USER,
      parameterServers: { replicas: 2, ...small },
      workers: { replicas: 3, ...small },
      chief: small,
      evaluator: small,
      // The namespace has no queue for jobs to wait in.
      gang: false,
      topology: { level: "zone" },
      activeDeadlineSeconds: 3600,
      annotations: { "mlstack.dev/simulate": "succeed after=2s" },
    },
    { provider, dependsOn },
  );
  return [pulumi.interpolate`TFJob ${job.namespace}/${job.objectName}`];
}
