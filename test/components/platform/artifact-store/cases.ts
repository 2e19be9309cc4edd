import { BucketAccess } from "../../../../components/cluster/storage";
import { Minio } from "../../../../components/platform/artifact-store/minio";
import { SeaweedFs } from "../../../../components/platform/artifact-store/seaweed-fs";
import { SeaweedFsMode } from "../../../../components/platform/artifact-store/seaweed-fs-args";
import { seaweedFsValues } from "../../../../components/platform/artifact-store/seaweed-fs-values";
import { VersityGateway } from "../../../../components/platform/artifact-store/versity-gateway";
import type { PartCase } from "../../../support/part-case";

/** Grants to two service accounts of one namespace, one of them for a folder. */
export const sampleGrants = [
  { namespace: "ml", serviceAccount: "trainer", access: BucketAccess.readWrite, prefix: "runs/" },
  { namespace: "ml", serviceAccount: "reader", access: BucketAccess.read },
];

/** An image with a digest, as users must name it. */
export const sampleImage = `registry.example.com/store:2025-10-15@sha256:${"0".repeat(64)}`;

const common = {
  namespace: [undefined, "objects"],
  bucket: [undefined, "models"],
  grants: [undefined, sampleGrants],
  clientNamespaces: [undefined, ["monitoring"]],
  credentialsSecret: [undefined, "store-keys"],
  rotation: [undefined, "second"],
};

/** Stores for artifacts in the cluster; that on S3 has no objects there. */
export const cases: PartCase[] = [
  {
    part: "SeaweedFs",
    create: (name, args) => new SeaweedFs(name, args),
    options: {
      ...common,
      masters: [undefined, 1],
      volumeServers: [undefined, 1, 4],
      replicas: [undefined, 1],
      resources: [undefined, { cpu: "1", memory: "1Gi" }],
      dataVolume: [undefined, { size: "1Ti", storageClass: "gp3" }],
      metadataVolume: [undefined, { size: "50Gi" }],
      serverResources: [undefined, { memory: "4Gi" }],
      storageClass: [undefined, "gp3"],
      moreBuckets: [undefined, ["checkpoints"]],
    },
    charts: [
      {
        values: seaweedFsValues,
        upstream: "seaweedfs/chart/values.yaml",
        open: [
          "global.seaweedfs.extraEnvironmentVars",
          "networkPolicy.components",
          // Of the gateways, the chart describes less than it reads.
          "s3",
          ...["master", "volume", "filer", "allInOne"].flatMap((component) =>
            ["resources", "podAnnotations", "podSecurityContext", "containerSecurityContext"].map(
              (value) => `${component}.${value}`,
            ),
          ),
        ],
      },
    ],
  },
  {
    part: "SeaweedFs",
    create: (name, args) => new SeaweedFs(name, args),
    options: { ...common, dataVolume: [undefined, { size: "1Ti" }], serverResources: [undefined, { cpu: "1" }] },
    required: { mode: SeaweedFsMode.single },
    charts: [],
  },
  {
    part: "VersityGateway",
    create: (name, args) => new VersityGateway(name, args),
    options: {
      ...common,
      volume: [undefined, { size: "1Ti", storageClass: "gp3" }],
      resources: [undefined, { cpu: "1", memory: "4Gi" }],
      image: [undefined, sampleImage],
      moreBuckets: [undefined, ["checkpoints"]],
    },
    charts: [],
  },
  {
    part: "Minio",
    create: (name, args) => new Minio(name, args),
    options: {
      ...common,
      replicas: [undefined, 1, 8],
      volumesPerServer: [undefined, 4],
      volume: [undefined, { size: "1Ti", storageClass: "gp3" }],
      resources: [undefined, { cpu: "1", memory: "4Gi" }],
      serverCommand: [undefined, "silo"],
      console: [undefined, true],
      moreBuckets: [undefined, ["checkpoints"]],
    },
    required: { image: sampleImage, clientImage: sampleImage },
    charts: [],
  },
];
