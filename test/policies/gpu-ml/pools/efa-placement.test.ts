import { describe, expect, it } from "vitest";
import { efaPlacement } from "../../../../policies/gpu-ml/pools/efa-placement";
import { analyze, lines, UNKNOWN_STRING } from "../../analyzer";
import { launchTemplate, nodeGroup, notKnown } from "./resources";

const networkInterfaces = [{ deviceIndex: 0 }, { interfaceType: "efa-only" }];
const MESSAGE =
  "advisory [GPU-13] LaunchTemplate train: placement.groupName is absent beside EFA interfaces; allowed: the name of a " +
  "placement group of strategy cluster. Create such a group, and name it here.";

describe("GPU-13 placement of machines with EFA", () => {
  it.each([
    ["a placement group by name", launchTemplate({ networkInterfaces, placement: { groupName: "train" } })],
    ["a placement group by id", launchTemplate({ networkInterfaces, placement: { groupId: "pg-1" } })],
    [
      "machines of a reservation",
      launchTemplate({
        networkInterfaces,
        capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: "cr-1" } },
      }),
    ],
    [
      "machines of a capacity block",
      launchTemplate({ networkInterfaces, instanceMarketOptions: { marketType: "capacity-block" } }),
    ],
    [
      "a group by name beside an id not known",
      launchTemplate({ networkInterfaces, placement: { groupName: "a", groupId: UNKNOWN_STRING } }),
    ],
    ["plain interfaces", launchTemplate({ networkInterfaces: [{ deviceIndex: 0, interfaceType: "interface" }] })],
    ["no interfaces, wherever they stand", launchTemplate({ placement: UNKNOWN_STRING })],
    ["a resource of another type", nodeGroup({ networkInterfaces })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([efaPlacement], resource)).toEqual([]);
  });

  it.each([
    ["no placement", undefined],
    ["a zone alone", { availabilityZone: "us-east-1a" }],
    ["an empty name", { groupName: "" }],
    ["null", { groupName: null }],
  ])("refuses %s", (_case, placement) => {
    expect(lines(analyze([efaPlacement], launchTemplate({ networkInterfaces, placement })))).toEqual([MESSAGE]);
  });

  it("refuses machines on Spot capacity, which stand anywhere", () => {
    const props = { networkInterfaces, instanceMarketOptions: { marketType: "spot" } };

    expect(lines(analyze([efaPlacement], launchTemplate(props)))).toEqual([MESSAGE]);
  });

  it.each([
    ["the interfaces", { networkInterfaces: UNKNOWN_STRING }, "networkInterfaces"],
    ["an interface", { networkInterfaces: [UNKNOWN_STRING] }, "networkInterfaces"],
    ["the placement", { networkInterfaces, placement: UNKNOWN_STRING }, "placement.groupName"],
    ["the market", { networkInterfaces, instanceMarketOptions: UNKNOWN_STRING }, "placement.groupName"],
  ])("leaves it to the update while %s is not known", (_case, props, path) => {
    expect(lines(analyze([efaPlacement], launchTemplate(props)))).toEqual([
      notKnown("LaunchTemplate train", path, efaPlacement),
    ]);
  });
});
