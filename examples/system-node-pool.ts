import * as pulumi from "@pulumi/pulumi";
import { Cluster, ClusterKind, SystemNodePool } from "../components";

const kubeconfig = new pulumi.Config().require("kubeconfig");
const cluster = new Cluster("local", { kind: ClusterKind.local, kubeconfig });

export const system = new SystemNodePool("system", {}, { providers: [cluster.provider] });
