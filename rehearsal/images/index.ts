export type { AssembledImage } from "./assemble";
export { busyboxImage, PAUSE_IMAGE, pauseImage } from "./busybox";
export type { BuiltImage, ImageFile, ProgramImage } from "./image";
export { programImage } from "./program-image";
export { EXAMPLE_REGISTRY, exampleImage, type ExampleOptions } from "./example-image";
export { IMAGE_FILE, imageFolders, readImageFile } from "./image-file";
export { WORKLOAD_IMAGES, workloadImage } from "./workload-images";
