import { describe, expect, it } from "vitest";
import { durationText, secondsOf } from "../../../rehearsal/scenarios/duration";

describe("a time in a scenario", () => {
  it.each([
    ["90s", 90],
    ["45m", 2700],
    ["6h30m", 23_400],
    ["1w2d", 777_600],
    ["1.5h", 5400],
    ["0", 0],
    ["0s", 0],
  ])("%s is %d seconds", (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });

  it.each(["", "5", "5 m", "30m6h", "1h1h", "-1s", "1ms", "1e3s"])("is not %j", (text) => {
    expect(secondsOf(text)).toBeUndefined();
  });

  it.each([
    [0, "0s"],
    [0.44, "0.4s"],
    [45.4, "45s"],
    [60, "1m"],
    [90, "1m 30s"],
    [3600, "1h"],
    [5430, "1h 30m"],
    [90_000, "1d 1h"],
  ])("of %d seconds reads %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});
