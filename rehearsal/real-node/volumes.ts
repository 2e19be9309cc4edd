import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  CoreV1Api,
  type KubeConfig,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
} from "@kubernetes/client-node";
import { unlessCode } from "../cluster/api-errors";
import { SELECTED_NODE_ANNOTATION, SIMULATED_PROVISIONER } from "../cluster/base-objects";
import type { ClusterLayout } from "../cluster/layout";
import { WatchedList } from "../cluster/watched-list";
import { volumesFolder } from "./machine-file";
import { realNodes, type RealNodes } from "./real-nodes";

/** Says whose volume it is, as provisioners do. */
const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
const REAL_PROVISIONER = "mlstack.dev/real";

/**
 * Gives claims whose first pod goes to a real node a folder of this machine, which pods of all its real nodes can mount, and
 * removes it with the claim.
 */
export class NodeVolumes {
  private readonly core: CoreV1Api;
  private readonly claims: WatchedList<V1PersistentVolumeClaim>;
  private readonly volumes: WatchedList<V1PersistentVolume>;
  private readonly nodes: Set<string>;

  constructor(
    config: KubeConfig,
    private readonly layout: ClusterLayout,
    real: RealNodes,
  ) {
    this.core = config.makeApiClient(CoreV1Api);
    this.nodes = new Set(realNodes(real, layout).map(({ name }) => name));
    this.claims = new WatchedList(
      config,
      "/api/v1/persistentvolumeclaims",
      () => this.core.listPersistentVolumeClaimForAllNamespaces(),
      { seen: (claim) => void this.provide(claim).catch(tell) },
    );
    this.volumes = new WatchedList(config, "/api/v1/persistentvolumes", () => this.core.listPersistentVolume(), {
      seen: (volume) => void this.takeBack(volume).catch(tell),
    });
  }

  /** Begins with the claims that are there. */
  async start(): Promise<void> {
    await Promise.all([this.claims.start(), this.volumes.start()]);
  }

  /** Ends; the volumes stay. */
  async stop(): Promise<void> {
    await Promise.all([this.claims.stop(), this.volumes.stop()]);
  }

  private async provide({ metadata, spec }: V1PersistentVolumeClaim): Promise<void> {
    const { name, namespace, uid = "", annotations = {}, deletionTimestamp } = metadata ?? {};
    if (deletionTimestamp !== undefined || spec?.volumeName !== undefined) return;
    if (annotations["volume.kubernetes.io/storage-provisioner"] !== SIMULATED_PROVISIONER) return;
    if (!this.nodes.has(annotations[SELECTED_NODE_ANNOTATION] ?? "")) return;
    const path = join(volumesFolder(this.layout), uid);
    await mkdir(path, { recursive: true });
    // Programs of any user write it, as on a file system that many mount.
    await chmod(path, 0o777);
    const body: V1PersistentVolume = {
      metadata: { name: `pvc-${uid}`, annotations: { [PROVISIONED_BY]: REAL_PROVISIONER } },
      spec: {
        accessModes: spec?.accessModes ?? [],
        capacity: spec?.resources?.requests ?? {},
        persistentVolumeReclaimPolicy: "Delete",
        storageClassName: spec?.storageClassName ?? "",
        volumeMode: spec?.volumeMode ?? "Filesystem",
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name: name!, namespace: namespace!, uid },
        hostPath: { path, type: "Directory" },
      },
    };
    await this.core.createPersistentVolume({ body }).catch(unlessCode(409));
  }

  private async takeBack({ metadata, spec, status }: V1PersistentVolume): Promise<void> {
    if (metadata?.annotations?.[PROVISIONED_BY] !== REAL_PROVISIONER || status?.phase !== "Released") return;
    await rm(spec?.hostPath?.path ?? "", { recursive: true, force: true });
    await this.core.deletePersistentVolume({ name: metadata.name! }).catch(unlessCode(404));
  }
}

function tell(error: unknown): void {
  process.stderr.write(`volumes of real nodes: ${error instanceof Error ? error.message : String(error)}\n`);
}
