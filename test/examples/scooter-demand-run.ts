import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";
import { LocalImage, readImage } from "../support/image";
import type { Program } from "../support/program";
import { type PythonEnvironment, pythonOf } from "../../rehearsal/toolchain/python-environment";

const EXAMPLE = join(checkoutRoot(), "examples", "scooter-demand");

/** The packages of all images of the story. */
export const PACKAGES: PythonEnvironment = { name: "scooter-demand", requirements: join(EXAMPLE, "requirements.txt") };

/** The story's images, by the folders of their programs. */
export const IMAGES = ["train", "serve", "fleet"] as const;

/** One of the story's images. */
export type ImageName = (typeof IMAGES)[number];

/** What an image's Dockerfile says. */
export const dockerfileOf = (name: ImageName) => readImage(EXAMPLE, join(name, "Dockerfile"));

/** The images, laid out in a folder. */
export async function layOutImages(folder: string): Promise<Record<ImageName, LocalImage>> {
  const python = await pythonOf(PACKAGES);
  const laidOut = IMAGES.map(async (name) => {
    return [name, await LocalImage.layOut(dockerfileOf(name), join(folder, name), python)] as const;
  });
  return Object.fromEntries(await Promise.all(laidOut)) as Record<ImageName, LocalImage>;
}

/** Rides of a made-up city: how many begin in an hour of a district. */
export type Demand = (hour: number, district: string) => number;

/** Writes rides for each of some days, the last of which is given, in all districts. */
export async function writeDays(folder: string, until: string, days: number, districts: string[], demand: Demand) {
  await mkdir(folder, { recursive: true });
  for (let back = 0; back < days; back++) {
    const day = new Date(Date.parse(until) - back * 24 * 3_600_000).toISOString().slice(0, 10);
    const lines = districts.flatMap((district) =>
      Array.from({ length: 24 }, (_, hour) => `${hour},${district},${10 + (back % 5)},0,${demand(hour, district)}`),
    );
    await writeFile(join(folder, `${day}.csv`), `hour,district,temperature,rain,rides\n${lines.join("\n")}\n`);
  }
}

/** What a predictor answers. */
export interface Answer {
  status: number;
  body: { version?: string; rides?: number[]; detail?: unknown };
}

/** An hour to predict. */
export interface Hour {
  day: string;
  hour: number;
  district: string;
  temperature: number;
  rain?: number;
}

/** Asks a predictor that runs as a process. */
export class PredictorClient {
  private constructor(private readonly address: string) {}

  /** Arguments that let a predictor listen on any port of loopback. */
  static readonly LISTEN = ["--host", "127.0.0.1", "--port", "0"];

  /** Waits until a predictor listens. */
  static async of(program: Program): Promise<PredictorClient> {
    const [, address = ""] = await program.prints(/running on (http:\/\/127\.0\.0\.1:\d+)/);
    return new PredictorClient(address);
  }

  /** What stands under a path. */
  async get(path: string): Promise<Answer> {
    return answerOf(await fetch(`${this.address}${path}`));
  }

  /** Text under a path. */
  async text(path: string): Promise<string> {
    return (await fetch(`${this.address}${path}`)).text();
  }

  /** Rides in some hours. */
  async predict(...hours: Hour[]): Promise<Answer> {
    const headers = { "content-type": "application/json" };
    return answerOf(
      await fetch(`${this.address}/predict`, { method: "POST", headers, body: JSON.stringify({ hours }) }),
    );
  }
}

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}
