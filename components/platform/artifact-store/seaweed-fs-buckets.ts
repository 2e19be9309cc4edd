import { partResources, systemNodes } from "../part/part-args";
import { type SeaweedFsArgs, SeaweedFsMode } from "./seaweed-fs-args";
import { restrictedContainer, restrictedPod, SEAWEED_FS_RELEASE, seaweedFsImage } from "./seaweed-fs-values";
import { declarationHash } from "./store-credentials";
import { storeBuckets } from "./store-grants";
import { storeJob } from "./store-job";

/** The shell of SeaweedFS tells no errors, so the Job looks whether each bucket is there in the end. */
const SCRIPT = `
list() { echo s3.bucket.list | weed -logtostderr=true shell -master="$MASTER" -filer="$FILER" | awk '{ print $1 }'; }
for bucket in "$@"; do
  if ! list | grep -qxF "$bucket"; then
    echo "s3.bucket.create -name $bucket" | weed -logtostderr=true shell -master="$MASTER" -filer="$FILER"
  fi
  list | grep -qxF "$bucket"
done
`.trimStart();

/**
 * A Job that makes the buckets which are not there yet; another one whenever the list changes. It takes the place of the
 * chart's hook, which Pulumi does not run.
 */
export function seaweedFsBucketsManifest(namespace: string, args: SeaweedFsArgs) {
  const buckets = storeBuckets(args);
  const labels = {
    // The network policies of the chart let in what belongs to its release.
    "app.kubernetes.io/name": SEAWEED_FS_RELEASE,
    "app.kubernetes.io/instance": SEAWEED_FS_RELEASE,
    "app.kubernetes.io/component": "buckets",
  };
  const single = args.mode === SeaweedFsMode.single;
  const host = (component: string) =>
    `${SEAWEED_FS_RELEASE}-${single ? "all-in-one" : component}.${namespace}.svc.cluster.local`;
  const name = `${SEAWEED_FS_RELEASE}-buckets-${declarationHash({ buckets, image: seaweedFsImage(args) })}`;
  return storeJob(name, namespace, labels, {
    nodeSelector: systemNodes(args.platform),
    securityContext: restrictedPod,
    containers: [
      {
        name: "buckets",
        image: seaweedFsImage(args),
        command: ["/bin/sh", "-ec", SCRIPT, "buckets", ...buckets],
        env: [
          { name: "MASTER", value: `${host("master")}:9333` },
          { name: "FILER", value: `${host("filer-client")}:8888` },
        ],
        resources: partResources(undefined, { cpu: "100m", memory: "128Mi" }),
        securityContext: { ...restrictedContainer, readOnlyRootFilesystem: true },
        volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
      },
    ],
    volumes: [{ name: "scratch", emptyDir: {} }],
  });
}
