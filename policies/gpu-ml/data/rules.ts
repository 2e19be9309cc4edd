import type { Rule } from "../../engine/rule";
import { datasetReclaim } from "./dataset-reclaim";
import { defaultCredential } from "./default-credential";
import { literalSecret } from "./literal-secret";
import { minioAnonymous } from "./minio-anonymous";
import { minioCredentials } from "./minio-credentials";
import { minioTls } from "./minio-tls";
import { minioVersioning } from "./minio-versioning";
import { publicBucket } from "./public-bucket";
import { volumeEncryption } from "./volume-encryption";

/** Rules about storage and what is kept in it. */
export const RULES: Rule[] = [
  minioCredentials,
  minioTls,
  minioAnonymous,
  minioVersioning,
  volumeEncryption,
  datasetReclaim,
  publicBucket,
  literalSecret,
  defaultCredential,
];
