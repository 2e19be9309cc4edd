import { describe, expect, it } from "vitest";
import { mlstack } from "../support/mlstack";
import { scratchFolder, setForTest } from "../support/scratch";

describe("the mlstack command", { timeout: 60_000 }, () => {
  it.each(["up", "down", "preview", "status", "doctor", "toolchain"])("explains %s with --help", async (verb) => {
    const { code, output } = await mlstack(await scratchFolder(), verb, "--help");
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^Usage: mlstack ${verb} `));
  });

  it("names the nearest command for one that it does not know", async () => {
    const { code, output } = await mlstack(await scratchFolder(), "statsu");
    expect(code).toBe(1);
    expect(output).toContain("error: unknown command 'statsu'\n(Did you mean status?)");
  });

  it("says which stacks there are when it is asked for another", async () => {
    const { code, output } = await mlstack(await scratchFolder(), "up", "--stack", "locl");
    expect(code).toBe(1);
    expect(output).toMatch(
      /^\nthere is no stack "locl": \S+Pulumi\.locl\.yaml does not exist\nName one of local, real, dev, prod, staging with --stack \(did you mean local\?\), or create the file\.\n$/,
    );
  });

  it("names a policy pack that does not exist", async () => {
    const { code, output } = await mlstack(await scratchFolder(), "preview", "--policy-config", "gpu=x.json");
    expect(code).toBe(1);
    expect(output).toContain(
      '--policy-config "gpu=x.json" names no policy pack\nWrite --policy-config PACK=FILE with PACK one of pod-security, gpu-ml, eks.\n',
    );
  });

  it("does not change a stack unseen and unasked that is not of this machine alone", async () => {
    const { code, output } = await mlstack(await scratchFolder(), "up", "--stack", "dev", "--skip-preview");
    expect(code).toBe(1);
    expect(output).toBe(
      "\n--skip-preview would change the stack dev at once: Pulumi asks after its preview\nLeave it out, or add --yes.\n",
    );
  });

  it("shows with doctor what is there and what would have to be built", async () => {
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    const { code, output } = await mlstack(await scratchFolder(), "doctor");
    expect(output).toMatch(/^controlplane +1\.36\.3 +to be built \(about 6 min, once\)$/m);
    expect(output).toMatch(/^node +\d+\.\d+\.\d+/m);
    expect(output).toMatch(/^disk +\d+\.\d GiB free; the tool cache \S+ holds 0\.0 GiB,$/m);
    expect(code).toBe(0);
  });

  it("says with doctor that Go is missing where something has to be built", async () => {
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    setForTest("PATH", await scratchFolder());
    const { code, output } = await mlstack(await scratchFolder(), "doctor");
    expect(output).toContain("must be built and there is no Go on PATH. Install Go 1.26.0 or newer");
    expect(code).toBe(1);
  });

  it("frees what nobody needs with toolchain prune", async () => {
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    expect(await mlstack(await scratchFolder(), "toolchain", "prune")).toEqual({
      code: 0,
      output: "Nothing to free.\n",
    });
  });
});
