import { describe, expect, it } from "vitest";
import { jobSetRendering } from "../../../../components/platform/queues/job-set-controller";
import { objectsOf } from "../../../support/rendering";

describe("JobSet's chart with the component's values", () => {
  it("renders", async () => {
    const objects = await objectsOf(jobSetRendering({}));
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`)).toEqual([]);
  });
});
