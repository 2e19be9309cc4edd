import { isUnknown, isWhole, tryParseQuantity, type ContainerAt, type Tree } from "../../../components/model";
import { judgeContainers } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule, type Violation } from "../../engine/rule";
import { describeAmount, gpuAmountsOf, unknownAmountsOf, type GpuAmount } from "../gpu-resource";

/**
 * GPU-01: GPUs are asked for as whole numbers, in limits; requests, if given, are equal.
 *
 * @see https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/ "Using device plugins", v1.36
 */
export const gpuQuantity: ResourceRule = {
  id: "GPU-01",
  title: "GPUs are whole, in limits, and requested as limited",
  why: "Kubernetes hands GPUs out whole and refuses pods that ask otherwise; inside a job that shows only when it runs.",
  remediation:
    "Set a whole number of GPUs in `limits` and leave them out of `requests`; share one by MIG or time-slicing.",
  url: "https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  fix: "sets the limit to the request where only the request is given, and the request to the limit where they differ",
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { requests: { nvidia.com/gpu: 1 } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { nvidia.com/gpu: 1 } }
`,
  },
  judge: ({ pods }) => judgeContainers(pods, judgeContainer),
};

function* judgeContainer(at: ContainerAt): Iterable<Judgement> {
  for (const path of unknownAmountsOf(at)) yield undecided(path);
  for (const { limit, request } of gpuAmountsOf(at)) {
    yield* judgeWhole(limit);
    yield* judgeWhole(request);
    yield* judgePair(limit, request);
  }
}

function* judgeWhole({ path, amount }: GpuAmount): Iterable<Judgement> {
  if (isUnknown(amount)) {
    yield undecided(path);
  } else if (amount !== undefined && !isWholeNumber(amount)) {
    yield {
      path,
      observed: describeAmount(amount),
      allowed: "a whole number of GPUs",
      remedy: "Ask for whole GPUs; to share one, use a MIG profile or a time-sliced pool.",
    };
  }
}

function* judgePair(limit: GpuAmount, request: GpuAmount): Iterable<Judgement> {
  if (isUnknown(request.amount) || request.amount === undefined) return;
  if (limit.amount === undefined) {
    yield {
      path: limit.path,
      observed: "absent, although requests has it",
      allowed: `the amount in requests, ${describeAmount(request.amount)}`,
      remedy: "Set the limit; the request may then be left out.",
      ...fixWith(limit.path, request.amount),
    };
  } else if (differ(limit, request)) {
    yield {
      path: request.path,
      observed: describeAmount(request.amount),
      allowed: `the amount in limits, ${describeAmount(limit.amount)}, or absent`,
      remedy: "Set only the limit.",
      ...fixWith(request.path, limit.amount),
    };
  }
}

/** An amount that is no whole number is no example for the other side. */
function fixWith(path: string, amount: Tree): Pick<Violation, "fix"> {
  return isWholeNumber(amount) ? { fix: [{ path, value: amount }] } : {};
}

function isWholeNumber(amount: Tree): boolean {
  const quantity = tryParseQuantity(amount) ?? -1n;
  return quantity >= 0n && isWhole(quantity);
}

/** Amounts that are no quantities have a finding of their own already, and those that are not known are undecided. */
function differ(limit: GpuAmount, request: GpuAmount): boolean {
  const [a, b] = [tryParseQuantity(limit.amount), tryParseQuantity(request.amount)];
  return a !== undefined && b !== undefined && a !== b;
}
