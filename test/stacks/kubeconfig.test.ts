import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { kubeconfigPath } from "../../stacks/kubeconfig";

const repository = resolve(__dirname, "../..");

const source = { stack: "dev" };

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mlstack-kubeconfig-"));
  file = join(folder, "config");
  writeFileSync(file, "");
  vi.stubEnv("HOME", folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("the kubeconfig", () => {
  test("may be an absolute path, one from the repository, or one from the home directory", () => {
    const written = [file, relative(repository, file), "~/config"];
    const paths = written.map((kubeconfig) => kubeconfigPath({ kind: "existing", context: "dev", kubeconfig }, source));
    expect(paths).toEqual([file, file, file]);
  });

  test("of an existing cluster is the ambient one where none is named", () => {
    expect(kubeconfigPath({ kind: "existing", context: "dev" }, source)).toBeUndefined();
  });

  test("must be there", () => {
    expect(() => kubeconfigPath({ kind: "existing", context: "dev", kubeconfig: "nowhere" }, source)).toThrow(
      "Pulumi.dev.yaml has 1 problem; nothing was changed.\n" +
        '  mlstack:cluster.kubeconfig is "nowhere"; allowed: the path of a kubeconfig that exists. Mend the path.\n' +
        "Every key is described in docs/configuration.md.",
    );
  });

  test("is not shown where it is secret", () => {
    const secret = { stack: "dev", secretKeys: ["mlstack:cluster"] };
    expect(() => kubeconfigPath({ kind: "existing", context: "dev", kubeconfig: "hunter2" }, secret)).toThrow(
      /^(?!.*hunter2)/s,
    );
  });
});
