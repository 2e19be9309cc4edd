import { engineLog } from "../engine-log";
import { serve } from "../server";
import { KubernetesStandIn } from "./stand-in";

void serve(new KubernetesStandIn(engineLog()));
