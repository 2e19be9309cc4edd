import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { awsProblemOf } from "../../../cli/teardown/aws-problem";
import { findLeftovers } from "../../../cli/teardown/leftovers";
import { scratchFolder, setForTest } from "../../support/scratch";
import { AwsRegister } from "./aws-register";

const subject = { environment: "prod", cluster: "prod-ml", region: "eu-west-1", isEks: true };

describe("asking AWS what is left, where AWS can not be asked,", () => {
  beforeEach(async () => {
    const folder = await scratchFolder();
    for (const [name, value] of [
      ["AWS_EC2_METADATA_DISABLED", "true"],
      ["AWS_MAX_ATTEMPTS", "1"],
      ["AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials")],
      ["AWS_CONFIG_FILE", join(folder, "config")],
      ["AWS_ACCESS_KEY_ID", "test"],
      ["AWS_SECRET_ACCESS_KEY", "test"],
      ["AWS_ENDPOINT_URL", "http://127.0.0.1:1"],
    ] as const) {
      setForTest(name, value);
    }
  });

  async function answering(status: number, body: object): Promise<void> {
    const register = await AwsRegister.start({ status, body });
    onTestFinished(() => register.stop());
    setForTest("AWS_ENDPOINT_URL", register.endpoint);
  }

  it("says that there are no credentials", async () => {
    setForTest("AWS_ACCESS_KEY_ID", "");
    setForTest("AWS_SECRET_ACCESS_KEY", "");
    await expect(findLeftovers(subject, [])).rejects.toMatchObject({
      message: "there are no AWS credentials: Could not load credentials from any providers",
      remedy: "Log in as for `mlstack up` (AWS_PROFILE, `aws sso login`); `aws sts get-caller-identity` must answer.",
    });
  });

  it("says which right is missing, and which are needed", async () => {
    const said = "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: tag:GetResources";
    await answering(400, { __type: "AccessDeniedException", message: said });
    await expect(findLeftovers(subject, [])).rejects.toMatchObject({
      message: `the AWS credentials have too few rights to ask what is left: ${said}`,
      remedy:
        "Allow tag:GetResources, ec2:DescribeTags, ec2:DescribeInstances, ec2:DescribeNatGateways, ec2:DescribeVpcEndpoints, ec2:DescribeCapacityReservations, kms:DescribeKey.",
    });
  });

  it("says that the credentials have expired", async () => {
    await answering(400, { __type: "ExpiredTokenException", message: "expired" });
    await expect(findLeftovers(subject, [])).rejects.toMatchObject({
      message: "the AWS credentials have expired",
      remedy: "Log in again (`aws sso login`) and run the command again.",
    });
  });

  it("says that the account may not use the region", async () => {
    await answering(400, { __type: "UnrecognizedClientException", message: "The security token is invalid." });
    await expect(findLeftovers({ ...subject, region: "af-south-1" }, [])).rejects.toMatchObject({
      message: "AWS does not accept the credentials in af-south-1: The security token is invalid.",
      remedy: "Check account and region: a region that is off by default must be enabled for the account first.",
    });
  });

  it("says that a region can not be one", async () => {
    await expect(findLeftovers({ ...subject, region: "eu west 1" }, [])).rejects.toMatchObject({
      message: expect.stringMatching(/^AWS can not be reached in the region eu west 1: /) as unknown,
      remedy: "Check the spelling of the region (--region) and the network.",
    });
  });

  it("says that nobody answers", async () => {
    await expect(findLeftovers(subject, [])).rejects.toMatchObject({
      message: expect.stringMatching(/^AWS does not answer in the region eu-west-1: .*ECONNREFUSED/) as unknown,
      remedy: "Check the network and AWS_ENDPOINT_URL, and run the command again.",
    });
  });

  it("says that the region is not known", async () => {
    await expect(findLeftovers({ environment: "prod", isEks: true }, [])).rejects.toMatchObject({
      message: "it is not known in which AWS region prod is",
      remedy: "Name it with --region, in the stack's configuration (aws:region), or in AWS_REGION.",
    });
  });
});

describe("a failed request to AWS", () => {
  it("of an unknown region does not find its host", () => {
    const error = Object.assign(new Error("getaddrinfo ENOTFOUND tagging.eu-west-9.amazonaws.com"), {
      code: "ENOTFOUND",
    });
    expect(awsProblemOf(error, "eu-west-9")?.message).toBe(
      "AWS can not be reached in the region eu-west-9: getaddrinfo ENOTFOUND tagging.eu-west-9.amazonaws.com",
    );
  });

  it("that is a mistake of the program is none of its user's", () => {
    expect(awsProblemOf(new TypeError("x is not a function"), "eu-west-1")).toBeUndefined();
    expect(awsProblemOf("text", "eu-west-1")).toBeUndefined();
  });
});
