import type * as pulumi from "@pulumi/pulumi";

/** What data is lost with, although it holds none itself. */
const KEY = "aws:kms/key:Key";

/**
 * Options with which Pulumi refuses to delete the encryption keys of a component and of everything in it; nothing where
 * `protect` is false. Components for storage take `protect` themselves.
 */
export function keepKeys(protect: boolean): pulumi.ComponentResourceOptions {
  if (!protect) return {};
  return {
    transformations: [({ type, props, opts }) => (type === KEY ? { props, opts: { ...opts, protect } } : undefined)],
  };
}
