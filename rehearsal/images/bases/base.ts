import type { Start } from "../assemble";
import type { Layer } from "../store";

/** What an image stands on: in place of the image that a Dockerfile has it `FROM`. */
export interface Base {
  layers: Layer[];
  /** How its containers are started, where a Dockerfile does not say otherwise. */
  start: Start;
}
