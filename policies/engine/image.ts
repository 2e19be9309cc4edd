import { isUnknown, type Tree } from "../../components/model";
import { anyOf, type Truth } from "./truth";

const DIGEST = /@[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-f]{32,}$/;

/** Tells whether an image is named by its digest, which stands for one content for ever. */
export function hasDigest(image: string): boolean {
  return DIGEST.test(image);
}

/** Leaves out what stands before the host, which no runtime reads and which may be a password: `user:pass@host/app`. */
export function withoutCredentials(image: string): string {
  return image.replace(/^.*@(?!sha(256|512):[^/@]*$)/s, "");
}

/** The tag of an image reference: neither the registry's port, before the last slash, nor part of a broken digest. */
export function tagOf(image: string): string | undefined {
  const [reference = ""] = image.slice(image.lastIndexOf("/") + 1).split("@");
  const [, tag] = reference.split(":");
  return tag === "" ? undefined : tag;
}

/**
 * The name of an image without tag and digest, with what runtimes put before short names: `docker.io/library/busybox`.
 *
 * @see https://pkg.go.dev/github.com/distribution/reference#ParseNormalizedNamed v0.6.0
 */
export function fullNameOf(image: string): string {
  const [reference = ""] = withoutCredentials(image).split("@");
  const name = reference.replace(/:[^/]*$/, "");
  const host = name.slice(0, Math.max(0, name.indexOf("/")));
  if (host === "index.docker.io") return fullNameOf(name.slice("index.".length));
  if (/[.:]|^localhost$/.test(host)) return name.replace(/^docker\.io\/([^/]+)$/, "docker.io/library/$1");
  return host === "" ? `docker.io/library/${name}` : `docker.io/${name}`;
}

/** Tells whether an image is one of those that a list names, without tag and digest. */
export function isImageOf(image: Tree, names: readonly string[]): Truth {
  return anyOf(
    names.map((name) => {
      if (isUnknown(image)) return image;
      return typeof image === "string" && fullNameOf(image) === fullNameOf(name);
    }),
  );
}
