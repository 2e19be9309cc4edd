import { basename } from "node:path";
import { IMAGES } from "../../components/model/images";
import {
  CHARTS,
  MANIFESTS,
  type PinnedChart,
  type PinnedManifests,
  type SourceModule,
} from "../../components/model/versions";
import type { Lock } from "../../rehearsal/charts/lock-file";
import { type BillComponent, billLicence, billProperty } from "./bill";
import { imageReference, ociPurl } from "./image-reference";
import { CHART_LICENCES, IMAGE_LICENCES, MANIFEST_LICENCES } from "./licences";

/**
 * Every chart, set of manifests and image that the components pin, each with what is known of its content.
 *
 * @param lock digests of what was pulled before; they count where a source tells none of its own.
 */
export function platformSources(lock: Lock): BillComponent[] {
  const charts = Object.entries<PinnedChart>(CHARTS).map(([key, chart]) => chartComponent(key, chart, lock));
  const manifests = Object.entries<PinnedManifests>(MANIFESTS).map(([key, each]) => manifestComponent(key, each, lock));
  const images = Object.entries(IMAGES).map(([key, image]) =>
    imageComponent(image, { name: key, licence: licence(IMAGE_LICENCES, key) }),
  );
  return [...charts, ...manifests, ...images];
}

/** What is known of an image beside its reference. */
export interface KnownImage {
  /** Name that it has here; none for images of others. */
  name?: string;
  /** SPDX expression. */
  licence?: string;
}

/** An image as a component of a bill. */
export function imageComponent(reference: string, { name, licence }: KnownImage = {}): BillComponent {
  const image = imageReference(reference);
  const version = image.tag ?? (image.digest === undefined ? undefined : `sha256:${image.digest}`);
  return {
    type: "container",
    "bom-ref": `image:${reference}`,
    name: image.repository,
    ...(version === undefined ? {} : { version }),
    purl: ociPurl(image),
    ...(image.digest === undefined ? {} : { hashes: [sha256(image.digest)] }),
    ...(licence === undefined ? {} : { licenses: [billLicence(licence)] }),
    properties: [
      billProperty("kind", "image"),
      ...(name === undefined ? [] : [billProperty("name", name)]),
      billProperty("reference", reference),
    ],
  };
}

function chartComponent(key: string, chart: PinnedChart, lock: Lock): BillComponent {
  const name = basename(chart.chart);
  const { repository, version, module } = chart;
  const locked = lock[name]?.version === version ? lock[name].digest : undefined;
  const digest = chart.digest ?? locked;
  const purl =
    repository === undefined
      ? ociPurl({ repository: chart.chart.replace(/^oci:\/\//, ""), tag: version })
      : `pkg:generic/${name}@${version}?repository_url=${encodeURIComponent(repository)}`;
  return {
    type: "application",
    "bom-ref": `chart:${key}@${version}`,
    name,
    version,
    purl,
    ...(digest === undefined ? {} : { hashes: [sha256(digest)] }),
    licenses: [billLicence(licence(CHART_LICENCES, key))],
    properties: [billProperty("kind", "chart"), billProperty("name", key), ...moduleProperties(module, version)],
  };
}

function manifestComponent(key: string, manifests: PinnedManifests, lock: Lock): BillComponent {
  const { name, repository, version, tagPrefix, root, module } = manifests;
  const commit = lock[name]?.version === version ? lock[name].digest : undefined;
  const [owner = "", project = ""] = new URL(repository).pathname.slice(1).split("/");
  return {
    type: "application",
    "bom-ref": `manifests:${key}@${version}`,
    name,
    version,
    purl: `pkg:github/${owner}/${project}@${tagPrefix}${version}#${root}`,
    licenses: [billLicence(licence(MANIFEST_LICENCES, key))],
    properties: [
      billProperty("kind", "manifests"),
      billProperty("name", key),
      ...(commit === undefined ? [] : [billProperty("commit", commit)]),
      ...moduleProperties(module, version),
    ],
  };
}

/** Go knows modules by a hash of its own, which CycloneDX has no name for. */
function moduleProperties(module: SourceModule | undefined, version: string): { name: string; value: string }[] {
  if (module === undefined) return [];
  const tag = module.version ?? `v${version.replace(/^v/, "")}`;
  return [billProperty("go-module", `${module.module}@${tag}`), billProperty("go-sum", module.sum)];
}

function sha256(content: string): { alg: string; content: string } {
  return { alg: "SHA-256", content };
}

function licence(table: Readonly<Record<string, string>>, key: string): string {
  return table[key]!;
}
