import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BucketAccess } from "../../components/cluster/storage";
import {
  ACL_KEY,
  EMPTY_ACL,
  POLICY_KEY,
  versityGatewayPolicy,
} from "../../components/platform/artifact-store/versity-gateway-access";
import type { VersityGatewayArgs } from "../../components/platform/artifact-store/versity-gateway-args";
import { versityGatewayDeployment } from "../../components/platform/artifact-store/versity-gateway-manifests";
import { ensurePodImages } from "../../rehearsal/real-node/program-images";
import { eventually } from "../support/cluster";
import { freePorts } from "../support/free-ports";
import { askS3, missingS3Client, type S3Keys, type S3Step } from "../support/s3-client";

const args: VersityGatewayArgs = {
  moreBuckets: ["checkpoints"],
  grants: [
    { namespace: "ml", serviceAccount: "trainer", access: BucketAccess.readWrite, prefix: "runs/" },
    { namespace: "ml", serviceAccount: "reader", access: BucketAccess.read },
  ],
};
const ROOT: S3Keys = ["administrator", "the-administrators-key"];
const TRAINER: S3Keys = ["ml.trainer", "the-trainers-key"];
const READER: S3Keys = ["ml.reader", "the-readers-key"];

/** The user that the pod has, where tests run as one who can become it. */
const POD_USER = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};

const pod = versityGatewayDeployment("artifacts", args).spec.template.spec;
const [container] = pod.containers;

let folder = "";
let binary = "";
let port = 0;
let gateway: ChildProcess | undefined;

/** What the pod's volumes mount, as the component has it. */
async function makeFolders(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "mlstack-s3-"));
  await chmod(folder, 0o755);
  for (const { name, mountPath } of container!.volumeMounts.filter(({ name }) => name !== "policy")) {
    await mkdir(join(folder, mountPath), { recursive: true });
    if (name === "data" && POD_USER.uid !== undefined) await chown(join(folder, mountPath), POD_USER.uid, POD_USER.gid);
  }
  const files = { [POLICY_KEY]: JSON.stringify(versityGatewayPolicy(args)), [ACL_KEY]: EMPTY_ACL };
  for (const [name, text] of Object.entries(files)) {
    const { mountPath } = container!.volumeMounts.find((mount) => "subPath" in mount && mount.subPath === name)!;
    await writeFile(join(folder, mountPath), text);
  }
  const accounts = [TRAINER, READER].map(([access, secret]) => [access, { access, secret, role: "user" }]);
  const users = { accessAccounts: Object.fromEntries(accounts) as object };
  await writeFile(join(folder, "users", "users.json"), JSON.stringify(users));
}

async function start(): Promise<void> {
  const inFolder = container!.args.map((argument) =>
    argument
      .replace(/^--port=.*/, `--port=127.0.0.1:${port}`)
      .replace(/^(--(?:iam-dir|sidecar)=)?(\/(?:users|metadata|data))$/, `$1${folder}$2`),
  );
  const env = { ROOT_ACCESS_KEY_ID: ROOT[0], ROOT_SECRET_ACCESS_KEY: ROOT[1] };
  gateway = spawn(binary, inFolder, { env, stdio: "ignore", ...POD_USER });
  const { path } = container!.readinessProbe.httpGet;
  await eventually("the gateway answers", () =>
    fetch(`http://127.0.0.1:${port}${path}`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
}

async function stop(): Promise<void> {
  if (gateway?.pid === undefined || gateway.exitCode !== null || gateway.signalCode !== null) return;
  const ended = once(gateway, "exit");
  gateway.kill();
  await ended;
}

const ask = (as: S3Keys, ...steps: S3Step[]) => askS3(`http://127.0.0.1:${port}`, as, steps);
const bucket = "artifacts";

describe.skipIf(missingS3Client() !== undefined)("the gateway, as its component has it", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    const [image] = await ensurePodImages(undefined, ["versitygw"]);
    [port = 0] = await freePorts(1);
    await makeFolders();
    // The cache may be where that user has no way to.
    binary = join(folder, "versitygw");
    await copyFile(image!.files[0]!.source, binary);
    await start();
  });
  afterAll(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("has the declared buckets and lets nobody make another", async () => {
    expect(await ask(ROOT, { do: "buckets" })).toEqual([["artifacts", "checkpoints"]]);
    const another = { do: "create-bucket", bucket: "another" };
    expect(await ask(TRAINER, another)).toEqual(["AccessDenied"]);
    if (POD_USER.uid !== undefined) expect(await ask(ROOT, another)).not.toEqual([true]);
    expect(await ask(ROOT, { do: "buckets" })).toEqual([["artifacts", "checkpoints"]]);
  });

  it("keeps what those write who may, below their prefix alone", async () => {
    const outcomes = await ask(
      TRAINER,
      { do: "put", bucket, key: "runs/1/model.txt", text: "weights" },
      { do: "get", bucket, key: "runs/1/model.txt" },
      { do: "list", bucket, prefix: "runs/" },
      { do: "put", bucket, key: "others/model.txt", text: "weights" },
      { do: "list", bucket },
      { do: "list", bucket: "checkpoints" },
    );
    const denied = "AccessDenied";
    expect(outcomes).toEqual([true, "weights", ["runs/1/model.txt"], denied, denied, denied]);
  });

  it("copies for those who may write, as Spark has files renamed", async () => {
    const copied = { do: "copy", bucket, from: "runs/1/model.txt", key: "runs/2/model.txt" };
    const outcomes = await ask(
      TRAINER,
      copied,
      { do: "get", bucket, key: copied.key },
      { do: "delete", bucket, key: copied.key },
      { ...copied, key: "others/model.txt" },
    );
    expect(outcomes).toEqual([true, "weights", true, "AccessDenied"]);
    expect(await ask(READER, copied)).toEqual(["AccessDenied"]);
  });

  it("keeps an object as it is for whoever writes where there must be none, as versions are published", async () => {
    const key = "runs/1/manifest.json";
    const outcomes = await ask(
      TRAINER,
      { do: "put-new", bucket, key, text: "first" },
      { do: "put-new", bucket, key, text: "second" },
      { do: "get", bucket, key },
      { do: "delete", bucket, key },
    );
    expect(outcomes).toEqual([true, "PreconditionFailed", "first", true]);
  });

  it("lets those read who may read", async () => {
    const outcomes = await ask(
      READER,
      { do: "head-bucket", bucket },
      { do: "get", bucket, key: "runs/1/model.txt" },
      { do: "put", bucket, key: "runs/1/model.txt", text: "worse weights" },
      { do: "delete", bucket, key: "runs/1/model.txt" },
    );
    expect(outcomes).toEqual([true, "weights", "AccessDenied", "AccessDenied"]);
  });

  it("refuses those that it does not know, and wrong keys", async () => {
    const step = { do: "get", bucket, key: "runs/1/model.txt" };
    expect(await ask(["ml.stranger", "some-key"], step)).toEqual(["InvalidAccessKeyId"]);
    expect(await ask([TRAINER[0], READER[1]], step)).toEqual(["SignatureDoesNotMatch"]);
  });

  it("takes 20 MiB in parts, and has everything after a restart", async () => {
    const key = "runs/1/big";
    expect(await ask(TRAINER, { do: "put-parts", bucket, key, mebibytes: 20 })).toEqual([true]);
    await stop();
    await start();
    const outcomes = await ask(
      TRAINER,
      { do: "size", bucket, key },
      { do: "get", bucket, key: "runs/1/model.txt" },
      { do: "delete", bucket, key },
      { do: "list", bucket, prefix: "runs/" },
    );
    expect(outcomes).toEqual([20 * 1024 * 1024, "weights", true, ["runs/1/model.txt"]]);
  });
});
