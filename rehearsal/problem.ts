/**
 * Something that stops a command and that its user can mend: the command line prints the message and the remedy, never
 * a stack trace.
 */
export class Problem extends Error {
  /**
   * @param message What is wrong, with what was found.
   * @param remedy What to do about it, as an imperative sentence.
   */
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = "Problem";
  }
}
