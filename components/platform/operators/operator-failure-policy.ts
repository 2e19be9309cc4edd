/** What becomes of a request that an operator's webhook should judge and does not answer. */
export const OperatorFailurePolicy = {
  /** It is refused, so that nothing passes unjudged. */
  fail: "Fail",
  /** It passes unjudged and without what the webhook would have set. */
  ignore: "Ignore",
} as const;
/** What becomes of a request that an operator's webhook should judge and does not answer. */
export type OperatorFailurePolicy = (typeof OperatorFailurePolicy)[keyof typeof OperatorFailurePolicy];
