import {
  childAt,
  isUnknown,
  stringAt,
  UNKNOWN,
  type ContainerAt,
  type Tree,
  type Unknown,
} from "../../../components/model";
import type { Truth } from "../../engine/truth";

/** Names of images with a MinIO server: MinIO's own, builds of others, and the fork Silo. */
const SERVER_IMAGE = /(?:^|\/)(?:minio|silo)(?:[:@].*)?$/s;

/** A command that serves MinIO, whatever the image is called. */
const SERVER_COMMAND = /\bminio\s+server\b/;

/**
 * Whether a container serves MinIO, rather than being its client or a tool in the same image. Where neither the image nor
 * the command is known, nothing suggests it.
 */
export function isMinioServer({ container }: ContainerAt): Truth {
  const words = wordsOf(container);
  const known = words.filter((word) => !isUnknown(word));
  if (SERVER_COMMAND.test(known.join(" "))) return true;
  const image = childAt(container, "image");
  const serves = known.includes("server");
  if (isUnknown(image)) return serves ? UNKNOWN : false;
  if (!SERVER_IMAGE.test(stringAt(container, "image") ?? "")) return false;
  return !serves && words.some(isUnknown) ? UNKNOWN : serves;
}

/** The command of a container and its arguments, word by word; unknown in place of what is not known. */
export function wordsOf(container: Tree): (string | Unknown)[] {
  return ["command", "args"].flatMap((field) => {
    const words = childAt(container, field);
    const list = Array.isArray(words) ? words : [words];
    return list.filter((word) => typeof word === "string" || isUnknown(word));
  });
}
