import * as pulumi from "@pulumi/pulumi";
import { type MockedProgram, type MockOptions, type Registered, startMocks } from "../../../support/mocks";

/** A mocked program whose AWS resources have the outputs that other resources use. */
export interface AwsProgram extends MockedProgram {
  /** A resource, by its name. @throws Error when there is none of that name. */
  resource: (name: string) => Promise<Registered>;
  /** Names of the resources that a resource waits for, sorted. */
  waitsFor: (name: string) => string[];
}

interface RegisterRequest {
  getName: () => string;
  getDependenciesList: () => string[];
}

interface Monitor {
  mocks: pulumi.runtime.Mocks;
  registerResource: (request: RegisterRequest, callback: unknown) => Promise<void>;
}

const kubeconfig = '{"apiVersion":"v1","kind":"Config"}';

/** Starts a mocked engine with a mocked AWS; in a preview nothing is known that AWS decides. */
export async function startAwsProgram(options: MockOptions = {}): Promise<AwsProgram> {
  const program = await startMocks(options);
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const create = monitor.mocks.newResource.bind(monitor.mocks);
  const newResource = (args: pulumi.runtime.MockResourceArgs) => {
    const { id, state } = create(args) as { id: string | undefined; state: object };
    return { id, state: { ...(options.preview ? {} : outputsOf(args)), ...state } };
  };
  monitor.mocks = { ...monitor.mocks, newResource };

  const dependencies = new Map<string, string[]>();
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const names = request.getDependenciesList().map((urn) => urn.split("::").at(-1)!);
    dependencies.set(request.getName(), [...new Set(names)].sort());
    return register(request, callback);
  };
  return {
    ...program,
    resource: async (name) => {
      const found = (await program.resources()).find((each) => each.name === name);
      if (found === undefined) throw new Error(`The program has no resource ${name}.`);
      return found;
    },
    waitsFor: (name) => dependencies.get(name) ?? [],
  };
}

/** What AWS tells of a resource once it has made it. */
function outputsOf({ type, name }: pulumi.runtime.MockResourceArgs): object {
  if (type === "eks:index:Cluster") return { clusterSecurityGroupId: "sg-of-eks", kubeconfigJson: kubeconfig };
  if (!type.startsWith("aws:")) return {};
  return { arn: `arn:aws:test:us-east-1:123456789012:${name}`, name: `${name}-auto`, publicIp: "198.51.100.7" };
}

/** The policy documents in an object's inputs, parsed. */
export function policyIn({ inputs }: Registered, input = "policy"): { Statement: Record<string, unknown>[] } {
  return JSON.parse(inputs[input] as string) as { Statement: Record<string, unknown>[] };
}

/** The rights of every role: actions that its own policy names, and policies that AWS maintains. */
export async function rightsByRole(program: MockedProgram): Promise<Record<string, string[]>> {
  const resources = await program.resources();
  const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
  return Object.fromEntries(
    roles.map(({ name }) => {
      const own = resources.filter(({ inputs }) => inputs["role"] === `${name}-auto`);
      const managed = own.flatMap(
        ({ inputs }) => (inputs["policyArn"] as string | undefined)?.split(":policy/")[1] ?? [],
      );
      const actions = own
        .filter(({ inputs }) => inputs["policy"] !== undefined)
        .flatMap((policy) => policyIn(policy).Statement.flatMap(({ Action }) => Action as string[]));
      return [name, [...managed, ...actions].sort()];
    }),
  );
}
