import { expect, test } from "vitest";
import { KINDS_WITH_PODS } from "../../../components/model/pod-sets/pod-sets-of";
import { OWNER_KINDS } from "../../../rehearsal/timeline/owner-kinds";

test("what is looked at are kinds whose pods plans know, and Suggestions, whose pods are those of a Deployment", () => {
  const watched = OWNER_KINDS.map(({ group, kind }) => `${group}/${kind}`);
  expect(watched.filter((kind) => !KINDS_WITH_PODS.includes(kind))).toEqual(["kubeflow.org/Suggestion"]);
});
