import type { V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { unlessCode } from "../../rehearsal/cluster/api-errors";
import { RealPods } from "./real-pods";

/** A pod that a test has beside those of a story, to see what they left or what they answer. */
export interface Visitor {
  name: string;
  image: string;
  command: string[];
  /** User and group; that of the stories' images by default. */
  user?: number;
  /** Claims by the paths where it finds them; none by default. */
  claims?: Record<string, string>;
  env?: Record<string, string>;
}

/** User of the images of the stories. */
const USER = 10001;

/** Pods of a namespace in which a story runs, held to the Pod Security level `restricted`. */
export class StoryPods extends RealPods {
  /** Runs a visitor to its end. @returns what it printed. @throws Error with that where it does not end well. */
  async visit(visitor: Visitor): Promise<string> {
    await this.start(visitor);
    const { printed, exitCode } = await this.outcome(visitor.name);
    await this.remove(visitor.name);
    if (exitCode !== 0) throw new Error(`${visitor.name} ended with exit code ${exitCode}: ${printed}`);
    return printed;
  }

  /** Starts a visitor. */
  async start(visitor: Visitor): Promise<void> {
    await this.core.createNamespacedPod({ namespace: this.namespace, body: podOf(visitor) });
  }

  /** The pods that have labels. */
  async labelled(labelSelector: string): Promise<V1Pod[]> {
    return (await this.core.listNamespacedPod({ namespace: this.namespace, labelSelector })).items;
  }

  /** Ends and removes a pod at once. */
  async remove(name: string): Promise<void> {
    await this.core
      .deleteNamespacedPod({ name, namespace: this.namespace, gracePeriodSeconds: 0 })
      .catch(unlessCode(404));
  }
}

function podOf({ name, image, command, user = USER, claims = {}, env = {} }: Visitor): V1Pod {
  const mounts = Object.entries(claims).map(([mountPath, claimName], index) => {
    return { mountPath, claimName, name: `claim-${index}` };
  });
  const spec: V1PodSpec = {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 1,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "main",
        image,
        command,
        env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "512Mi" } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        volumeMounts: mounts.map(({ mountPath, name: volume }) => ({ name: volume, mountPath })),
      },
    ],
    volumes: mounts.map(({ name: volume, claimName }) => ({ name: volume, persistentVolumeClaim: { claimName } })),
  };
  return { metadata: { name }, spec };
}
