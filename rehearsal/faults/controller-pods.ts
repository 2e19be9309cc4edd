import type { CoreV1Api, V1Pod } from "@kubernetes/client-node";
import { CONTROLLERS } from "../operators/controllers";
import { Problem } from "../problem";

/**
 * The pods of the controllers of a part.
 *
 * @throws {Problem} where no controller of the part can run.
 */
export async function controllerPods(core: CoreV1Api, part: string): Promise<V1Pod[]> {
  const images = imagesOf(part);
  const { items } = await core.listPodForAllNamespaces();
  return items.filter(({ spec }) =>
    spec?.containers.some(({ image = "" }) => images.some((each) => image.startsWith(`${each}:`))),
  );
}

function imagesOf(part: string): string[] {
  const controllers = CONTROLLERS.filter(({ isService = false }) => !isService);
  const images = controllers.filter((controller) => controller.part === part).map(({ image }) => image);
  if (images.length > 0) return images;
  const known = [...new Set(controllers.map((controller) => controller.part))].sort();
  throw new Problem(`the part ${part} has no controller that runs`, `Name one of these: ${known.join(", ")}.`);
}
