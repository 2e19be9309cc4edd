import type { WorkflowArtifactStore } from "../../components";
import type { ScenarioContext } from "./scenario";

/** The store of a scenario that addresses it: configurations without one are refused before. @throws Error where nobody says it. */
export function knownStore({ artifactStore }: ScenarioContext): WorkflowArtifactStore {
  if (artifactStore === undefined) throw new Error("nothing says where the artifact store of the scenario is");
  return artifactStore;
}
