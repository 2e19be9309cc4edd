import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkoutRoot } from "../../rehearsal/checkout";
import { missingPython, type PythonEnvironment, pythonOf } from "../../rehearsal/toolchain/python-environment";

const run = promisify(execFile);

const SUPPORT = join(checkoutRoot(), "test", "support");
/** moto stands on Amazon's client for Python, so that its environment has that one. */
const ENVIRONMENT: PythonEnvironment = { name: "moto", requirements: join(SUPPORT, "moto-requirements.txt") };

/** Access key and secret key. */
export type S3Keys = readonly [accessKey: string, secretKey: string];

/** One thing to ask of a store: a name of `s3-steps.py`, and what it takes. */
export interface S3Step {
  do: string;
  bucket?: string;
  key?: string;
  text?: string;
  /** Key that is copied. */
  from?: string;
  prefix?: string;
  mebibytes?: number;
}

/** Why stores cannot be asked here; undefined where they can. */
export function missingS3Client(): string | undefined {
  return missingPython(ENVIRONMENT);
}

/** Asks a store with Amazon's own client, and tells what came of each step: what was read, true, or the code of the refusal. */
export async function askS3(endpoint: string, as: S3Keys, steps: S3Step[]): Promise<unknown[]> {
  const asking = run(await pythonOf(ENVIRONMENT), [join(SUPPORT, "s3-steps.py"), endpoint]);
  asking.child.stdin!.end(JSON.stringify(steps.map((step) => ({ ...step, as }))));
  return JSON.parse((await asking).stdout) as unknown[];
}
