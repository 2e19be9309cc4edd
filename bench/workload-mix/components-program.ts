import { workloadMix } from "./mix";
import { benchmarkProvider } from "./program";

/*
 * A Pulumi program: the mix as components, each of which checks its arguments and renders its objects.
 */
const providers = [benchmarkProvider()];
for (const { name, kind, args } of workloadMix()) kind.create(name, args, { providers });
