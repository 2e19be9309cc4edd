import { type Fetch, digestFromRegistry } from "../../rehearsal/charts/registry";
import { type BillComponent, kindOf, propertyOf } from "./bill";
import { imageReference } from "./image-reference";
import { imageComponent } from "./platform-sources";

/** A list of components after registries were asked, and what they did not tell. */
export interface ToldDigests {
  components: BillComponent[];
  /** Why images are without a digest still, a message each. */
  untold: string[];
}

/**
 * Asks the registries of images that are known by a tag alone which digests these have now.
 *
 * @param get asks for addresses; `fetch` by default.
 */
export async function toldDigests(components: readonly BillComponent[], get?: Fetch): Promise<ToldDigests> {
  const untold: string[] = [];
  const told = components.map(async (component) => {
    if (kindOf(component) !== "image" || component.hashes !== undefined) return component;
    const reference = propertyOf(component, "reference") ?? "";
    const { repository, tag = "latest" } = imageReference(reference);
    const digest = await digestFromRegistry(repository, tag, get).catch((error: unknown) => {
      untold.push(`${reference}: ${(error as Error).message}`);
      return undefined;
    });
    return digest === undefined ? component : withDigest(component, reference, digest);
  });
  return { components: await Promise.all(told), untold: untold.sort() };
}

/** The image by its tag and its digest, under the name that it has in the bill. */
function withDigest(component: BillComponent, reference: string, digest: string): BillComponent {
  const { purl = "", hashes = [] } = imageComponent(`${reference}@sha256:${digest}`);
  return { ...component, purl, hashes };
}
