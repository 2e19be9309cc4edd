import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { GpuJob, Architecture } from "../../components";
import { IMAGES } from "../../components/model/images";
import { furtherTaints } from "./placement";
import type { Scenario } from "./scenario";
import { lineageOf } from "./story";

const STEPS = 500;
const SCRIPT = "mnist.py";
const SCRIPT_DIRECTORY = "/opt/mnist";

/** Trains on MNIST for 500 steps on one GPU; the update waits for the Job to complete. */
export const mnist: Scenario = {
  description: `trains a small network on MNIST for ${STEPS} steps on one GPU`,
  needs: { gpus: 1, architecture: Architecture.amd64 },
  deploy: ({ provider, namespace, pool, commit, dependsOn }) => {
    const script = new k8s.core.v1.ConfigMap(
      "mnist-script",
      { metadata: { namespace }, data: { [SCRIPT]: readFileSync(join(__dirname, SCRIPT), "utf8") } },
      { provider },
    );
    const job = new GpuJob(
      "mnist",
      {
        namespace,
        ...lineageOf({ commit }),
        image: IMAGES.mnist,
        command: ["python", `${SCRIPT_DIRECTORY}/${SCRIPT}`],
        args: [`--steps=${STEPS}`],
        gpus: 1,
        ...(pool === undefined ? {} : { pool: pool.name }),
        tolerations: furtherTaints(pool),
        volumes: [{ name: "script", mountPath: SCRIPT_DIRECTORY, configMap: script.metadata.name }],
        // The image's own user is root; another has no home directory for the downloaded images.
        runAsUser: 1000,
        env: { KERAS_HOME: "/tmp/keras" },
        // No container runs on a simulated node: this says how the pod ends there.
        annotations: { "mlstack.dev/simulate": "succeed after=2s" },
      },
      { provider, dependsOn },
    );
    return [pulumi.interpolate`Job ${job.namespace}/${job.objectName}`];
  },
};
