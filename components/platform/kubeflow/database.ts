import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import {
  checkDnsLabel,
  checkExactImage,
  checkQuantity,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  isPlain,
} from "../../internal";
import { type Adjustment, inTurn, type KubernetesObject } from "../../rendering";
import { checkPartResources, type PartResources } from "../part/part-args";
import { generatedSecret } from "../part/generated-secret";
import { added, copyOf, edited, podOf } from "./manifest-edits";

/** A database that somebody else runs. */
export interface ExternalDatabase {
  /** Host name. */
  host: pulumi.Input<string>;
  /** Port; that of the kind of database by default, 3306 for MySQL and 5432 for PostgreSQL. */
  port?: number;
  /** Name of a Secret in the part's namespace with the user's name and password. */
  credentialsSecret: pulumi.Input<string>;
  /** Key of the user's name; `username` by default. */
  usernameKey?: string;
  /** Key of the password; `password` by default. */
  passwordKey?: string;
  /** Whether the connection is encrypted and the server's certificate checked; false by default. */
  tls?: boolean;
}

/** Where a part of Kubeflow keeps its records. */
export interface DatabaseArgs {
  /** A database that somebody else runs; by default the part runs one of its own, with a made-up password. */
  external?: ExternalDatabase;
  /** Size of the part's own volume, a Kubernetes quantity; each part has a default of its own. */
  volumeSize?: string;
  /** Storage class of the part's own volume; that of the cluster by default. */
  storageClassName?: pulumi.Input<string>;
  /** Image of the part's own database in place of the pinned one, with an exact tag or digest. */
  image?: string;
  /** What the part's own database asks for; each part has a default of its own. */
  resources?: PartResources;
}

/** Checks where a part keeps its records. */
export function checkDatabase(path: string, args: DatabaseArgs = {}): InputProblem[] {
  const { external, volumeSize, image, resources } = args;
  return [
    ...checkQuantity(`${path}.volumeSize`, volumeSize, "20Gi"),
    ...checkPartResources(`${path}.resources`, resources, { cpu: "500m", memory: "1Gi" }),
    ...(isPlain(args.storageClassName) ? checkDnsLabel(`${path}.storageClassName`, args.storageClassName) : []),
    ...checkExactImage(`${path}.image`, image),
    ...(external === undefined ? [] : checkExternal(`${path}.external`, external, args)),
  ];
}

function checkExternal(path: string, external: ExternalDatabase, { volumeSize, image }: DatabaseArgs): InputProblem[] {
  const { host, port, credentialsSecret } = external;
  const own = Object.entries({ volumeSize, image }).filter(([, value]) => value !== undefined);
  return [
    ...(isPlain(host) && !/^[A-Za-z0-9]([-.A-Za-z0-9]*[A-Za-z0-9])?$/.test(host)
      ? [inputProblem(`${path}.host`, host, "a host name", "Leave out protocol and port.")]
      : []),
    ...checkWholeNumber(`${path}.port`, port, { min: 1, max: 65535 }),
    ...(isPlain(credentialsSecret) ? checkDnsLabel(`${path}.credentialsSecret`, credentialsSecret) : []),
    ...own.map(([key, value]) =>
      inputProblem(path.replace(/external$/, key), value, "nothing beside an external database", "Leave it out."),
    ),
  ];
}

/** A Secret with a made-up password for a part's own database; none where the database is somebody else's. */
export function databaseSecret(
  name: string,
  secret: { namespace: pulumi.Input<string>; secretName: string; generated: string[]; plain?: Record<string, string> },
  args: DatabaseArgs = {},
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret[] {
  return args.external === undefined ? [generatedSecret(`${name}-database`, secret, opts)] : [];
}

/** A part's own database as its manifests have it. */
export interface OwnDatabase {
  /** Name of the Deployment or StatefulSet. */
  workload: string;
  kind: "Deployment" | "StatefulSet";
  claim: string;
  volumeSize: string;
  image: string;
  port: number;
  namespace: string;
  /** Labels of the pods that may connect, one set for each kind of client. */
  clients: Record<string, string>[];
}

/**
 * Pins a part's own database, sizes its volume, takes away every way in without a password, and lets only the part's own
 * pods connect.
 */
export function ownDatabase(own: OwnDatabase, args: DatabaseArgs = {}): Adjustment {
  const { volumeSize = own.volumeSize, storageClassName, image = own.image } = args;
  return inTurn(
    edited("PersistentVolumeClaim", own.claim, ({ spec }) => {
      const claim = spec as { resources: object; storageClassName?: pulumi.Input<string> };
      claim.resources = { requests: { storage: volumeSize } };
      if (storageClassName !== undefined) claim.storageClassName = storageClassName;
    }),
    edited(own.kind, own.workload, (workload) => {
      const [container] = podOf(workload).containers;
      container!.image = image;
      container!.env = (container!.env ?? []).filter(({ name }) => name !== "MYSQL_ALLOW_EMPTY_PASSWORD");
    }),
    (objects) => {
      const workload = objects.find(({ kind, metadata }) => kind === own.kind && metadata.name === own.workload);
      return workload === undefined ? objects : added(connectionPolicy(workload, own))(objects);
    },
  );
}

function connectionPolicy(workload: KubernetesObject, { namespace, port, clients }: OwnDatabase): KubernetesObject {
  const { selector } = workload["spec"] as { selector: object };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: workload.metadata.name, namespace },
    spec: {
      podSelector: copyOf(selector),
      policyTypes: ["Ingress"],
      ingress: [
        { from: clients.map((matchLabels) => ({ podSelector: { matchLabels } })), ports: [{ protocol: "TCP", port }] },
      ],
    },
  };
}
