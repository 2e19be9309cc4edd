import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { RenderCall } from "../../components/rendering/source";

/** One resource as the program registered it. */
export interface Registered {
  type: string;
  name: string;
  /** Name of the parent resource; undefined directly under the stack. */
  parent: string | undefined;
  /** Name of the provider instance; undefined where the default one is used. */
  provider: string | undefined;
  /** Inputs with secrets unwrapped. */
  inputs: Record<string, unknown>;
  /** Names of the top-level inputs that arrived as secrets. */
  secretInputs: string[];
  replaceOnChanges: string[];
  deleteBeforeReplace: boolean;
  createTimeout: string | undefined;
  protect: boolean;
  /** Whether it stays in the cluster or cloud when the stack deletes it. */
  retainOnDelete: boolean;
  /** Names of the resources that it waits for, sorted. */
  dependsOn: string[];
}

/** How a mocked program runs. */
export interface MockOptions {
  /** Whether it is a preview, in which ids and what derives from them are unknown. */
  preview?: boolean;
  /** Stack configuration, keys with their namespace. */
  config?: Record<string, string>;
  /** Name of the stack; `test` by default. */
  stack?: string;
  /** Renders charts and manifests; by default they are empty. */
  render?: (call: RenderCall) => Promise<object>;
}

/** A mocked Pulumi engine that remembers what was registered. */
export interface MockedProgram {
  /** Waits until nothing is under way any more, and returns what was registered, in order. */
  resources: () => Promise<Registered[]>;
  /** The resource of a name, in the same way. @throws Error when there is none. */
  resource: (name: string) => Promise<Registered>;
  /** The inputs of the resource of a name. @throws Error when there is none. */
  inputsOf: (name: string) => Promise<Registered["inputs"]>;
}

/** Mark that the SDK puts on secrets when it sends them to an engine. */
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

interface RegisterRequest {
  getType: () => string;
  getName: () => string;
  getParent: () => string;
  getProvider: () => string;
  getDeletebeforereplace: () => boolean;
  getReplaceonchangesList: () => string[];
  getProtect: () => boolean;
  getRetainondelete: () => boolean;
  getDependenciesList: () => string[];
  getCustomtimeouts: () => { getCreate: () => string } | undefined;
}

interface Monitor {
  registerResource: (request: RegisterRequest, callback: unknown) => Promise<void>;
}

/** Starts a mocked engine; call it anew before each test, as the tests of a run share one process. */
export async function startMocks(options: MockOptions = {}): Promise<MockedProgram> {
  // What an earlier test left under way would otherwise arrive at this engine.
  await pulumi.runtime.disconnect();
  const registered: Registered[] = [];
  pulumi.runtime.setAllConfig(options.config ?? {});
  const newResource = ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
    const resource = registered.find((each) => each.type === type && each.name === name);
    const given = inputs as Record<string, unknown>;
    if (resource !== undefined) {
      resource.inputs = unwrapSecrets(given) as Record<string, unknown>;
      resource.secretInputs = Object.keys(given).filter((key) => isWrappedSecret(given[key]));
    }
    if (options.preview) return { id: undefined, state: namedState(name, given) };
    return { id: `${name}-id`, state: { ...awsOutputs(type, name), ...namedState(name, given) } };
  };
  const call = ({ token, inputs }: pulumi.runtime.MockCallArgs) => {
    const isRendering = /^kubernetes:(helm:template|kustomize:directory)$/.test(token);
    return isRendering && options.render
      ? options.render({ token, args: inputs as RenderCall["args"] } as RenderCall)
      : {};
  };
  const mocks = { call, newResource };
  await pulumi.runtime.setMocks(mocks, "mlstack", options.stack ?? "test", options.preview ?? false);
  recordRequests(registered);
  const resources = async () => {
    await nothingUnderWay(() => registered.length);
    await pulumi.runtime.disconnect();
    return registered;
  };
  const resource = async (name: string) => {
    const found = (await resources()).find((each) => each.name === name);
    if (found === undefined) throw new Error(`The program has no resource ${name}.`);
    return found;
  };
  return { resources, resource, inputsOf: async (name) => (await resource(name)).inputs };
}

/**
 * Waits until nothing more is registered.
 *
 * The SDK itself waits for calls to an engine alone, and there is none while a resource waits for those that it depends on.
 */
async function nothingUnderWay(count: () => number): Promise<void> {
  const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs: () => Promise<void> };
  for (let before = -1; before !== count();) {
    before = count();
    for (let turn = 0; turn < 3; turn++) {
      await waitForRPCs();
      await setImmediate();
    }
  }
}

/**
 * The value of an output.
 *
 * Rejects where the output never settles, and where its value is unknown, so that no test hangs or passes by chance.
 */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  if (!(await isKnown(output))) throw new Error("The value of the output is unknown.");
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error("The output did not settle within 2 s."));
    }, 2000);
    output.apply((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** Tells whether an output's value is known; in a preview it may not be. */
export function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { isKnown: Promise<boolean> }).isKnown;
}

/** Each resource as `type name < parent`, which says what a component creates at a glance. */
export function childList(resources: Registered[]): string[] {
  return resources.map(({ type, name, parent }) => `${type} ${name}${parent === undefined ? "" : ` < ${parent}`}`);
}

/** Every problem that a constructor or check reports, as `path: reason` under its headline. */
export function problemsOf(construct: () => unknown): { message: string; reasons: string[] } {
  const error = inputErrorOf(construct);
  return { message: error?.message ?? "", reasons: (error?.errors ?? []).map(({ reason }) => reason) };
}

/** The paths of these problems. */
export function problemPathsOf(construct: () => unknown): string[] {
  return (inputErrorOf(construct)?.errors ?? []).map(({ propertyPath }) => propertyPath);
}

function inputErrorOf(construct: () => unknown): pulumi.InputPropertiesError | undefined {
  try {
    construct();
  } catch (error) {
    if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
    return error;
  }
  return undefined;
}

/** The mocks are not told parents and options, so these are read from the requests themselves. */
function recordRequests(registered: Registered[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    registered.push({
      type: request.getType(),
      name: request.getName(),
      parent: nameInUrn(request.getParent()),
      provider: nameInUrn(request.getProvider()),
      inputs: {},
      secretInputs: [],
      replaceOnChanges: request.getReplaceonchangesList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      createTimeout: request.getCustomtimeouts()?.getCreate(),
      protect: request.getProtect(),
      retainOnDelete: request.getRetainondelete(),
      dependsOn: [...new Set(request.getDependenciesList().map((urn) => urn.split("::").at(-1)!))].sort(),
    });
    return register(request, callback);
  };
}

/** Provider references are a URN and an id; the stack itself is nobody's parent here. */
function nameInUrn(reference: string): string | undefined {
  const [, , type, name] = reference.split("::");
  return type === undefined || type === "pulumi:pulumi:Stack" ? undefined : name;
}

/** What a Kubernetes provider would answer: the object itself, named by Pulumi where the program gave no name. */
function namedState(name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const { metadata } = inputs;
  if (typeof metadata !== "object") return inputs;
  return { ...inputs, metadata: { name: `${name}-auto`, namespace: "default", ...metadata } };
}

/** What AWS tells of a resource once it has made it; each resource has those of them that it really has. */
function awsOutputs(type: string, name: string): Record<string, unknown> {
  if (type === "eks:index:Cluster") {
    return { clusterSecurityGroupId: "sg-of-eks", kubeconfigJson: '{"apiVersion":"v1","kind":"Config"}' };
  }
  if (!type.startsWith("aws:")) return {};
  return {
    arn: `arn:aws:test:us-east-1:123456789012:${name}`,
    name: `${name}-auto`,
    bucket: `${name}-auto`,
    publicIp: "198.51.100.7",
    dnsName: `${name}.fsx.us-east-1.amazonaws.com`,
    mountName: "abcdefgh",
    latestVersion: 1,
    resources: [{ autoscalingGroups: [{ name: `${name}-asg` }], remoteAccessSecurityGroupId: "" }],
  };
}

function isWrappedSecret(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && SECRET_SIGNATURE in value;
}

function unwrapSecrets(value: unknown): unknown {
  if (isWrappedSecret(value)) return unwrapSecrets(value.value);
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapSecrets(inner)]));
}
