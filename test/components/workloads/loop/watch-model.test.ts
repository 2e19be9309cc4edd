import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

const PROGRAM = join(__dirname, "../../../../components/workloads/loop/watch-model.py");
const PAUSE = "0.02";

/** What the program told, and how it ended. */
interface Ending {
  code: number;
  output: string;
}

describe("watch-model.py", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** A model whose answers have these status codes, one after another; the last one for ever. */
  async function model(...codes: number[]): Promise<{ url: string; asked: () => number }> {
    let asked = 0;
    server = createServer((_request, response) => {
      response.writeHead(codes[Math.min(asked++, codes.length - 1)]!).end();
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/v1/models/churn`, asked: () => asked };
  }

  function watch(url: string, readySeconds: number, observeSeconds: number): Promise<Ending> {
    const args = ["-B", PROGRAM, url, String(readySeconds), String(observeSeconds), PAUSE];
    return new Promise((resolve) => {
      execFile("python3", args, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  }

  it("waits until the model answers", async () => {
    const { url, asked } = await model(503, 404, 200);
    expect(await watch(url, 20, 0)).toEqual({ code: 0, output: `${url} answered\n` });
    expect(asked()).toBe(3);
  });

  it("fails where it does not answer in time, and says what it heard", async () => {
    const { url } = await model(503);
    expect(await watch(url, 0.1, 0)).toEqual({
      code: 1,
      output: `no answer from ${url} within 0.1 seconds: status 503\n`,
    });
  });

  it("waits for one whose name is not known yet", async () => {
    const { code, output } = await watch("http://nobody.invalid/v1/models/churn", 0.1, 0);
    expect(code).toBe(1);
    expect(output).toContain("no answer from http://nobody.invalid/v1/models/churn within 0.1 seconds: ");
  });

  it("asks for as long as it is told", async () => {
    const { url, asked } = await model(200);
    expect((await watch(url, 20, 0.3)).code).toBe(0);
    expect(asked()).toBeGreaterThan(3);
  });

  it("forgives single failures", async () => {
    const { url } = await model(200, 500, 500, 200);
    expect((await watch(url, 20, 0.1)).code).toBe(0);
  });

  it("fails after three failures in a row, also where the first came at the very end", async () => {
    const { url } = await model(200, 500);
    const { code, output } = await watch(url, 20, 0.01);
    expect(code).toBe(1);
    expect(output).toContain("failure 3 of 3: status 500\n");
    expect(output).toContain(`${url} stopped answering: status 500\n`);
  });
});
