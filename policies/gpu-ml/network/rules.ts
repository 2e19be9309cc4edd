import type { Rule } from "../../engine/rule";
import { allowAll } from "./allow-all";
import { consoleIngress } from "./console-ingress";
import { consoleRoute } from "./console-route";
import { consoleService } from "./console-service";
import { consoleValues } from "./console-values";
import { defaultDeny } from "./default-deny";
import { externalIps } from "./external-ips";
import { instanceMetadata } from "./instance-metadata";
import { meshMutualTls } from "./mesh-mutual-tls";
import { metadataEgress } from "./metadata-egress";
import { mutualTls } from "./mutual-tls";
import { nodePort } from "./node-port";
import { plainHttp } from "./plain-http";
import { publicLoadBalancer } from "./public-load-balancer";
import { selectedPods } from "./selected-pods";
import { wildcardHost } from "./wildcard-host";

/** Rules about who reaches what. */
export const RULES: Rule[] = [
  defaultDeny,
  selectedPods,
  instanceMetadata,
  metadataEgress,
  mutualTls,
  meshMutualTls,
  allowAll,
  wildcardHost,
  plainHttp,
  publicLoadBalancer,
  nodePort,
  externalIps,
  consoleService,
  consoleIngress,
  consoleValues,
  consoleRoute,
];
