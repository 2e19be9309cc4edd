/** One thing that is wrong with a plain value of the model, in the parts that messages are worded from. */
export interface ValueProblem {
  /** Path inside the value, for example `gpusPerNode` or `[1].from`. */
  path: string;
  /** What was given there. */
  given: unknown;
  /** What would have been accepted. */
  allowed: string;
  /** What the author should do, as an imperative sentence. */
  remedy: string;
}
