export * from "./artifact-store-facts";
