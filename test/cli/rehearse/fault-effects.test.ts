import { expect, it } from "vitest";
import { faultEffects } from "../../../cli/rehearse/fault-effects";

const fault = { at: 60, kind: "imageMissing", did: "the images of train* do not come", happened: true };

it("tells whose images a fault kept away, beside those that were open", () => {
  const withoutImage = [
    { workload: "Job research/train", pods: 2 },
    { workload: "Job research/train-again", pods: 1 },
  ];
  expect(faultEffects({ ...fault, struck: [], withoutImage, open: { waiting: 2 } })).toEqual([
    "Job research/train had 2 pods without their images",
    "Job research/train-again had 1 pod without its images",
    "2 workloads open then: 2 never ran",
  ]);
});

it("tells of none where a fault kept none away", () => {
  expect(faultEffects({ ...fault, struck: [], open: {} })).toEqual(["no workload was open"]);
});
