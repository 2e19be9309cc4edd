/** Variable with the fingerprint of a training: where it puts its result, and where those who serve find it. */
export const TRAINING_VARIABLE = "TRAINING_ID";
