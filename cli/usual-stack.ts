/** The stack of commands that name none. */
export const USUAL_STACK = "local";
