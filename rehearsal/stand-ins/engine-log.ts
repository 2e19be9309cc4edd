import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Tells the user something through the engine, whose address is the last argument that it starts a provider with. */
export function engineLog(argument = process.argv.at(-1) ?? ""): (line: string) => void {
  if (!/^[\w.]+:\d+$/.test(argument)) return () => undefined;
  const client = new EngineClient(argument, credentials.createInsecure());
  return (line) => {
    const request = new LogRequest();
    request.setSeverity(LogSeverity.INFO);
    request.setMessage(line);
    client.log(request, () => undefined);
  };
}
