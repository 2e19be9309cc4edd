import { askS3, type S3Keys, type S3Step } from "./s3-client";
import { type ForwardedPort, forwardPort } from "./forwarded-port";
import type { RehearsedStack } from "./rehearsed-stack";

/** What pods know of the Versity gateway that an environment has which says nothing of it. */
export const STORE = {
  bucket: "artifacts",
  endpoint: "http://versitygw.artifacts.svc.cluster.local:7070",
  /** Secret with the keys, in each namespace that was granted access. */
  secret: "artifact-store",
};

/** Its pod, and its port. */
const GATEWAY = { namespace: "artifacts", labelSelector: "app.kubernetes.io/name=versitygw", port: 7070 };

/** The store for artifacts of a stack, asked with the keys that the pods of a namespace have. */
export class StackStore {
  private constructor(
    private readonly forwarded: ForwardedPort,
    private readonly keys: S3Keys,
  ) {}

  /** Reaches it as whoever reads the Secret of a namespace does. */
  static async of(stack: RehearsedStack, namespace: string): Promise<StackStore> {
    const { data = {} } = await stack.core.readNamespacedSecret({ namespace, name: STORE.secret });
    const plain = (key: string) => Buffer.from(data[key] ?? "", "base64").toString();
    return new StackStore(await forwardPort(stack.config, GATEWAY), [plain("accesskey"), plain("secretkey")]);
  }

  /** An object as text. */
  async text(key: string): Promise<string> {
    return (await this.bytes(key)).toString();
  }

  /** An object as it is. @throws Error where there is none. */
  async bytes(key: string): Promise<Buffer> {
    const [read] = await askS3(this.forwarded.url, this.keys, [{ do: "get-bytes", bucket: STORE.bucket, key }]);
    if (typeof read !== "string" || read === "NoSuchKey") throw new Error(`the store has no ${key}: ${String(read)}`);
    return Buffer.from(read, "base64");
  }

  /** What an object is labelled with. */
  async metadata(key: string): Promise<Record<string, string>> {
    const [read] = await askS3(this.forwarded.url, this.keys, [{ do: "metadata", bucket: STORE.bucket, key }]);
    return read as Record<string, string>;
  }

  /** Writes a text. */
  async write(key: string, text: string): Promise<void> {
    await this.done({ do: "put", bucket: STORE.bucket, key, text });
  }

  /** Copies an object. */
  async copy(from: string, key: string): Promise<void> {
    await this.done({ do: "copy", bucket: STORE.bucket, from, key });
  }

  /** Keys that begin with a prefix. */
  async keysUnder(prefix: string): Promise<string[]> {
    const [found] = await askS3(this.forwarded.url, this.keys, [{ do: "list", bucket: STORE.bucket, prefix }]);
    return found as string[];
  }

  private async done(step: S3Step): Promise<void> {
    const [outcome] = await askS3(this.forwarded.url, this.keys, [step]);
    if (outcome !== true) throw new Error(`the store refuses ${step.do} of ${step.key}: ${String(outcome)}`);
  }

  /** Reaches it no more. */
  close(): void {
    this.forwarded.close();
  }
}
