import { tryParseQuantity } from "../../model";
import { SparkLanguage } from "./spark-option-args";

const NANO_PER_MIB = 1024n * 1024n * 1_000_000_000n;

/**
 * Overhead at least, in MiB.
 *
 * @see https://spark.apache.org/docs/4.0.1/configuration.html `spark.executor.minMemoryOverhead`
 */
const LEAST_OVERHEAD_MIB = 384;

/**
 * Overhead as a share of the heap.
 *
 * @see https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html `spark.kubernetes.memoryOverheadFactor`
 */
const OVERHEAD_FACTOR: Record<SparkLanguage, number> = {
  [SparkLanguage.java]: 0.1,
  [SparkLanguage.scala]: 0.1,
  [SparkLanguage.python]: 0.4,
  [SparkLanguage.r]: 0.4,
};

/**
 * Heap at least, in MiB: Spark refuses below 450, and a heap of which Java keeps a part for itself seems smaller to it.
 *
 * @see https://github.com/apache/spark/blob/v4.0.1/core/src/main/scala/org/apache/spark/memory/UnifiedMemoryManager.scala
 */
export const LEAST_HEAP_MIB = 512;

/** How the memory of a pod is divided, in MiB. Both parts together are the pod's request and limit. */
export interface SparkMemory {
  /** Java's heap. */
  heapMib: number;
  /** Everything else. */
  overheadMib: number;
}

/** Divides the memory of a pod; undefined where a quantity is no whole number of MiB. */
export function sparkMemory(
  memory: string,
  memoryOverhead: string | undefined,
  language: SparkLanguage,
): SparkMemory | undefined {
  const total = wholeMib(memory);
  const given = memoryOverhead === undefined ? undefined : wholeMib(memoryOverhead);
  if (total === undefined || (memoryOverhead !== undefined && given === undefined)) return undefined;
  const overheadMib = given ?? Math.max(LEAST_OVERHEAD_MIB, total - largestHeap(total, OVERHEAD_FACTOR[language]));
  return { heapMib: total - overheadMib, overheadMib };
}

/** The quantity as a whole number of MiB; undefined where it is none. */
export function wholeMib(quantity: string): number | undefined {
  const nano = tryParseQuantity(quantity);
  return nano === undefined || nano % NANO_PER_MIB !== 0n ? undefined : Number(nano / NANO_PER_MIB);
}

/** The heap that leaves its share for the overhead; a language that is misspelt is reported elsewhere. */
function largestHeap(totalMib: number, factor = 0): number {
  return Math.floor(totalMib / (1 + factor));
}
