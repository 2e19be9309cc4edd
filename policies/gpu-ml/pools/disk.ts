import { arrayAt, isUnknown, nodeAt, tryParseQuantity, type Told, type Tree } from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import type { Truth } from "../../engine/truth";

/** Room that images with CUDA and a framework need, of which two may lie on a node at the same time. */
export const gib = wholeNumber("the least size in GiB of the disk that nodes with GPUs keep images on", 100, 1);

/** Tells whether a disk is smaller than it should be; one whose size nobody says is as large as the image has it. */
export function isSmall(size: Told<number> | undefined, least: number): Truth {
  return isUnknown(size) ? size : size === undefined || size < least;
}

/** How messages show the size of a disk. */
export function describeSize(size: Told<number> | undefined): string {
  return typeof size === "number" ? `${size} GiB` : "without a size, which leaves the 20 GiB or so of the image";
}

/** The field with the size of the largest volume that block device mappings list; undefined where none says a size. */
export function largestVolumePath(mappings: Tree, path: string): string | undefined {
  const sizes = arrayAt({ mappings }, "mappings").map((each) => quantityOf(nodeAt(each, "ebs.volumeSize")));
  const largest = sizes.reduce((a, b) => (b > a ? b : a), -1n);
  return largest < 0n ? undefined : `${path}[${sizes.indexOf(largest)}].ebs.volumeSize`;
}

function quantityOf(size: Tree): bigint {
  return tryParseQuantity(size) ?? -1n;
}
