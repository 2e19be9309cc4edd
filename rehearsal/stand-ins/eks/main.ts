import * as pulumi from "@pulumi/pulumi";
import { EksStandIn } from "./stand-in";

void pulumi.provider.main(new EksStandIn(), process.argv.slice(2));
