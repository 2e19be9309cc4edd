import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An entity of the registry, as its API spells it. */
export interface RegistryEntity {
  id: string;
  name: string;
  state: string;
  /** Id of what it belongs to; undefined at the top. */
  parent?: string;
  customProperties: Record<string, object>;
  [field: string]: unknown;
}

interface Reply {
  status: number;
  body: object;
}

const ROOT = "/api/model_registry/v1alpha3/";

/** Kinds of entities by the names of their lists, and which fields they take. */
const KINDS = {
  registered_models: ["description", "owner"],
  model_versions: ["description", "author", "registeredModelId"],
  model_artifacts: ["description", "artifactType", "uri", "modelFormatName", "modelFormatVersion"],
};
type Kind = keyof typeof KINDS;

const COMMON = ["name", "state", "customProperties", "externalId"];

/**
 * A stand-in for Kubeflow's model registry on the loopback, as far as one version is registered: its answers were compared
 * with those of the registry itself, 0.3.8 on PostgreSQL 18.
 *
 * @see https://github.com/kubeflow/model-registry/blob/v0.3.8/api/openapi/model-registry.yaml
 */
export class ModelRegistryStandIn {
  /** What is registered. */
  public readonly entities: Record<Kind, RegistryEntity[]> = {
    registered_models: [],
    model_versions: [],
    model_artifacts: [],
  };
  /** Every request, as `GET registered_model`, in order. */
  public readonly requests: string[] = [];
  /** Header `authorization` of the last request. */
  public authorization: string | undefined;
  /** Answers given instead of the registry's own, the first to the next request. */
  public readonly faults: number[] = [];
  /** Called before each creation; whatever it registers was there first. */
  public beforeCreation: (kind: Kind) => void = () => undefined;

  private nextId = 1;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      void read(request).then((body) => {
        const reply = this.answer(request, body);
        response.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
      });
    });
  }

  /** Starts one on a free port. */
  static async start(): Promise<ModelRegistryStandIn> {
    const registry = new ModelRegistryStandIn();
    await new Promise<void>((resolve) => registry.server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** Its address. */
  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Adds an entity, as another client would. */
  add(kind: Kind, fields: Partial<RegistryEntity> & { name: string }): RegistryEntity {
    const entity = { state: "LIVE", customProperties: {}, ...fields, id: String(this.nextId++) };
    this.entities[kind].push(entity);
    return entity;
  }

  private answer(request: IncomingMessage, body: string): Reply {
    const { method = "", url = "", headers } = request;
    const { pathname, searchParams } = new URL(url, this.address);
    const path = pathname.slice(ROOT.length);
    this.requests.push(`${method} ${path}`);
    this.authorization = headers.authorization;
    const fault = this.faults.shift();
    if (fault !== undefined) return problem(fault, "as the test asks");
    if (!pathname.startsWith(ROOT)) return problem(404, "no such path");
    if (method === "GET") return this.find(`${path}s` as Kind, searchParams);
    const fields = JSON.parse(body) as Partial<RegistryEntity>;
    const [kind = "", id, list] = path.split("/");
    if (method === "PATCH") return this.change(kind as Kind, id, fields);
    if (list === "artifacts") return this.create("model_artifacts", fields, id);
    return this.create(kind as Kind, fields, fields["registeredModelId"] as string | undefined);
  }

  private find(kind: Kind, query: URLSearchParams): Reply {
    const [name, parent] = [query.get("name"), query.get("parentResourceId")];
    if (name === null || (kind !== "registered_models" && parent === null))
      return problem(400, "invalid parameters call");
    const found = this.entities[kind].find((each) => each.name === name && (parent === null || each.parent === parent));
    return found === undefined ? problem(404, `no ${kind} found for name=${name}`) : { status: 200, body: told(found) };
  }

  private create(kind: Kind, fields: Partial<RegistryEntity>, parent: string | undefined): Reply {
    const unknown = unknownField(kind, fields);
    if (unknown !== undefined) return problem(400, `json: unknown field "${unknown}"`);
    if (!fields.name) return problem(422, "required field 'name' is zero value.");
    if (kind === "model_artifacts" && !this.entities.model_versions.some(({ id }) => id === parent)) {
      return problem(404, `no model version found for id ${parent}`);
    }
    this.beforeCreation(kind);
    if (this.entities[kind].some((each) => each.name === fields.name && each.parent === parent)) {
      return problem(409, `${kind} with name ${fields.name} already exists`);
    }
    const entity = this.add(kind, { ...fields, name: fields.name, ...(parent === undefined ? {} : { parent }) });
    return { status: 201, body: told(entity) };
  }

  /** Properties are replaced as a whole, and what comes without a state becomes live. */
  private change(kind: Kind, id: string | undefined, fields: Partial<RegistryEntity>): Reply {
    const unknown = unknownField(kind, fields);
    if (unknown !== undefined) return problem(400, `json: unknown field "${unknown}"`);
    const entity = this.entities[kind].find((each) => each.id === id);
    if (entity === undefined) return problem(404, `no ${kind} found for id ${id}`);
    Object.assign(entity, { state: "LIVE" }, fields);
    return { status: 200, body: told(entity) };
  }
}

function told({ parent: _parent, ...entity }: RegistryEntity): object {
  return { ...entity, createTimeSinceEpoch: "1795717822462", lastUpdateTimeSinceEpoch: "1795717822462" };
}

function unknownField(kind: Kind, fields: object): string | undefined {
  return Object.keys(fields).find((field) => ![...COMMON, ...KINDS[kind]].includes(field));
}

function problem(status: number, message: string): Reply {
  return { status, body: { code: String(status), message } };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
