import {
  GPU_MEMORY_ANNOTATION,
  stringAt,
  objectAt,
  type PodTemplate,
  type ToldPoolShape,
} from "../../components/model";
import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";
import { amountOf } from "../scheduling/quantities";

/** What an obstacle calls the memory of a GPU. */
export const GPU_MEMORY = "memory of each GPU";

const MIB = 1024 ** 2;

/** Bytes that each GPU of a pod must have; undefined where nothing says so. */
export function gpuMemoryAsked({ metadata }: PodTemplate): number | undefined {
  return amountOf("memory", stringAt(objectAt(metadata, "annotations"), GPU_MEMORY_ANNOTATION));
}

/** Why GPUs of a pool are too small; undefined where they are not, or it is not known how large they are. */
export function gpuMemoryObstacle(asked: number | undefined, { gpuMemoryMib }: ToldPoolShape): Obstacle | undefined {
  if (asked === undefined || typeof gpuMemoryMib !== "number" || gpuMemoryMib * MIB >= asked) return undefined;
  const left = gpuMemoryMib * MIB;
  return { kind: ObstacleKind.resource, message: `Insufficient ${GPU_MEMORY}`, subject: GPU_MEMORY, asked, left };
}
