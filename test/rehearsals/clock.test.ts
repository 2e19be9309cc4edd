import { expect, test } from "vitest";
import { goTest } from "../support/go-module";

test("the tool that lets hours pass passes its own tests", { timeout: 600_000 }, async () => {
  expect(await goTest("clock", ".")).toMatch(/^ok\s/);
});
