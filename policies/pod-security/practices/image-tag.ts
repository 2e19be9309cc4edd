import { childAt, isUnknown, type ContainerAt, pathInContainer } from "../../../components/model";
import { hasDigest, tagOf, withoutCredentials } from "../../engine/image";
import { judgeContainers } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";

/**
 * POD-22: images carry a tag other than `latest`, or a digest.
 *
 * @see https://kubernetes.io/docs/concepts/containers/images/ "Image names", v1.36
 */
export const imageTag: ResourceRule = {
  id: "POD-22",
  title: "Images carry a tag other than latest, or a digest",
  why: "A floating image changes between two runs of the same job, so that no result can be reproduced.",
  remediation: "Name the version that was tested: its tag or, better, its digest.",
  url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: {},
  examples: {
    bad: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example/mnist:latest" }]
`,
    good: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  judge: ({ pods }) => judgeContainers(pods, judgeContainer),
};

function* judgeContainer(at: ContainerAt): Iterable<Judgement> {
  const { container: fields } = at;
  const path = pathInContainer(at, "image");
  const given = childAt(fields, "image");
  if (isUnknown(given)) yield undecided(path);
  if (typeof given !== "string" || hasDigest(given)) return;
  const image = withoutCredentials(given);
  const tag = tagOf(image);
  if (tag !== undefined && tag !== "latest") return;
  yield {
    path,
    observed: `${JSON.stringify(image)}, ${tag === undefined ? "which has no tag" : "which moves with every release"}`,
    allowed: "an image with a version tag or a digest",
    remedy: "Name the version that was tested, for example by its digest.",
  };
}
