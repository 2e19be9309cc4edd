import { table } from "../cli/table";
import { median, rounded, spread } from "./statistics";

/** Unit of a measured quantity. */
export type Unit = "s" | "ms" | "MiB";

/** One quantity, measured on several subjects in the same runs. */
interface Comparison {
  unit: Unit;
  /** Samples of each subject, one per run; the first subject is the baseline. */
  samples: Map<string, number[]>;
}

/** What a benchmark has measured so far, in the order in which it was first measured. */
export class Results {
  private readonly comparisons = new Map<string, Comparison>();
  private readonly remarks: string[] = [];

  /**
   * Adds the sample of one run.
   *
   * @param measure What was measured; its first subject is the baseline of the others.
   */
  record(measure: string, subject: string, value: number, unit: Unit): void {
    const comparison = this.comparisons.get(measure) ?? { unit, samples: new Map<string, number[]>() };
    this.comparisons.set(measure, comparison);
    comparison.samples.set(subject, [...(comparison.samples.get(subject) ?? []), value]);
  }

  /** Adds what is to be said below the table: a line, or a table of another kind. */
  remark(text: string): void {
    this.remarks.push(text);
  }

  /** The table, one row per measure and subject, and the remarks on it. */
  toString(): string {
    const rows = [...this.comparisons].flatMap(([measure, comparison]) => rowsOf(measure, comparison));
    return [table(["measure", "of", "median", "spread", "ratio"], rows), ...this.remarks].join("\n\n");
  }
}

function rowsOf(measure: string, { unit, samples }: Comparison): string[][] {
  const [baseline = []] = samples.values();
  return [...samples].map(([subject, values], index) => {
    const { least, greatest } = spread(values);
    return [
      index === 0 ? measure : "",
      subject,
      `${rounded(median(values))} ${unit}`,
      `${rounded(least)} – ${rounded(greatest)}`,
      index === 0 ? "1" : (median(values) / median(baseline)).toFixed(2),
    ];
  });
}
