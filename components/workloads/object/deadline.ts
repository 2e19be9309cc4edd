/** Seconds after which a run is ended as failed where its author says nothing, to bound what it can cost: a day. */
export const DEFAULT_DEADLINE_SECONDS = 86_400;
