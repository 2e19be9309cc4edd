import { serve } from "../server";
import { AwsStandIn } from "./stand-in";

void serve(new AwsStandIn());
