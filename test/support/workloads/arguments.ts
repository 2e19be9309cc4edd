import fc from "fast-check";
import {
  Architecture,
  Closeness,
  type GangArgs,
  type HardwareArgs,
  type JobVolume,
  type ObjectArgs,
  type ProgramArgs,
  type QueueArgs,
  type RoleArgs,
  TaintEffect,
} from "../../../components";

/** An object of which any of the given properties may be there. */
export function someOf<T extends object>(properties: { [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> }) {
  return fc.record(properties, { requiredKeys: [] }) as unknown as fc.Arbitrary<T>;
}

/** The same, where the first properties are always there. */
export function withRequired<T extends object>(
  required: { [K in keyof T]?: fc.Arbitrary<T[K]> },
  optional: { [K in keyof T]?: fc.Arbitrary<Exclude<T[K], undefined>> },
): fc.Arbitrary<T> {
  const model = { ...required, ...optional };
  const properties = model as Record<string, fc.Arbitrary<unknown>>;
  return fc.record(properties, { requiredKeys: Object.keys(required) }) as unknown as fc.Arbitrary<T>;
}

/** Joins objects of arguments into one. */
export function joined<A extends object, B extends object>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>) {
  return fc.tuple(a, b).map(([first, second]): A & B => ({ ...first, ...second }));
}

/** A DNS label of at most so many characters. */
export function dnsLabel(longest = 20): fc.Arbitrary<string> {
  return fc
    .stringMatching(new RegExp(`^[a-z]([-a-z0-9]{0,${longest - 2}}[a-z0-9])?$`))
    .filter((name) => name.length <= longest);
}

/** A pinned image. */
export const images = fc.constantFrom(
  "ghcr.io/acme/train:1.4.0",
  "docker.io/library/python:3.13.1-slim",
  `registry.example.com:5000/ml/x@sha256:${"ab".repeat(32)}`,
);

const words = fc.constantFrom("python", "-m", "train", "--steps=500", "$(HOME)", "", "two words", "ü");
const variableNames = fc.constantFrom("A", "BATCH_SIZE", "_x", "http_proxy", "E2");
const anyText = fc.string({ maxLength: 12 });

/** Volumes whose names and paths are all different. */
export const volumes: fc.Arbitrary<JobVolume[]> = fc
  .array(
    fc.constantFrom<Partial<JobVolume>>(
      { persistentVolumeClaim: "data", readOnly: true },
      { persistentVolumeClaim: "models" },
      { configMap: "settings" },
      { secret: "keys" },
      { secret: "keys", readOnly: false },
      { scratch: {} },
      { scratch: { sizeLimit: "20Gi" } },
    ),
    { maxLength: 4 },
  )
  .map((list) => list.map((volume, index) => ({ name: `v${index}`, mountPath: `/mnt/v${index}`, ...volume })));

/** What programs can be given, the image always. */
export const programArgs: fc.Arbitrary<ProgramArgs> = withRequired<ProgramArgs>(
  { image: images },
  {
    command: fc.array(words, { minLength: 1, maxLength: 3 }),
    args: fc.array(words, { minLength: 1, maxLength: 3 }),
    env: fc.dictionary(variableNames, anyText, { maxKeys: 3, noNullPrototype: true }),
    secretEnv: fc.dictionary(fc.constantFrom("TOKEN", "PASSWORD"), fc.constant({ name: "tracking", key: "token" }), {
      noNullPrototype: true,
    }),
    volumes,
    annotations: fc.dictionary(fc.constantFrom("example.com/note", "example.com/other"), anyText, {
      noNullPrototype: true,
    }),
    priorityClassName: dnsLabel(),
    serviceAccountName: dnsLabel(),
    runAsUser: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    runAsNonRoot: fc.boolean(),
  },
);

const size = {
  cpu: fc.constantFrom("500m", "1", "2.5", "16"),
  memory: fc.constantFrom("512Mi", "4Gi", "1.5Gi", "32G"),
  pool: dnsLabel(),
  architecture: fc.constantFrom(...Object.values(Architecture)),
  tolerations: fc.array(
    fc.constantFrom(
      { key: "team", value: "vision", effect: TaintEffect.noExecute },
      { key: "night" },
      { key: "a.b/c", value: "" },
    ),
    { maxLength: 2 },
  ),
};

/** Hardware with from `min` to 8 GPUs; no pools are known. */
export function hardwareArgs(min = 0): fc.Arbitrary<HardwareArgs> {
  const gpus = fc.integer({ min, max: 8 });
  const plain = someOf<Omit<HardwareArgs, "gpuMemoryGib" | "gpuSharing" | "migProfile" | "sharedMemory" | "efa">>({
    gpus,
    ...size,
  });
  const roomy = someOf<HardwareArgs>({
    gpuMemoryGib: fc.constantFrom(10, 16, 22.35, 40, 80),
    sharedMemory: fc.constantFrom("64Mi", "256Mi"),
    efa: fc.integer({ min: 0, max: 4 }),
  } as never).chain((more) => fc.integer({ min: 1, max: 8 }).map((count): HardwareArgs => ({ gpus: count, ...more })));
  const shared = fc.constantFrom<HardwareArgs>(
    { gpus: 1, gpuSharing: "time-slicing" },
    { gpus: 1, gpuSharing: "mig", migProfile: "1g.10gb" },
    { gpus: 2, gpuSharing: "exclusive" },
  );
  return fc.oneof({ weight: 3, arbitrary: plain }, joined(plain, roomy), joined(plain, shared));
}

/** What every object can be given. */
export const objectArgs: fc.Arbitrary<ObjectArgs> = someOf<Omit<ObjectArgs, "pools">>({
  objectName: dnsLabel(),
  namespace: fc.constant("ml"),
  labels: fc.dictionary(fc.constantFrom("team", "example.com/tier"), fc.constantFrom("", "vision", "A.b_c"), {
    noNullPrototype: true,
  }),
  lineage: someOf({
    commit: fc.constantFrom("0123abc", "0123456789abcdef0123456789abcdef01234567"),
    imageDigest: fc.constant(`sha256:${"0".repeat(64)}`),
    data: fc.constant("s3://lake/demand/?versionId=7"),
    parameters: fc.dictionary(fc.constantFrom("lr", "depth"), fc.constantFrom("1", "0.1"), { noNullPrototype: true }),
  }),
});

/** How workloads can wait. */
export const queueArgs: fc.Arbitrary<QueueArgs> = someOf<QueueArgs>({
  queue: dnsLabel(),
  queuePriority: fc.constantFrom("low", "high"),
});

/** How workloads of several pods can wait and be placed. */
export const gangArgs: fc.Arbitrary<GangArgs> = joined(
  queueArgs,
  fc.oneof(
    someOf<GangArgs>({ gang: fc.boolean() } as never),
    fc
      .tuple(fc.constantFrom(...Object.values(Closeness)), fc.boolean(), fc.boolean())
      .map(([level, required, byQueue]): GangArgs => ({ topology: { level, required, byQueue } })),
  ),
);

/** One role of a workload, with from one to so many pods. */
export function roleArgs(most = 4, minGpus = 0): fc.Arbitrary<RoleArgs> {
  const program = someOf<RoleArgs>({
    image: images,
    command: fc.array(words, { minLength: 1, maxLength: 2 }),
    env: fc.dictionary(variableNames, anyText, { maxKeys: 2, noNullPrototype: true }),
    replicas: fc.integer({ min: 1, max: most }),
  } as never);
  return joined(program, hardwareArgs(minGpus));
}
