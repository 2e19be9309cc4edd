import { describe, expect, it } from "vitest";
import * as words from "../../../cli/plan/words";

describe("words of a plan", () => {
  it.each<[string, string]>([
    [words.money(1234.5), "1,234.50"],
    [words.money(null), "unbounded"],
    [words.money(undefined), "unknown"],
    [words.moneyChange(1234.5) ?? "", "+1,234.50"],
    [words.moneyChange(-0.006) ?? "", "−0.01"],
    [words.moneyChange(0.0049) ?? "", ""],
    [words.hourly(12.244), "USD 12.24/h"],
    [words.hourly(null), "unbounded"],
    [words.hourly(undefined), "unknown"],
    [words.monthly(10), "USD 7,300 a month"],
    [words.number(1234.567), "1,234.57"],
    [words.number(null), "unbounded"],
    [words.counted(1, "GPU"), "1 GPU"],
    [words.counted(0, "GPU"), "0 GPUs"],
    [words.counted(2, "price is", "prices are"), "2 prices are"],
    [words.percent(0.906), "91%"],
    [words.listed([]), ""],
    [words.listed(["a"]), "a"],
    [words.listed(["a", "b", "c"]), "a, b and c"],
    [words.firstOf(["a", "b"], 2), "a and b"],
    [words.firstOf(["a", "b", "c", "d"], 2), "a, b and 2 more"],
    [words.instant("2026-11-27T00:23:56.000Z"), "2026-11-27 00:23 UTC"],
    [words.instant("yesterday"), "yesterday"],
    [words.number(9e15), "9,000,000,000,000,000"],
    [words.number(1e32), "over 9,000,000,000,000,000"],
    [words.counted(1e32, "node"), "over 9,000,000,000,000,000 nodes"],
    [words.money(1e32), "over 9,000,000,000,000,000.00"],
    [words.hourly(1e32), "USD over 9,000,000,000,000,000.00/h"],
    [words.sentence("it is so"), "It is so."],
    [words.sentence("Is it?"), "Is it?"],
    [words.sentence(""), ""],
    [words.amountInHours(0.75), "45 minutes"],
    [words.amountInHours(1), "1 hour"],
    [words.amountInHours(1.5), "1.5 hours"],
  ])("say %s", (said, expected) => {
    expect(said).toBe(expected);
  });
});
