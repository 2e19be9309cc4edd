/** Tries of a Job that sets a store up: servers may still be finding each other. */
const TRIES = 10;
/** Seconds after which the Job has failed; once done it stays, as a deleted one would be made anew. */
const DEADLINE_SECONDS = 1800;

/** A Job that sets a store up, with what all such Jobs have in common; the pod says what it runs. */
export function storeJob<Pod extends object>(
  name: string,
  namespace: string,
  labels: Record<string, string>,
  pod: Pod,
) {
  return {
    metadata: { name, namespace, labels },
    spec: {
      backoffLimit: TRIES,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      template: {
        metadata: { labels: { ...labels, "sidecar.istio.io/inject": "false" } },
        spec: {
          restartPolicy: "OnFailure",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          ...pod,
        },
      },
    },
  };
}
