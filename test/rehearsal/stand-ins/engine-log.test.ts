import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { expect, onTestFinished, test } from "vitest";
import { engineLog } from "../../../rehearsal/stand-ins/engine-log";

test("what a stand-in says reaches the engine as information", async () => {
  const engine = new Server();
  onTestFinished(() => {
    engine.forceShutdown();
  });
  const said = new Promise<LogRequest>((resolve) => {
    const log = ({ request }: ServerUnaryCall<LogRequest, Empty>, answer: sendUnaryData<Empty>) => {
      answer(null, new Empty());
      resolve(request);
    };
    engine.addService(services.EngineService, { log });
  });
  const port = await new Promise<number>((resolve, reject) => {
    engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });

  engineLog(`127.0.0.1:${port}`)("Chart karpenter 1.14.1 is not rendered in an offline plan");

  const request = await said;
  expect(request.getMessage()).toBe("Chart karpenter 1.14.1 is not rendered in an offline plan");
  expect(request.getSeverity()).toBe(LogSeverity.INFO);
});

test("nobody is told where no engine has started the provider", () => {
  expect(() => {
    engineLog("main.js")("anything");
  }).not.toThrow();
});
