import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb";
import messages from "@pulumi/pulumi/proto/provider_pb";
import plugin from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Difference, differences } from "./differences";
import { digested, wantsDigests } from "./digests";
import { faultFor, faultsOfEnvironment, type Operation } from "./faults";
import { note } from "./journal";
import type { Checked, Effect, ResourceName, StandIn } from "./stand-in";
import type { Properties } from "./values";

/** What requests about a resource have in common. */
interface ResourceRequest {
  getUrn: () => string;
}

/**
 * Serves a stand-in to Pulumi's engine, which reads the port from standard output.
 *
 * The server speaks the engine's protocol itself: the SDK's own provider server tells a provider neither its
 * configuration, nor the old inputs, nor whether a creation is only previewed, and takes far longer to load.
 */
export async function serve(standIn: StandIn): Promise<void> {
  const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new Server(unlimited);
  server.addService(services.ResourceProviderService, handlers(standIn));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  process.stdout.write(`${port}\n`);
}

function handlers(standIn: StandIn): UntypedServiceImplementation {
  const operations = new Operations();
  return {
    getPluginInfo: answer(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(standIn.version);
      return info;
    }),
    checkConfig: answer((request: messages.CheckRequest) =>
      checkResponse(standIn.checkConfig(propertiesOf(request.getNews()))),
    ),
    diffConfig: answer((request: messages.DiffRequest) => {
      const [olds, news] = [propertiesOf(request.getOldInputs()), propertiesOf(request.getNews())];
      return diffResponse(differences(olds, news), { replaces: () => false, deletesFirst: false });
    }),
    configure: answer((request: messages.ConfigureRequest) => {
      standIn.configure(propertiesOf(request.getArgs()));
      const response = new messages.ConfigureResponse();
      // Whatever is secret stays so: the engine marks outputs that come from secret inputs. Resources arrive as ids.
      response.setAcceptsecrets(false);
      response.setAcceptresources(false);
      response.setSupportspreview(true);
      return response;
    }),
    check: answer((request: messages.CheckRequest) => {
      const olds = request.hasOlds() ? propertiesOf(request.getOlds()) : undefined;
      const resource = resourceOf(request);
      const { inputs, faults } = standIn.check(resource, olds, propertiesOf(request.getNews()));
      return checkResponse({ inputs: wantsDigests() ? digested(resource.token, inputs) : inputs, faults });
    }),
    diff: answer((request: messages.DiffRequest) => {
      const [olds, news] = [propertiesOf(request.getOldInputs()), propertiesOf(request.getNews())];
      return diffResponse(differences(olds, news), standIn.effect(resourceOf(request), olds, news));
    }),
    create: answer(async (request: messages.CreateRequest) => {
      const resource = resourceOf(request);
      const plan = { ...resource, inputs: propertiesOf(request.getProperties()), preview: request.getPreview() };
      const make = () => standIn.create(plan);
      const made = plan.preview ? make() : await operations.run(resource, "create", make, ({ id }) => id);
      const response = new messages.CreateResponse();
      response.setId(plan.preview ? "" : made.id);
      response.setProperties(structOf(made.outputs));
      return response;
    }),
    update: answer(async (request: messages.UpdateRequest) => {
      const resource = resourceOf(request);
      const plan = { ...resource, inputs: propertiesOf(request.getNews()), preview: request.getPreview() };
      const id = request.getId();
      const change = () => standIn.update(plan, id, propertiesOf(request.getOlds()));
      const outputs = plan.preview ? change() : await operations.run(resource, "update", change, () => id);
      const response = new messages.UpdateResponse();
      response.setProperties(structOf(outputs));
      return response;
    }),
    delete: answer(async (request: messages.DeleteRequest) => {
      await operations.run(
        resourceOf(request),
        "delete",
        () => undefined,
        () => request.getId(),
      );
      return new Empty();
    }),
    read: answer((request: messages.ReadRequest) => {
      const known = propertiesOf(request.getProperties());
      const isKnown = Object.keys(known).length > 0;
      const response = new messages.ReadResponse();
      response.setId(request.getId());
      response.setProperties(structOf(isKnown ? known : standIn.read(resourceOf(request), request.getId())));
      response.setInputs(request.getInputs() ?? structOf({}));
      return response;
    }),
    invoke: answer(async (request: messages.InvokeRequest) => {
      const response = new messages.InvokeResponse();
      response.setReturn(structOf(await standIn.invoke(request.getTok(), propertiesOf(request.getArgs()))));
      return response;
    }),
    cancel: answer(() => {
      operations.cancel();
      return new Empty();
    }),
  };
}

/** The operations under way, spoilt where the environment asks for it. */
class Operations {
  private readonly faults = faultsOfEnvironment();
  private cancelAll: (reason: Error) => void = () => undefined;
  private readonly cancelled = new Promise<never>((_, reject) => (this.cancelAll = reject));

  constructor() {
    this.cancelled.catch(() => undefined);
  }

  async run<T>(resource: ResourceName, operation: Operation, work: () => T, idOf: (made: T) => string): Promise<T> {
    const started = Date.now();
    const fault = faultFor(resource, operation, this.faults);
    const what = `stand-in fault: ${operation} of ${resource.token} ${resource.name}`;
    if (fault?.action === "fail") throw new Error(`${what} was told to fail`);
    if (fault?.action === "hang") await this.cancelled;
    const made = work();
    const { urn, token, name } = resource;
    note({ operation, urn, type: token, name, id: idOf(made), started, ended: Date.now() });
    return made;
  }

  cancel(): void {
    this.cancelAll(new Error("the engine cancelled the operation"));
  }
}

function answer<Request, Response>(work: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(work)
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
        },
      );
  };
}

function checkResponse({ inputs, faults }: Checked): messages.CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(structOf(inputs));
  for (const { property, reason } of faults) {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    response.addFailures(failure);
  }
  return response;
}

const KINDS = {
  add: [messages.PropertyDiff.Kind.ADD, messages.PropertyDiff.Kind.ADD_REPLACE],
  delete: [messages.PropertyDiff.Kind.DELETE, messages.PropertyDiff.Kind.DELETE_REPLACE],
  update: [messages.PropertyDiff.Kind.UPDATE, messages.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

function diffResponse(found: Difference[], { replaces, deletesFirst }: Effect): messages.DiffResponse {
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(found.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setHasdetaileddiff(true);
  for (const difference of found) {
    const [update, replace] = KINDS[difference.change];
    const isReplaced = replaces(difference);
    const diff = new messages.PropertyDiff();
    diff.setKind(isReplaced ? replace : update);
    diff.setInputdiff(true);
    response.getDetaileddiffMap().set(difference.path, diff);
    response.addDiffs(difference.names[0]!);
    if (isReplaced) response.addReplaces(difference.names[0]!);
  }
  response.setDeletebeforereplace(deletesFirst && response.getReplacesList().length > 0);
  return response;
}

/** Older engines name a resource by its URN alone. */
function resourceOf(request: ResourceRequest): ResourceName {
  const urn = request.getUrn();
  const [, , types = "", ...names] = urn.split("::");
  return { urn, token: types.split("$").at(-1)!, name: names.join("::") };
}

function propertiesOf(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

function structOf(properties: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);
}
