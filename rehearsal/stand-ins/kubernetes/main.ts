import { engineLog } from "../engine-log";
import { serve } from "../server";
import { rendererOfEnvironment } from "./renderer";
import { KubernetesStandIn } from "./stand-in";

void serve(new KubernetesStandIn(engineLog(), rendererOfEnvironment()));
