import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingPython, type PythonEnvironment, pythonOf } from "../../rehearsal/toolchain/python-environment";
import { digestOf } from "../support/digest";
import { lastingFolder } from "../support/lasting-folder";
import { Moto } from "../support/moto";
import { askS3, type S3Step } from "../support/s3-client";
import { EXAMPLE } from "./refit-run";

const run = promisify(execFile);

const CLIENT: PythonEnvironment = {
  name: "refit-publish",
  requirements: join(EXAMPLE, "publish", "requirements.txt"),
};
const KEYS = ["access", "secret"] as const;
const bucket = "artifacts";
const FILES = ["scoring-library.jar", "model.zip", "metrics.json", "ranking.json"];

interface Manifest {
  name: string;
  version: string;
  published_at: string;
  files: Record<string, string>;
}

const missing = Moto.missing() ?? missingPython(CLIENT);

describe.skipIf(missing !== undefined)("publishing to a registry in S3", { timeout: 120_000 }, () => {
  const folder = lastingFolder("refit-publish");
  let python: string;
  let moto: Moto;
  beforeAll(async () => {
    python = await pythonOf(CLIENT);
    moto = await Moto.start();
    await ask({ do: "create-bucket", bucket });
    await Promise.all(["one", "other"].map(makeTrial));
  }, 600_000);
  afterAll(() => moto.stop());

  const ask = (...steps: S3Step[]) => askS3(moto.endpoint, KEYS, steps);
  const keyOf = (version: string, file: string) => `refit/registry/cancellation/${version}/${file}`;
  const bytes = async (version: string, file: string) => {
    const [read] = await ask({ do: "get-bytes", bucket, key: keyOf(version, file) });
    return Buffer.from(read as string, "base64");
  };
  const manifestOf = async (version: string) =>
    JSON.parse((await bytes(version, "manifest.json")).toString()) as Manifest;
  const keysUnder = async (version: string) => (await ask({ do: "list", bucket, prefix: keyOf(version, "") }))[0];

  /** A trial and the library that was made of it, with the least that both have in them. */
  async function makeTrial(name: string): Promise<void> {
    const model = `the model of ${name}`;
    const lineage = {
      code: { commit: "0123abc" },
      data: { reference: `s3://artifacts/${name}/raw` },
      parameters_hash: "sha256:12",
      model: { digest: digestOf(Buffer.from(model)) },
    };
    const texts = { "lineage.json": JSON.stringify(lineage), "model.zip": model, "metrics.json": "{}" };
    await mkdir(join(folder, name));
    for (const [file, text] of Object.entries({ ...texts, "ranking.json": `["${name}"]` })) {
      await writeFile(join(folder, name, file), text);
    }
    const zip =
      "import sys, zipfile; folder = sys.argv[1]; jar = zipfile.ZipFile(folder + '/scoring-library.jar', 'w'); " +
      "[jar.write(f'{folder}/{name}', f'example/refit/{name}') for name in ('model.zip', 'lineage.json')]; jar.close()";
    await run(python, ["-c", zip, join(folder, name)]);
  }

  async function publish(trial: string, version: string): Promise<string> {
    const at = join(folder, trial);
    const options = {
      library: join(at, "scoring-library.jar"),
      ...{ trial: at, name: "cancellation", version, registry: `s3://${bucket}/refit/registry` },
    };
    const args = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL_S3: moto.endpoint,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: KEYS[0],
      AWS_SECRET_ACCESS_KEY: KEYS[1],
    };
    const { stdout } = await run(python, [join(EXAMPLE, "publish", "publish.py"), ...args], { env });
    return stdout;
  }

  async function expectWhole(version: string): Promise<void> {
    const { files } = await manifestOf(version);
    expect(Object.keys(files)).toEqual(FILES);
    const read = await ask(...FILES.map((file) => ({ do: "get-bytes", bucket, key: keyOf(version, file) })));
    const digests = read.map((content) => digestOf(Buffer.from(content as string, "base64")));
    expect(Object.values(files)).toEqual(digests);
  }

  it("keeps the files, their digests, and on each object what made it", async () => {
    expect(await publish("one", "1.0.0")).toMatch(/^published cancellation 1\.0\.0 at /);
    expect(await manifestOf("1.0.0")).toMatchObject({ name: "cancellation", version: "1.0.0" });
    await expectWhole("1.0.0");
    const keys = [...FILES, "manifest.json"].map((file) => keyOf("1.0.0", file));
    expect(await keysUnder("1.0.0")).toEqual([...keys].sort());
    const labels = {
      "git-commit": "0123abc",
      data: "s3://artifacts/one/raw",
      "parameters-hash": "sha256:12",
      "model-digest": digestOf(Buffer.from("the model of one")),
    };
    const told = await ask(...keys.map((key) => ({ do: "metadata", bucket, key })));
    expect(told).toEqual(keys.map(() => labels));
  });

  it("ends well where the same is published already, and changes nothing", async () => {
    await publish("one", "1.1.0");
    const before = await bytes("1.1.0", "manifest.json");
    await publish("one", "1.1.0");
    expect(await bytes("1.1.0", "manifest.json")).toEqual(before);
  });

  it("refuses a version that is published with other files, and changes nothing", async () => {
    await publish("one", "1.2.0");
    await expect(publish("other", "1.2.0")).rejects.toThrow(
      "cancellation 1.2.0 is published already; give another version",
    );
    await expectWhole("1.2.0");
    expect((await bytes("1.2.0", "model.zip")).toString()).toBe("the model of one");
  });

  it("goes on where it was killed", async () => {
    await ask({ do: "put", bucket, key: keyOf("1.3.0", "model.zip"), text: "the model of one" });
    await publish("one", "1.3.0");
    await expectWhole("1.3.0");
  });

  it("refuses to go on with what somebody else has begun", async () => {
    await ask({ do: "put", bucket, key: keyOf("1.4.0", "model.zip"), text: "the model of one" });
    await expect(publish("other", "1.4.0")).rejects.toThrow(
      "cancellation/1.4.0 was begun with another model.zip; give another version",
    );
    expect(await keysUnder("1.4.0")).not.toContain(keyOf("1.4.0", "manifest.json"));
  });

  it("publishes a version whole where several do so at a time", async () => {
    const same = await Promise.allSettled([1, 2, 3].map(() => publish("one", "1.5.0")));
    expect(same.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    await expectWhole("1.5.0");
  });
});
