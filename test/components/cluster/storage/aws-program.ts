import * as pulumi from "@pulumi/pulumi";
import type { EksFacts } from "../../../../components";
import { compact } from "../../../../components/internal";
import { eksFacts } from "../../../support/eks-facts";
import { type MockedProgram, type MockOptions, startMocks } from "../../../support/mocks";

/** A cluster without a key of its own. */
export const keyless: EksFacts = compact({ ...eksFacts, kmsKeyArn: undefined });

/** What a resource was registered with beside its inputs. */
interface Options {
  protect: boolean;
  /** Names of the resources that it waits for. */
  dependsOn: string[];
}

/** A mocked program whose AWS resources have the outputs that other resources use. */
export interface AwsProgram extends MockedProgram {
  /** The options of a resource, by its name. */
  options: (name: string) => Options;
}

interface RegisterRequest {
  getName: () => string;
  getProtect: () => boolean;
  getDependenciesList: () => string[];
}

interface Created {
  id: string | undefined;
  state: object;
}

interface Monitor {
  mocks: pulumi.runtime.Mocks;
  registerResource: (request: RegisterRequest, callback: unknown) => Promise<void>;
}

/** Starts a mocked engine with a mocked AWS. */
export async function startAwsProgram(options: MockOptions = {}): Promise<AwsProgram> {
  const program = await startMocks(options);
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const create = monitor.mocks.newResource.bind(monitor.mocks);
  const newResource = (args: pulumi.runtime.MockResourceArgs) => {
    const { id, state } = create(args) as Created;
    return args.type.startsWith("aws:") && !options.preview
      ? { id, state: { ...outputsOf(args.name), ...state } }
      : { id, state };
  };
  monitor.mocks = { ...monitor.mocks, newResource };

  const registered = new Map<string, Options>();
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const dependsOn = request.getDependenciesList().map((urn) => urn.split("::").at(-1)!);
    registered.set(request.getName(), { protect: request.getProtect(), dependsOn });
    return register(request, callback);
  };
  return { ...program, options: (name) => registered.get(name)! };
}

/** What AWS tells of a resource once it has made it; each resource has those of them that it really has. */
function outputsOf(name: string) {
  return {
    arn: `arn:aws:test:us-east-1:123456789012:${name}`,
    name: `${name}-auto`,
    bucket: `${name}-auto`,
    dnsName: `${name}.fsx.us-east-1.amazonaws.com`,
    mountName: "abcdefgh",
  };
}

/** The inputs of a resource, by its name. @throws Error when there is none of that name. */
export async function inputsOf(program: MockedProgram, name: string): Promise<Record<string, unknown>> {
  const resource = (await program.resources()).find((each) => each.name === name);
  if (resource === undefined) throw new Error(`The program has no resource ${name}.`);
  return resource.inputs;
}

/** A policy that is an input of a resource, as an object. */
export async function policyOf(program: MockedProgram, name: string): Promise<unknown> {
  return JSON.parse((await inputsOf(program, name))["policy"] as string);
}
