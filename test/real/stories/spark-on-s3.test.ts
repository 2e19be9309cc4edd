import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sparkJobManifest, SparkS3Credentials } from "../../../components";
import { version } from "../../../package.json";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { EXAMPLE_REGISTRY } from "../../../rehearsal/images";
import { eventually } from "../../support/cluster";
import { lastingFolder } from "../../support/lasting-folder";
import { missingS3Client } from "../../support/s3-client";
import { StackStore, STORE } from "../../support/stack-store";
import { realStack } from "./stack";

const namespace = "ml";
const sparkApplications = { group: "sparkoperator.k8s.io", version: "v1beta2", namespace, plural: "sparkapplications" };

const AS_OF = "2026-01-01";
const TABLES = ["customers", "usage", "cancellations"] as const;

/** Two JVMs start, beside all that the other stories do. */
const PATIENCE = 480_000;

describe.skipIf(missingS3Client() !== undefined)(
  "a Spark job whose tables are in S3, run",
  { timeout: PATIENCE },
  () => {
    const stack = realStack();
    const folder = lastingFolder("real-spark");
    // A store that is kept for the next run has its tables still.
    const name = `on-s3-${Date.now()}`;
    let store: StackStore;

    beforeAll(async () => {
      store = await StackStore.of(stack, namespace);
    });
    afterAll(() => {
      store.close();
    });

    test("reads them and writes others by s3a:// addresses, with keys of a Secret, on a driver and an executor", async () => {
      const program = join(checkoutRoot(), "examples", "refit", "generate", "generate.py");
      execFileSync("python3", [program, "--customers", "300", "--as-of", AS_OF, "--output", folder]);
      const raw = Object.fromEntries(
        await Promise.all(TABLES.map(async (table) => [table, await readFile(join(folder, `${table}.csv`), "utf8")])),
      ) as Record<(typeof TABLES)[number], string>;
      for (const table of TABLES) await store.write(`${name}/raw/${table}.csv`, raw[table]);

      const at = (path: string) => `s3a://${STORE.bucket}/${name}/${path}`;
      const key = (of: string) => ({ name: STORE.secret, key: of });
      await stack.create(
        sparkJobManifest(name, {
          namespace,
          image: `${EXAMPLE_REGISTRY}/refit-transform:${version}`,
          sparkVersion: "4.0.1",
          mainFile: "local:///app/transform.py",
          args: [
            ...TABLES.flatMap((table) => [`--${table}`, at(`raw/${table}.csv`)]),
            ...["--as-of", AS_OF],
            ...["training", "validation", "profile"].flatMap((table) => [`--${table}`, at(table)]),
          ],
          executor: { replicas: 1, cpu: "1", memory: "1Gi" },
          s3: { credentials: SparkS3Credentials.environment, endpoint: STORE.endpoint, region: "us-east-1" },
          secretEnv: { AWS_ACCESS_KEY_ID: key("accesskey"), AWS_SECRET_ACCESS_KEY: key("secretkey") },
          runAsUser: 185,
          serviceAccountName: "refit-spark",
          retries: 0,
        }),
      );
      const state = await eventually(
        "it has ended",
        async () => {
          const { status } = (await stack.custom.getNamespacedCustomObject({ ...sparkApplications, name })) as {
            status?: { applicationState?: { state: string } };
          };
          const { state = "" } = status?.applicationState ?? {};
          return ["COMPLETED", "FAILED", "SUBMISSION_FAILED"].includes(state) && state;
        },
        PATIENCE,
      );
      expect(state).toBe("COMPLETED");

      const keys = await store.keysUnder(`${name}/`);
      for (const table of ["training", "validation"]) {
        expect(keys).toContain(`${name}/${table}/_SUCCESS`);
        const parts = keys.filter((each) => each.startsWith(`${name}/${table}/part-`) && each.endsWith(".parquet"));
        expect(parts.length).toBeGreaterThan(0);
        expect((await store.bytes(parts[0]!)).subarray(0, 4).toString()).toBe("PAR1");
      }
      const profile = keys.find((each) => each.startsWith(`${name}/profile/part-`))!;
      const counted = (await store.text(profile))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { table: string; rows: number });
      expect(counted.map(({ table }) => table)).toEqual(["training", "validation"]);
      expect(counted.reduce((sum, { rows }) => sum + rows, 0)).toBe(customersOn(AS_OF, raw));
    });
  },
);

/** Who was a customer on a day: signed up by then, and not gone before it. */
function customersOn(day: string, { customers, cancellations }: { customers: string; cancellations: string }): number {
  const cells = (table: string) =>
    table
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
  const left = new Map(cells(cancellations).map(([customer, on]) => [customer!, on!]));
  return cells(customers).filter(([customer, , , signedUp]) => {
    return signedUp! <= day && (left.get(customer!) ?? "never") >= day;
  }).length;
}
