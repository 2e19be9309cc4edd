import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import { leastPods } from "../../../preflight/cost/least-pods";
import { workload } from "./stack";

function least(properties: TreeObject, path: string, count: number | undefined): number | undefined {
  const service = workload("service", { kind: "always" }, [{ path, count }], { properties });
  return leastPods(service, service.podSets[0]!);
}

const predictor = (fields: TreeObject) => ({ spec: { predictor: fields } });
const group = (fields: TreeObject, cluster: TreeObject) => ({
  spec: { rayClusterConfig: { ...cluster, workerGroupSpecs: [{ template: {} }, { ...fields, template: {} }] } },
});
const autoscaled = { enableInTreeAutoscaling: true };
const ofGroup = "spec.rayClusterConfig.workerGroupSpecs[1].template";

describe("the pods of a service that are always there", () => {
  it.each<[string, TreeObject, string, number | undefined, number | undefined]>([
    ["are all of those that are not scaled", { spec: { replicas: 3 } }, "spec.template", 3, 3],
    ["are those of the fewest replicas", predictor({ minReplicas: 2, maxReplicas: 6 }), "spec.predictor", 6, 2],
    ["are one where no fewest are said", predictor({ maxReplicas: 6 }), "spec.predictor", 6, 1],
    ["are one where null is said", predictor({ minReplicas: null, maxReplicas: 6 }), "spec.predictor", 6, 1],
    ["are none of what scales to nothing", predictor({ minReplicas: 0, maxReplicas: 6 }), "spec.predictor", 6, 0],
    [
      "are all where the fewest are more than the most",
      predictor({ minReplicas: 4, maxReplicas: 2 }),
      "spec.predictor",
      4,
      4,
    ],
    ["are all where only the fewest are said", predictor({ minReplicas: 2 }), "spec.predictor", 2, 2],
    ["are all where no replicas make sense", predictor({ minReplicas: "few", maxReplicas: 6 }), "spec.predictor", 6, 6],
    [
      "are all where the fewest are below nothing",
      predictor({ minReplicas: -1, maxReplicas: 6 }),
      "spec.predictor",
      6,
      6,
    ],
    [
      "are those of what is around them where null is said of the most",
      { spec: { minReplicas: 1, maxReplicas: 3, predictor: { maxReplicas: null } } },
      "spec.predictor",
      9,
      3,
    ],
    ["are all where there are none at most", predictor({ minReplicas: 0, maxReplicas: 0 }), "spec.predictor", 1, 1],
    [
      "are several for each replica",
      { spec: { scaling: { minReplicas: 1, maxReplicas: 3 }, worker: {} } },
      "spec.worker",
      9,
      3,
    ],
    [
      "are those of the nearest that is scaled",
      { spec: { maxReplicas: 9, predictor: { minReplicas: 1, maxReplicas: 2 } } },
      "spec.predictor",
      2,
      1,
    ],
    [
      "are not known where the fewest are not",
      predictor({ minReplicas: UNKNOWN, maxReplicas: 6 }),
      "spec.predictor",
      6,
      undefined,
    ],
    [
      "are not known where the most are not",
      predictor({ minReplicas: 1, maxReplicas: UNKNOWN }),
      "spec.predictor",
      6,
      undefined,
    ],
    [
      "are not known where their number is not",
      predictor({ minReplicas: 1, maxReplicas: 6 }),
      "spec.predictor",
      undefined,
      undefined,
    ],
    ["are all where what is around them is not known", { spec: UNKNOWN }, "spec.predictor", 2, 2],
    [
      "are all of those that are written as text",
      predictor({ minReplicas: 1, maxReplicas: 6 }),
      "data.job#spec.predictor",
      2,
      2,
    ],
    [
      "are those of the fewest workers",
      group({ minReplicas: 1, maxReplicas: 4, numOfHosts: 2 }, autoscaled),
      ofGroup,
      8,
      2,
    ],
    ["are no workers where no fewest are said", group({ maxReplicas: 4 }, autoscaled), ofGroup, 4, 0],
    ["are all workers where nothing scales them", group({ minReplicas: 1, maxReplicas: 4 }, {}), ofGroup, 3, 3],
    [
      "are all workers where scaling is off",
      group({ minReplicas: 1, maxReplicas: 4 }, { enableInTreeAutoscaling: false }),
      ofGroup,
      3,
      3,
    ],
  ])("%s", (_case, properties, path, count, pods) => {
    expect(least(properties, path, count)).toBe(pods);
  });

  it.each<[string, number | typeof UNKNOWN, number | undefined, number | undefined]>([
    ["are those to which an autoscaler lowers them", 1, 3, 1],
    ["are none where it lowers them to nothing", 0, 3, 0],
    ["are no more than there are", 5, 3, 3],
    ["are not known where that is not", UNKNOWN, 3, undefined],
    ["are not known where their number is not, whatever an autoscaler does", 1, undefined, undefined],
  ])("%s", (_case, leastCount, count, pods) => {
    const service = workload("service", { kind: "always" }, [{ path: "spec.template", count }]);
    expect(leastPods(service, { ...service.podSets[0]!, leastCount })).toBe(pods);
  });
});
