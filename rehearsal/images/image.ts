/** A file or folder of this machine that an image has. */
export interface ImageFile {
  /** Path on this machine; of a folder everything in it is taken. */
  source: string;
  /** Path in the image. */
  target: string;
  /** Permission bits of a file; those that it has by default. */
  mode?: number;
}

/** An image of one program, with nothing beside it but what the program needs: what `FROM scratch` makes of a static binary. */
export interface ProgramImage {
  /** Name with tag, as manifests use it, for example `registry.k8s.io/coredns/coredns:v1.15.0`. */
  name: string;
  files: ImageFile[];
  entrypoint: string[];
  /** User, and group after a colon, as numbers; root by default. */
  user?: string;
  /** Variables that the image sets; none by default. */
  environment?: Record<string, string>;
}

/** An image that can be imported. */
export interface BuiltImage {
  /** Name with tag, as manifests use it. */
  name: string;
  /** Digest of its manifest, `sha256:` and hexadecimal digits: the same for the same inputs. */
  digest: string;
  /** File with the image: a tar of an OCI layout, which names it in `io.containerd.image.name`. */
  archive: string;
}
