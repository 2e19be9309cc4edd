import { Problem } from "../../rehearsal/problem";

interface Cause {
  names: RegExp;
  message: (region: string, said: string) => string;
  remedy: string;
}

/** What the report must be allowed to do. */
const RIGHTS = [
  "tag:GetResources",
  "ec2:DescribeTags",
  "ec2:DescribeInstances",
  "ec2:DescribeNatGateways",
  "ec2:DescribeVpcEndpoints",
  "ec2:DescribeCapacityReservations",
  "kms:DescribeKey",
];

/** What the errors of the AWS SDK mean for whoever runs the command, by their names or codes. */
const CAUSES: Cause[] = [
  {
    names: /^(CredentialsProviderError|TokenProviderError)$/,
    message: (_, said) => `there are no AWS credentials: ${said}`,
    remedy: "Log in as for `mlstack up` (AWS_PROFILE, `aws sso login`); `aws sts get-caller-identity` must answer.",
  },
  {
    names: /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/,
    message: () => "the AWS credentials have expired",
    remedy: "Log in again (`aws sso login`) and run the command again.",
  },
  {
    names:
      /^(UnrecognizedClientException|InvalidClientTokenId|AuthFailure|InvalidSignatureException|SignatureDoesNotMatch|OptInRequired)$/,
    message: (region, said) => `AWS does not accept the credentials in ${region}: ${said}`,
    remedy: "Check account and region: a region that is off by default must be enabled for the account first.",
  },
  {
    names: /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/,
    message: (_, said) => `the AWS credentials have too few rights to ask what is left: ${said}`,
    remedy: `Allow ${RIGHTS.join(", ")}.`,
  },
  {
    names: /^(ENOTFOUND|EAI_AGAIN|InvalidRegion)$/,
    message: (region, said) => `AWS can not be reached in the region ${region}: ${said}`,
    remedy: "Check the spelling of the region (--region) and the network.",
  },
  {
    names: /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/,
    message: (region, said) => `AWS does not answer in the region ${region}: ${said}`,
    remedy: "Check the network and AWS_ENDPOINT_URL, and run the command again.",
  },
];

/** What a failed request to AWS means; undefined where it is not one that its user can mend. */
export function awsProblemOf(error: unknown, region: string): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = (error as NodeJS.ErrnoException).code;
  // The SDK refuses what can be no region before it asks anybody.
  const isNoRegion = error.message.includes("not a valid hostname component");
  const names = isNoRegion ? ["InvalidRegion"] : [error.name, ...(typeof code === "string" ? [code] : [])];
  const cause = CAUSES.find((each) => names.some((name) => each.names.test(name)));
  return cause && new Problem(cause.message(region, error.message), cause.remedy);
}
