import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { ensurePodImages } from "../../rehearsal/real-node/program-images";

const run = promisify(execFile);

let executor = "";
beforeAll(async () => {
  const [image] = await ensurePodImages(undefined, ["argoexec"]);
  executor = image!.files[0]!.source;
});

interface Ended {
  code: number;
  output: string;
}

/** What the executor makes of a step, by a script that has its folder `/var/run/argo` in a mount namespace of its own. */
async function step(command: string, meanwhile = ""): Promise<Ended> {
  const script = `
    mount -t tmpfs none /run
    mkdir -p /var/run/argo/ctr/main
    echo '{"name":"main","outputs":{"parameters":[{"name":"loss","valueFrom":{"path":"/run/loss"}}]}}' > /var/run/argo/template
    "$EXECUTOR" emissary --loglevel error -- sh -c "$COMMAND" &
    ${meanwhile}
    wait $!
    echo "code $?"
    echo "noted $(cat /var/run/argo/ctr/main/exitcode)"
    echo "loss $(cat /var/run/argo/outputs/parameters/run/loss 2>/dev/null)"
  `;
  const env = { ...process.env, EXECUTOR: executor, COMMAND: command, ARGO_CONTAINER_NAME: "main" };
  const { stdout } = await run("unshare", ["--mount", "--map-root-user", "--pid", "--fork", "sh", "-c", script], {
    env,
    timeout: 30_000,
  });
  return { code: Number(/code (\d+)/.exec(stdout)?.[1]), output: stdout };
}

describe("the executor around a step", { timeout: 60_000 }, () => {
  it("notes the step's exit code, and ends with it", async () => {
    const { code, output } = await step("echo working; exit 3");
    expect(code).toBe(3);
    expect(output).toMatch(/^working$/m);
    expect(output).toMatch(/^noted 3$/m);
  });

  it("keeps output parameters", async () => {
    const { code, output } = await step("echo 0.25 > /run/loss");
    expect(code).toBe(0);
    expect(output).toMatch(/^loss 0\.25$/m);
  });

  it("hands signals on to the step and its children, and tells which ended it", async () => {
    const { output } = await step("sleep 20 & wait", "sleep 1; kill -TERM $!");
    expect(output).toMatch(/^noted 143$/m);
  });
});
