import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { type GpuJobArgs, type JobVolume, validateGpuJob } from "../../../../components";

const image = "ghcr.io/acme/mnist:1.4.0";
const whole = (path: string, given: number, allowed: string) =>
  `${path} is ${given}; allowed: a whole number ${allowed}. Set ${path} within that range.`;
const quantity = (path: string, given: string, example: string) =>
  `${path} is "${given}"; allowed: a Kubernetes quantity above zero. Write it like "${example}".`;
const data: JobVolume = { name: "data", mountPath: "/data", persistentVolumeClaim: "data" };

describe("validateGpuJob accepts", () => {
  it.each<[string, Partial<GpuJobArgs>]>([
    ["an image alone", {}],
    ["an image that is not known yet", { image: pulumi.output("") }],
    ["zero where zero is a choice", { backoffLimit: 0, ttlSecondsAfterFinished: 0 }],
    ["the ends of ranges", { gpus: 1, permanentExitCodes: [1, 255], activeDeadlineSeconds: 1, runAsUser: 1 }],
    ["shared memory just below the memory", { memory: "4Gi", sharedMemory: "4095Mi" }],
    ["labels whose values are not known yet", { labels: { team: pulumi.output("a b") } }],
    ["a name that leaves room for the pods' numbers", { objectName: "j".repeat(61), completions: 10 }],
    ["annotations of any other kind", { annotations: { "example.com/note": "succed" } }],
    ["a simulation that is not known yet", { annotations: { "mlstack.dev/simulate": pulumi.output("succed") } }],
    [
      "a simulation whose first tries fail",
      { annotations: { "mlstack.dev/simulate": "succeed fail-first=2 after=3s" } },
    ],
    ["an empty volume of any size", { volumes: [{ name: "tmp", mountPath: "/tmp/x", scratch: {} }] }],
  ])("%s", (_given, args) => {
    expect(validateGpuJob("mnist", { image, ...args })).toEqual([]);
  });
});

describe("validateGpuJob refuses", () => {
  it.each<[string, Partial<GpuJobArgs>, string[]]>([
    [
      "no image",
      { image: undefined as unknown as string },
      ["image is missing; allowed: an image with a tag or digest. Name the image to run."],
    ],
    ["no GPU", { gpus: 0 }, [whole("gpus", 0, "from 1")]],
    ["half a GPU", { gpus: 0.5 }, [whole("gpus", 0.5, "from 1")]],
    ["CPU that is no quantity", { cpu: "four" }, [quantity("cpu", "four", "4")]],
    ["memory that is no quantity", { memory: "16GB" }, [quantity("memory", "16GB", "16Gi")]],
    ["negative memory", { memory: "-1Gi" }, [quantity("memory", "-1Gi", "16Gi")]],
    ["shared memory that is no quantity", { sharedMemory: "" }, [quantity("sharedMemory", "", "4Gi")]],
    [
      "shared memory as large as the memory",
      { memory: "8Gi", sharedMemory: "8192Mi" },
      [
        'sharedMemory is "8192Mi"; allowed: less than memory, 8Gi. ' +
          "Shared memory is taken from the memory limit; raise memory or lower sharedMemory.",
      ],
    ],
    [
      "shared memory above the default memory",
      { sharedMemory: "16Gi" },
      [
        'sharedMemory is "16Gi"; allowed: less than memory, 12Gi. ' +
          "Shared memory is taken from the memory limit; raise memory or lower sharedMemory.",
      ],
    ],
    [
      "a pool name that no pool can have",
      { pool: "my pool" },
      [
        'pool is "my pool"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
          "Set pool to such a name.",
      ],
    ],
    [
      "a toleration of an unknown effect",
      { tolerations: [{ key: "team", effect: "Never" as "NoSchedule" }] },
      [
        'tolerations[0].effect is "Never"; allowed: NoSchedule, PreferNoSchedule, NoExecute. ' +
          "Set tolerations[0].effect to one of these.",
      ],
    ],
    ["no pod at a time", { parallelism: 0 }, [whole("parallelism", 0, "from 1")]],
    ["no completion", { completions: 0 }, [whole("completions", 0, "from 1")]],
    ["a negative backoff limit", { backoffLimit: -1 }, [whole("backoffLimit", -1, "from 0")]],
    [
      "exit codes that are none, or mean success",
      { permanentExitCodes: [0, 2, 256] },
      [whole("permanentExitCodes[0]", 0, "from 1 to 255"), whole("permanentExitCodes[2]", 256, "from 1 to 255")],
    ],
    ["no time to run", { activeDeadlineSeconds: 0 }, [whole("activeDeadlineSeconds", 0, "from 1")]],
    ["a negative time to live", { ttlSecondsAfterFinished: -1 }, [whole("ttlSecondsAfterFinished", -1, "from 0")]],
    ["root", { runAsUser: 0 }, [whole("runAsUser", 0, "from 1")]],
    [
      "a variable that shells cannot read",
      { env: { "BATCH-SIZE": "32" } },
      [
        'env["BATCH-SIZE"] is "BATCH-SIZE"; allowed: letters, digits and underscores, no digit first. ' +
          "Rename the variable.",
      ],
    ],
    [
      "a variable that is set twice",
      { env: { TOKEN: "" }, secretEnv: { TOKEN: { name: "tracking", key: "token" } } },
      [
        'secretEnv["TOKEN"] is "TOKEN"; allowed: a variable that env does not set too. ' +
          "Remove it from one of the two.",
      ],
    ],
    [
      "the variable that reaches for the GPUs of others",
      { env: { NVIDIA_VISIBLE_DEVICES: "all" } },
      [
        'env["NVIDIA_VISIBLE_DEVICES"] is "NVIDIA_VISIBLE_DEVICES"; allowed: any variable but this. ' +
          "Ask for GPUs with gpus; the variable would reach those of other pods.",
      ],
    ],
    [
      "a name that is no DNS label",
      { objectName: "mnist.2" },
      [
        'objectName is "mnist.2"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
          "Set objectName to such a name.",
      ],
    ],
    [
      "a name without room for the pods' numbers",
      { objectName: "j".repeat(62), completions: 10 },
      [`objectName is "${"j".repeat(62)}"; allowed: at most 61 characters with 10 pods. Shorten it.`],
    ],
    [
      "a label that the job sets itself",
      { labels: { "app.kubernetes.io/name": "other" } },
      [
        'labels["app.kubernetes.io/name"] is "other"; allowed: only what the workload itself sets there. Remove the label.',
      ],
    ],
    [
      "a misspelt label",
      { labels: { "-": "ok" } },
      ['labels["-"] is "-"; allowed: a label key such as example.com/team. Rename the key.'],
    ],
    [
      "a misspelt simulation, under which the pods would run for ever",
      { annotations: { "mlstack.dev/simulate": "succed after=2s" } },
      [
        'annotations["mlstack.dev/simulate"] is "succed after=2s"; allowed: succeed, fail or run, and after one space ' +
          "each perhaps after= with a number in ms, s, m or h, exit= with 0 to 255, and fail-first= with a number of tries. " +
          'Write it like "fail after=3s exit=137".',
      ],
    ],
    [
      "a volume without a source",
      { volumes: [{ name: "data", mountPath: "/data" }] },
      [
        "volumes[0] is without a source; allowed: exactly one of persistentVolumeClaim, configMap, secret, scratch. " +
          "Give the volume one source.",
      ],
    ],
    [
      "a volume with two sources",
      { volumes: [{ ...data, secret: "keys" }] },
      [
        "volumes[0] is made from persistentVolumeClaim and secret; allowed: " +
          "exactly one of persistentVolumeClaim, configMap, secret, scratch. Give the volume one source.",
      ],
    ],
    [
      "a relative mount path",
      { volumes: [{ ...data, mountPath: "data" }] },
      ['volumes[0].mountPath is "data"; allowed: an absolute path below / without a colon. Write it like /data.'],
    ],
    [
      "a misspelt volume name",
      { volumes: [{ ...data, name: "Data" }] },
      [
        'volumes[0].name is "Data"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
          "Set volumes[0].name to such a name.",
      ],
    ],
    [
      "scratch space of no size",
      { volumes: [{ name: "tmp", mountPath: "/scratch", scratch: { sizeLimit: "0" } }] },
      [quantity("volumes[0].scratch.sizeLimit", "0", "50Gi")],
    ],
    [
      "two volumes of one name on one path",
      { volumes: [data, data] },
      [
        'volumes[1].name is "data"; allowed: a value that no other volume of the pod has. Choose another.',
        'volumes[1].mountPath is "/data"; allowed: a value that no other volume of the pod has. Choose another.',
      ],
    ],
    [
      "a volume in the place of the shared memory",
      { gpus: 2, volumes: [{ ...data, mountPath: "/dev/shm" }] },
      ['volumes[0].mountPath is "/dev/shm"; allowed: a value that no other volume of the pod has. Choose another.'],
    ],
  ])("%s", (_given, args, reasons) => {
    expect(validateGpuJob("mnist", { image, ...args }).map(({ reason }) => reason)).toEqual(reasons);
  });
});
