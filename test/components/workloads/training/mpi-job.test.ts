import { describe, expect, it } from "vitest";
import { type MpiJobArgs, mpiJobManifest, validateMpiJob } from "../../../../components/workloads/training";

const image = "ghcr.io/acme/train:1.4.0";

interface Variable {
  name: string;
  value: string;
}

interface Container {
  command?: string[];
  args?: string[];
  env?: Variable[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: object;
  readinessProbe?: object;
}

interface Replica {
  replicas: number;
  restartPolicy: string;
  template: { spec: { securityContext: object; containers: Container[]; nodeSelector?: object } };
}

interface Spec {
  slotsPerWorker: number;
  sshAuthMountPath: string;
  runPolicy: { backoffLimit: number; schedulingPolicy: { minAvailable: number } };
  mpiReplicaSpecs: { Launcher: Replica; Worker: Replica };
}

const specOf = (args: Partial<MpiJobArgs> = {}) =>
  mpiJobManifest("resnet", { image, workers: {}, ...args }).spec as Spec;
const podsOf = (args: Partial<MpiJobArgs> = {}) => {
  const { Launcher: launcher, Worker: worker } = specOf(args).mpiReplicaSpecs;
  return { launcher: launcher.template.spec.containers[0]!, worker: worker.template.spec.containers[0]! };
};
const gpus = ({ resources }: Container) => resources.limits["nvidia.com/gpu"];
const reasonsOf = (args: Partial<MpiJobArgs>, name = "resnet") =>
  validateMpiJob(name, { image, workers: {}, ...args }).map(({ reason }) => reason);

describe("the launcher of an MPIJob", () => {
  it("runs the program, on one small pod without GPUs", () => {
    const { launcher } = podsOf({
      command: ["mpirun", "train"],
      args: ["--steps=5"],
      workers: { replicas: 4, gpus: 8 },
    });
    expect(launcher).toMatchObject({
      command: ["mpirun", "train"],
      args: ["--steps=5"],
      resources: { requests: { cpu: "1", memory: "2Gi" } },
    });
    expect(gpus(launcher)).toBeUndefined();
  });

  it("computes on the hardware of a worker where it works like one", () => {
    const workers = { replicas: 3, gpus: 4, pool: "a100", memory: "200Gi" };
    const { launcher, worker } = podsOf({ workers, runLauncherAsWorker: true });
    expect(launcher.resources).toEqual(worker.resources);
    expect(specOf({ workers, runLauncherAsWorker: true }).mpiReplicaSpecs.Launcher.template.spec.nodeSelector).toEqual({
      "mlstack.dev/pool": "a100",
    });
  });

  it("may have another size than a worker beside the GPUs", () => {
    const { launcher } = podsOf({ workers: { gpus: 4 }, runLauncherAsWorker: true, launcher: { memory: "100Gi" } });
    expect(launcher.resources.limits).toEqual({ memory: "100Gi", "nvidia.com/gpu": "4" });
  });

  it("has the variables that NCCL needs on the workers, to hand them on", () => {
    const { launcher, worker } = podsOf({
      workers: { replicas: 2, gpus: 8, efa: 4, env: { ONLY: "here" } },
      env: { EPOCHS: "9" },
    });
    const names = (container: Container) => container.env?.map(({ name }) => name);
    expect(names(launcher)).toEqual(["NCCL_DEBUG", "FI_PROVIDER", "NCCL_SOCKET_IFNAME", "EPOCHS"]);
    expect(names(worker)).toEqual(["NCCL_DEBUG", "FI_PROVIDER", "NCCL_SOCKET_IFNAME", "EPOCHS", "ONLY"]);
  });

  it("has a pod of its own for each try, so that logs stay, and workers stay for the next", () => {
    const { mpiReplicaSpecs, runPolicy } = specOf();
    expect(mpiReplicaSpecs.Launcher).toMatchObject({ replicas: 1, restartPolicy: "Never" });
    expect(mpiReplicaSpecs.Worker.restartPolicy).toBe("OnFailure");
    expect(runPolicy.backoffLimit).toBe(3);
  });
});

describe("the workers of an MPIJob", () => {
  it("serve SSH as the operator's images do, whatever the launcher runs", () => {
    const { worker } = podsOf({ command: ["mpirun", "train"], args: ["--steps=5"] });
    expect(worker.command).toEqual(["/usr/sbin/sshd", "-De", "-f", "/home/mpiuser/.sshd_config"]);
    expect(worker.args).toBeUndefined();
    expect(worker.readinessProbe).toMatchObject({ tcpSocket: { port: 2222 } });
    expect(specOf().sshAuthMountPath).toBe("/home/mpiuser/.ssh");
  });

  it("serve it as another image does", () => {
    const ssh = { folder: "/home/acme/.ssh", serverConfig: "/etc/ssh/acme", port: 2022 };
    const { worker } = podsOf({ ssh });
    expect(worker.command).toEqual(["/usr/sbin/sshd", "-De", "-f", "/etc/ssh/acme"]);
    expect(worker.readinessProbe).toMatchObject({ tcpSocket: { port: 2022 } });
    expect(specOf({ ssh }).sshAuthMountPath).toBe("/home/acme/.ssh");
  });

  it("run a server of their own where they are given one", () => {
    expect(podsOf({ workers: { args: ["serve"] } }).worker).toMatchObject({ args: ["serve"] });
    expect(podsOf({ workers: { args: ["serve"] } }).worker.command).toBeUndefined();
  });

  it("have the one capability that the operator's images mark their server with, and no other", () => {
    const { launcher, worker } = podsOf();
    const context = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
    expect(launcher.securityContext).toEqual(context);
    expect(worker.securityContext).toEqual({ ...context, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } });
  });

  it("run as the user of the operator's images, or as another one", () => {
    const users = (args: Partial<MpiJobArgs>) =>
      Object.values(specOf(args).mpiReplicaSpecs).map(({ template }) => template.spec.securityContext);
    expect(users({})).toEqual(Array(2).fill(expect.objectContaining({ runAsUser: 1000, runAsNonRoot: true })));
    expect(users({ runAsUser: 2000 })).toEqual(Array(2).fill(expect.objectContaining({ runAsUser: 2000 })));
  });

  it.each([
    ["as many as GPUs", { workers: { gpus: 8 } }, 8],
    ["one for the default GPU", {}, 1],
    ["one without GPUs", { workers: { gpus: 0 } }, 1],
    ["as many as asked for", { workers: { gpus: 0 }, slotsPerWorker: 16 }, 16],
  ])("have slots: %s", (_how, args, slots) => {
    expect(specOf(args).slotsPerWorker).toBe(slots);
  });
});

describe("the pods that start together", () => {
  it.each([
    ["are the workers, as a launcher that waits for them is not there yet", {}, 4],
    ["are all where the launcher does not wait", { launcherCreationPolicy: "AtStartup" } as const, 5],
    ["are any where the job is no gang", { gang: false }, 1],
  ])("%s", (_which, args, count) => {
    expect(specOf({ workers: { replicas: 4 }, ...args }).runPolicy.schedulingPolicy.minAvailable).toBe(count);
  });

  it("wait in a queue even where there is one worker, as there is a launcher too", () => {
    expect(mpiJobManifest("resnet", { image, workers: {} }).metadata.labels).toMatchObject({
      "kueue.x-k8s.io/queue-name": "default",
    });
  });
});

describe("an MpiJob is refused", () => {
  it.each<[string, Partial<MpiJobArgs>, string]>([
    [
      "with a port below those that a user other than root may listen on",
      { ssh: { port: 22 } },
      "ssh.port is 22; allowed: a whole number from 1024 to 65535. Set ssh.port within that range.",
    ],
    [
      "with a variable that the operator overwrites",
      { launcher: { env: { OMPI_MCA_plm_rsh_args: "-v" } } },
      'launcher.env["OMPI_MCA_plm_rsh_args"] is "OMPI_MCA_plm_rsh_args"; allowed: what the MPI operator does not set. Remove the ' +
        "variable.",
    ],
    [
      "with a volume where the keys go",
      { workers: { volumes: [{ name: "keys", mountPath: "/home/mpiuser/.ssh", secret: "keys" }] } },
      'workers.volumes[0].mountPath is "/home/mpiuser/.ssh"; allowed: what the MPI operator does not use. Mount it elsewhere.',
    ],
    [
      "with a volume of the operator's name",
      { volumes: [{ name: "mpi-job-config", mountPath: "/data", scratch: {} }] },
      'volumes[0].name is "mpi-job-config"; allowed: what the MPI operator does not use. Choose another name.',
    ],
  ])("%s", (_what, args, reason) => {
    expect(reasonsOf(args)).toEqual([reason]);
  });
});
