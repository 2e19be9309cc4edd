import * as pulumi from "@pulumi/pulumi";
import { type InputFault, inputFaults } from "../input-check";
import { sdkPackage } from "../sdk-package";
import { ShapeStore } from "../shape-store";
import { unknownFunction, unknownType } from "../stand-in";
import { isProperties, type Properties, UNKNOWN } from "../values";
import { StandInCluster } from "./cluster";
import type { ClusterInputs } from "./cluster-inputs";

const CLUSTER = "eks:index:Cluster";

/** Arguments of the cluster with which the package makes more than the stand-in does: what to write in their place. */
const UNBUILT: Record<string, string> = {
  creationRoleProvider: "Use providerCredentialOpts.",
  fargate: "Make the profile with aws.eks.FargateProfile.",
  instanceRole: "Leave it out: access entries are made for managed node groups by EKS.",
  roleMappings: "Use accessEntries.",
  storageClasses: "Make them with kubernetes.storage.v1.StorageClass.",
  userMappings: "Use accessEntries.",
};

/**
 * Stands in for the EKS provider, whose resources are components: it makes what they are made of through the stand-in
 * for AWS. `eks.Cluster` is built as far as a cluster without a default node group and without the `aws-auth` ConfigMap
 * goes; whatever else is asked for is refused.
 */
export class EksStandIn implements pulumi.provider.Provider {
  readonly version: string;
  readonly schema: string;
  private readonly shapes: ShapeStore;
  private readonly source: string;

  constructor() {
    const sdk = sdkPackage("eks");
    this.version = sdk.version;
    this.schema = JSON.stringify({ name: sdk.name, version: sdk.version });
    this.source = `@pulumi/eks ${sdk.version}`;
    this.shapes = new ShapeStore(sdk);
  }

  async construct(
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ): Promise<pulumi.provider.ConstructResult> {
    const shape = this.shapes.shapeOf(type);
    if (shape === undefined || shape === "custom") throw unknownType(type, this.source);
    if (type !== CLUSTER) {
      throw new Error(`${type} has no stand-in; built is ${CLUSTER}. Use the resources of @pulumi/aws in its place.`);
    }
    const known = await knownValues(inputs);
    const errors = [...inputFaults(shape, known, this.source), ...unbuilt(known)];
    if (errors.length > 0) {
      const count = `${errors.length} invalid ${errors.length === 1 ? "input" : "inputs"}`;
      throw new pulumi.InputPropertiesError({
        message: `${type} "${name}": ${count}`,
        errors: errors.map(({ property, reason }) => ({ propertyPath: property, reason })),
      });
    }
    const cluster = new StandInCluster(name, inputs as ClusterInputs, known, options);
    return { urn: cluster.urn, state: cluster.state };
  }

  call(token: string): Promise<pulumi.provider.InvokeResult> {
    return Promise.reject(unknownFunction(token, []));
  }

  invoke(token: string): Promise<pulumi.provider.InvokeResult> {
    return Promise.reject(unknownFunction(token, []));
  }
}

function unbuilt(known: Properties): InputFault[] {
  const faults = Object.entries(UNBUILT).flatMap(([property, remedy]) =>
    known[property] === undefined
      ? []
      : [fault(property, "given", "nothing, as the stand-in does not build it", remedy)],
  );
  if (known["authenticationMode"] !== "API") {
    faults.push(fault("authenticationMode", "not API", "API, as the stand-in makes no aws-auth ConfigMap", "Set it."));
  }
  const isAuto = isProperties(known["autoMode"]) && known["autoMode"]["enabled"] === true;
  if (!isAuto && known["skipDefaultNodeGroup"] !== true) {
    faults.push(
      fault(
        "skipDefaultNodeGroup",
        "not true",
        "true, as the stand-in makes no node groups",
        "Set it, and make node groups.",
      ),
    );
  }
  if (known["vpcId"] === undefined) {
    faults.push(fault("vpcId", "missing", "the id of a VPC, as the stand-in has no default one", "Add it."));
  }
  return faults;
}

function fault(property: string, observed: string, allowed: string, remedy: string): InputFault {
  return { property, reason: `${property} is ${observed}; allowed: ${allowed}. ${remedy}` };
}

/** The inputs as far as they are known, with a mark in place of each that is not. */
async function knownValues(inputs: pulumi.Inputs): Promise<Properties> {
  const known = await Promise.all(
    Object.entries(inputs).map(async ([name, input]): Promise<[string, unknown]> => [name, await knownValue(input)]),
  );
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

async function knownValue(input: unknown): Promise<unknown> {
  // Part of the SDK that its type declarations leave out.
  const output = pulumi.output(input) as unknown as { isKnown: Promise<boolean>; promise: () => Promise<unknown> };
  return (await output.isKnown) ? output.promise() : UNKNOWN;
}
