import { join } from "node:path";
import { IMAGES } from "../../components/model/images";
import { CHARTS } from "../../components/model/versions";
import { checkoutRoot } from "../checkout";

/** An image of a program in Python, which stands for one that upstream publishes. */
export interface PythonImage {
  /** Folder with its Dockerfile, its requirements and its program. */
  folder: string;
  /** Registry that its name begins with; `image.yaml` in the folder has the rest. */
  registry: string;
  /** Its tag. */
  version: string;
  /** Name with tag, as manifests and controllers use it. */
  image: string;
  /** Part of the platform, or scenario, whose pods need it. */
  neededBy: string;
  /** What pods run it for. */
  purpose: string;
}

const folderOf = (name: string) => join(checkoutRoot(), "rehearsal", "real-node", "images", name);

/** Tag of the image that standalone TensorBoards have. */
const TENSORFLOW_VERSION = IMAGES.tensorBoard.replace(/^.*:/, "");

/**
 * Images of KServe that predictors need. Its packages of the same version do the work: `kserve-storage` fetches models, and
 * `kserve` serves what a small program of ours loads. Claims (`pvc://`) need no init container, as the controller mounts them.
 * Of TensorFlow's image TensorBoard alone is there, in a version of its own.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/python/storage-initializer.Dockerfile
 * @see https://github.com/kserve/kserve/blob/v0.20.0/config/runtimes/kserve-sklearnserver.yaml what arguments it is given
 */
export const PYTHON_IMAGES: readonly PythonImage[] = [
  {
    folder: folderOf("storage-initializer"),
    registry: "docker.io",
    version: CHARTS.kserve.version,
    image: `docker.io/kserve/storage-initializer:${CHARTS.kserve.version}`,
    neededBy: "kserve",
    purpose: "fetches the model of a predictor from s3:// or https://, before it starts",
  },
  {
    folder: folderOf("sklearn-server"),
    registry: "docker.io",
    version: CHARTS.kserve.version,
    image: `docker.io/kserve/sklearnserver:${CHARTS.kserve.version}`,
    neededBy: "kserve",
    purpose: "serves models of the format sklearn",
  },
  {
    folder: folderOf("tensorboard"),
    registry: "docker.io",
    version: TENSORFLOW_VERSION,
    image: IMAGES.tensorBoard,
    neededBy: "heart-disease",
    purpose: "shows the logs of trainings",
  },
];
