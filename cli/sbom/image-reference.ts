/** What a reference of an image says. */
export interface ImageReference {
  /** Registry and repository: `docker.io/library/redis`. */
  repository: string;
  tag?: string;
  /** SHA-256 in hex. */
  digest?: string;
}

/** Takes the reference of an image apart; what names no registry is of Docker's, as container runtimes have it. */
export function imageReference(reference: string): ImageReference {
  const [, name = "", tag, digest] = /^(.+?)(?::([\w][\w.-]*))?(?:@sha256:([0-9a-f]{64}))?$/.exec(reference) ?? [];
  const [first = "", ...rest] = name.split("/");
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const repository = isRegistry ? name : `docker.io/${rest.length === 0 ? "library/" : ""}${name}`;
  return { repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/**
 * What package managers call something in an OCI registry.
 *
 * @see https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md
 */
export function ociPurl({ repository, tag, digest }: ImageReference): string {
  const name = repository.split("/").at(-1) ?? "";
  const version = digest === undefined ? "" : `@sha256%3A${digest}`;
  const qualifiers = [`repository_url=${encodeURIComponent(repository)}`, ...(tag === undefined ? [] : [`tag=${tag}`])];
  return `pkg:oci/${encodeURIComponent(name.toLowerCase())}${version}?${qualifiers.join("&")}`;
}
