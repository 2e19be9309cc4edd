import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { podOf } from "./samples";

const MI = 2 ** 20;

function requestsOf(spec: TreeObject): Record<string, number> {
  const { pods, ...requests } = Object.fromEntries(podOf(spec).requests);
  expect(pods).toBe(1);
  return requests;
}

function container(requests: Tree, limits?: Tree, restartPolicy?: Tree): TreeObject {
  return { resources: { requests, limits }, restartPolicy };
}

function sidecar(requests: Tree): TreeObject {
  return container(requests, undefined, "Always");
}

describe("requests of a pod", () => {
  it("are none but its place among the pods of a node where nothing is asked for", () => {
    expect([...podOf({}).requests]).toEqual([["pods", 1]]);
    expect([...podOf({ containers: [{}] }).requests]).toEqual([["pods", 1]]);
  });

  it("add up over its containers before they are rounded", () => {
    expect(
      requestsOf({ containers: [container({ cpu: "1500u" }), container({ cpu: "1500u", memory: "1Mi" })] }),
    ).toEqual({
      cpu: 3,
      memory: MI,
    });
  });

  it("are the limits where a container has no requests", () => {
    const main = container({ cpu: "1" }, { cpu: "4", "nvidia.com/gpu": 2 });
    expect(requestsOf({ containers: [main] })).toEqual({ cpu: 1000, "nvidia.com/gpu": 2 });
  });

  it("leave out what the scheduler does not look at", () => {
    expect(requestsOf({ containers: [container({ cpu: "1", gpu: 1, pods: 5 })] })).toEqual({ cpu: 1000 });
  });

  it("keep what is asked for with 0, as a device is named by it", () => {
    expect(requestsOf({ containers: [container({ "nvidia.com/gpu": 0 })] })).toEqual({ "nvidia.com/gpu": 0 });
  });
});

describe("requests of a pod with init containers", () => {
  const main = container({ cpu: "2", memory: "1Mi" });

  it("are the most that any of them needs, or all the others together", () => {
    const initContainers = [container({ cpu: "3" }), container({ cpu: "1", memory: "3Mi" })];
    expect(requestsOf({ initContainers, containers: [main] })).toEqual({ cpu: 3000, memory: 3 * MI });
  });

  it("are those of the containers where these are more", () => {
    const initContainers = [container({ cpu: "1" })];
    expect(requestsOf({ initContainers, containers: [main] })).toEqual({ cpu: 2000, memory: MI });
  });

  it("add sidecars to the containers", () => {
    expect(requestsOf({ initContainers: [sidecar({ cpu: "1" })], containers: [main] })).toEqual({
      cpu: 3000,
      memory: MI,
    });
  });

  it("add sidecars to the init containers that start after them, and to no others", () => {
    const early = [container({ cpu: "8" }), sidecar({ cpu: "1" })];
    const late = [sidecar({ cpu: "1" }), container({ cpu: "8" })];
    expect(requestsOf({ initContainers: early, containers: [main] })["cpu"]).toBe(8000);
    expect(requestsOf({ initContainers: late, containers: [main] })["cpu"]).toBe(9000);
  });

  it("count sidecars together", () => {
    const initContainers = [sidecar({ cpu: "1" }), sidecar({ cpu: "2" }), container({ cpu: "4" })];
    expect(requestsOf({ initContainers, containers: [] })).toEqual({ cpu: 7000 });
  });

  it("take the limits of init containers for requests as well", () => {
    expect(requestsOf({ initContainers: [container(undefined, { cpu: "3" })], containers: [main] })["cpu"]).toBe(3000);
  });
});

describe("requests of a pod that says itself what it needs", () => {
  const main = container({ cpu: "2", memory: "1Mi", "nvidia.com/gpu": 1 });

  it("replace those of its containers where pods may say so", () => {
    const resources = { requests: { cpu: "1", "nvidia.com/gpu": 4, "ephemeral-storage": "1Gi" } };
    expect(requestsOf({ resources, containers: [main] })).toEqual({ cpu: 1000, memory: MI, "nvidia.com/gpu": 1 });
  });

  it("are those of its containers where it only says limits", () => {
    const resources = { limits: { cpu: "8", memory: "8Mi" } };
    expect(requestsOf({ resources, containers: [main] })).toEqual({ cpu: 2000, memory: MI, "nvidia.com/gpu": 1 });
  });

  it("are its limits where its containers say nothing of a resource", () => {
    const resources = { requests: { cpu: "1" }, limits: { cpu: "8", memory: "8Mi", "nvidia.com/gpu": 7 } };
    expect(requestsOf({ resources, containers: [{}] })).toEqual({ cpu: 1000, memory: 8 * MI });
  });

  it("are its limit of huge pages, whatever its containers ask for", () => {
    const spec = { containers: [container({ "hugepages-2Mi": "4Mi" })] };
    const resources = { limits: { "hugepages-2Mi": "8Mi" } };
    expect(requestsOf({ ...spec, resources })).toEqual({ "hugepages-2Mi": 8 * MI });
  });

  it("are the limits of its containers on huge pages where it only speaks of other resources", () => {
    const pages = container({ "hugepages-2Mi": "4Mi" }, { "hugepages-2Mi": "4Mi" });
    const resources = { requests: { cpu: "1" } };
    expect(requestsOf({ resources, containers: [pages, pages] })).toEqual({ cpu: 1000, "hugepages-2Mi": 8 * MI });
  });

  it("keep its request of huge pages before the limits of its containers", () => {
    const pages = container({ "hugepages-2Mi": "4Mi" }, { "hugepages-2Mi": "4Mi" });
    const resources = { requests: { "hugepages-2Mi": "6Mi" } };
    expect(requestsOf({ resources, containers: [pages, pages] })).toEqual({ "hugepages-2Mi": 6 * MI });
  });

  it("say nothing where they are empty", () => {
    expect(requestsOf({ resources: { requests: {}, limits: {} }, containers: [main] })["cpu"]).toBe(2000);
  });

  it("add the overhead of the runtime to all of it", () => {
    const spec = { overhead: { cpu: "250m", memory: "1Mi" }, containers: [main] };
    expect(requestsOf({ ...spec, resources: { requests: { cpu: "1" } } })).toEqual({
      cpu: 1250,
      memory: 2 * MI,
      "nvidia.com/gpu": 1,
    });
  });
});

describe("requests that are not known", () => {
  it.each<[spec: TreeObject, paths: string[]]>([
    [{ containers: UNKNOWN }, ["spec.containers"]],
    [{ containers: [UNKNOWN] }, ["spec.containers[0]"]],
    [{ containers: [{ resources: UNKNOWN }] }, ["spec.containers[0].resources"]],
    [{ containers: [container(UNKNOWN)] }, ["spec.containers[0].resources.requests"]],
    [{ containers: [container(undefined, UNKNOWN)] }, ["spec.containers[0].resources.limits"]],
    [
      { containers: [container({ "nvidia.com/gpu": UNKNOWN })] },
      ['spec.containers[0].resources.requests["nvidia.com/gpu"]'],
    ],
    [{ containers: [container({ cpu: "much" })] }, ["spec.containers[0].resources.requests.cpu"]],
    [{ containers: [container({ cpu: {} })] }, ["spec.containers[0].resources.requests.cpu"]],
    [{ containers: [container(undefined, { cpu: UNKNOWN })] }, ["spec.containers[0].resources.limits.cpu"]],
    [{ containers: [container({ cpu: "1" }, { cpu: UNKNOWN })] }, []],
    [{ containers: [container({ gpu: UNKNOWN }, { gpu: UNKNOWN })] }, []],
    [{ initContainers: UNKNOWN }, ["spec.initContainers"]],
    [{ initContainers: [container({}, {}, UNKNOWN)] }, ["spec.initContainers[0].restartPolicy"]],
    [{ resources: UNKNOWN }, ["spec.resources"]],
    [{ resources: { requests: { cpu: UNKNOWN } } }, ["spec.resources.requests.cpu"]],
    [{ resources: { limits: { cpu: UNKNOWN } } }, ["spec.resources.limits.cpu"]],
    [{ resources: { limits: { cpu: UNKNOWN } }, containers: [container({ cpu: "1" })] }, []],
    [{ resources: { requests: { "nvidia.com/gpu": UNKNOWN }, limits: { "nvidia.com/gpu": UNKNOWN } } }, []],
    [{ overhead: UNKNOWN }, ["spec.overhead"]],
    [{ overhead: { cpu: UNKNOWN } }, ["spec.overhead.cpu"]],
    [{ overhead: { gpu: UNKNOWN } }, []],
  ])("%o are none, and named where they count", (spec, paths) => {
    expect(podOf(spec).unknownPaths).toEqual(paths);
  });

  it("are told apart from what is known but no quantity", () => {
    const asked: TreeObject = { cpu: "banana", memory: UNKNOWN, "nvidia.com/gpu": true };
    const path = "spec.containers[0].resources.requests";
    const pod = podOf({ containers: [container(asked)], overhead: { cpu: {} } });
    expect(pod.unknownPaths).toEqual([
      `${path}.cpu`,
      `${path}.memory`,
      `${path}["nvidia.com/gpu"]`,
      "spec.overhead.cpu",
    ]);
    expect(pod.faults).toEqual([
      [`${path}.cpu`, '"banana" is no quantity'],
      [`${path}["nvidia.com/gpu"]`, "true is no quantity"],
      ["spec.overhead.cpu", "{} is no quantity"],
    ]);
    expect(podOf({ containers: [container({ cpu: UNKNOWN })] })).not.toHaveProperty("faults");
  });

  it("are not the limits", () => {
    expect(requestsOf({ containers: [container({ cpu: UNKNOWN }, { cpu: "4", memory: "1Mi" })] })).toEqual({
      cpu: 0,
      memory: MI,
    });
    expect(requestsOf({ containers: [container(UNKNOWN, { cpu: "4" })] })).toEqual({});
  });

  it("of containers are not the limits of the pod", () => {
    const containers = [container({ cpu: UNKNOWN })];
    expect(requestsOf({ resources: { limits: { cpu: "4" } }, containers })).toEqual({ cpu: 0 });
  });

  it("leave the others as they are", () => {
    const main = container({ cpu: UNKNOWN, memory: "1Mi" });
    expect(requestsOf({ containers: [main, container({ cpu: "1" })] })).toEqual({ memory: MI, cpu: 1000 });
  });

  it("are none where they are null", () => {
    const pod = podOf({ containers: [null, container({ cpu: null }), container(null, null)], overhead: null });
    expect([...pod.requests]).toEqual([["pods", 1]]);
    expect(pod.unknownPaths).toEqual([]);
  });
});
