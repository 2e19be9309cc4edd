import { describe, expect, it } from "vitest";
import { gpuInstanceTypes } from "../../components/model";
import { efaResources, NcclDebug, ncclEnvironment } from "../../components/model/nccl-environment";
import { addQuantities, compareQuantities } from "../../components/model/quantity";

describe("ncclEnvironment", () => {
  it("is empty without EFA", () => {
    expect(ncclEnvironment({ instanceType: "p5.48xlarge", efaInterfaces: 0 })).toEqual({});
  });

  it("names the network, the interfaces that are none of it, and how much to log", () => {
    expect(ncclEnvironment({ instanceType: "p5.48xlarge", efaInterfaces: 32 })).toEqual({
      FI_PROVIDER: "efa",
      FI_EFA_USE_DEVICE_RDMA: "1",
      NCCL_DEBUG: "WARN",
      NCCL_SOCKET_IFNAME: "^lo,docker,veth,eni",
    });
  });

  it("logs as much as is asked for", () => {
    const options = { instanceType: "g5.48xlarge", efaInterfaces: 1, debug: NcclDebug.info };
    expect(ncclEnvironment(options)).toMatchObject({ NCCL_DEBUG: "INFO" });
  });

  it("turns on access to GPU memory on the families that have it, as others end the program then", () => {
    const types = gpuInstanceTypes().filter(({ efaInterfaces }) => efaInterfaces > 0);
    const turnedOn = types.filter((type) => "FI_EFA_USE_DEVICE_RDMA" in ncclEnvironment(type));
    expect(turnedOn.map(({ instanceType }) => instanceType)).toEqual([
      "p4d.24xlarge",
      "p4de.24xlarge",
      "p5.4xlarge",
      "p5.48xlarge",
      "p5e.48xlarge",
      "p5en.48xlarge",
      "p6-b200.48xlarge",
      "p6-b300.48xlarge",
    ]);
  });
});

describe("efaResources", () => {
  it("asks for nothing without EFA", () => {
    expect(efaResources(0)).toEqual({});
  });

  it("asks for interfaces and for huge pages, of which a node has enough for two pods", () => {
    expect(efaResources(32)).toEqual({ "vpc.amazonaws.com/efa": "32", "hugepages-2Mi": "5120Mi" });
    const hugePages = efaResources(32)["hugepages-2Mi"]!;
    expect(compareQuantities(addQuantities(hugePages, hugePages), `${5128 * 2}Mi`)).toBeLessThanOrEqual(0);
  });

  it.each([-1, 0.5, NaN])("refuses %s interfaces", (interfaces) => {
    expect(() => efaResources(interfaces)).toThrow(
      new RangeError(`${interfaces} EFA interfaces are asked for; allowed: a whole number from 0.`),
    );
  });
});
