export { Notebook } from "./notebook";
export * from "./notebook-args";
export { type NotebookManifests, notebookManifests } from "./notebook-manifest";
export { validateNotebook } from "./notebook-validation";
export { TensorBoard } from "./tensor-board";
export * from "./tensor-board-args";
export { type TensorBoardManifests, tensorBoardManifests } from "./tensor-board-manifest";
export { validateTensorBoard } from "./tensor-board-validation";
