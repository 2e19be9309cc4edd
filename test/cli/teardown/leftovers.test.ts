import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { findLeftovers, type Leftover } from "../../../cli/teardown/leftovers";
import { leftoversText } from "../../../cli/teardown/leftovers-report";
import type { TeardownSubject } from "../../../cli/teardown/subject";
import { mlstack } from "../../support/mlstack";
import { Moto } from "../../support/moto";
import { scratchFolder, setForTest } from "../../support/scratch";
import { StateBuilder } from "./example-state";

const REGION = "eu-west-1";
const subject: TeardownSubject = { environment: "prod", cluster: "prod-ml", region: REGION, isEks: true };

const ours = { "kubernetes.io/cluster/prod-ml": "owned" };
const others = { "kubernetes.io/cluster/dev-ml": "owned", "mlstack:environment": "dev" };

const missing = Moto.missing();
if (missing !== undefined) console.warn(`leftovers are not tested against an AWS stand-in, as ${missing}`);

describe.runIf(missing === undefined)("what AWS has left", { timeout: 60_000 }, () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await Moto.start();
    vi.stubEnv("AWS_ENDPOINT_URL", moto.endpoint);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  }, 300_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await moto.stop();
  });

  /** Creates one of each kind with the same tags and returns their ids. */
  const seedEach = (kinds: string[], tags: Record<string, string>) =>
    moto.seed(
      REGION,
      kinds.map((kind) => ({ kind, tags })),
    );
  const found = async () => (await findLeftovers(subject, [])).left;

  describe("of every kind that a cluster leaves, among another cluster's and untagged ones", () => {
    /** By the name of the kind in the seed: how it is called, and the command that removes one. */
    const KINDS: Record<string, [string, (id: string) => string]> = {
      instance: ["EC2 instance", (id) => `ec2 terminate-instances --instance-ids ${id}`],
      load_balancer: ["load balancer", (id) => `elbv2 delete-load-balancer --load-balancer-arn ${id}`],
      classic_load_balancer: ["load balancer", (id) => `elb delete-load-balancer --load-balancer-name ${id}`],
      target_group: ["target group", (id) => `elbv2 delete-target-group --target-group-arn ${id}`],
      nat_gateway: ["NAT gateway", (id) => `ec2 delete-nat-gateway --nat-gateway-id ${id}`],
      volume: ["EBS volume", (id) => `ec2 delete-volume --volume-id ${id}`],
      file_system: ["EFS file system", (id) => `efs delete-file-system --file-system-id ${id}`],
      lustre: ["FSx file system", (id) => `fsx delete-file-system --file-system-id ${id}`],
      bucket: ["S3 bucket", (id) => `s3 rb --force s3://${id}`],
      network_interface: ["network interface", (id) => `ec2 delete-network-interface --network-interface-id ${id}`],
      security_group: ["security group", (id) => `ec2 delete-security-group --group-id ${id}`],
      subnet: ["subnet", (id) => `ec2 delete-subnet --subnet-id ${id}`],
      queue: [
        "SQS queue",
        (id) => `sqs delete-queue --queue-url https://sqs.${REGION}.amazonaws.com/123456789012/${id}`,
      ],
      log_group: ["log group", (id) => `logs delete-log-group --log-group-name ${id}`],
      key: ["KMS key", (id) => `kms schedule-key-deletion --pending-window-in-days 30 --key-id ${id}`],
    };
    const kinds = Object.keys(KINDS);
    let left: Leftover[];
    let ids: string[];
    beforeAll(async () => {
      const seeds = [ours, others, {}].flatMap((tags) => kinds.map((kind) => ({ kind, tags })));
      ids = (await moto.seed(REGION, seeds)).slice(0, kinds.length);
      left = await found();
    });
    afterAll(() => moto.reset());

    it.each(kinds)("names the %s of this cluster with its remedy", (kind) => {
      const [label, command] = KINDS[kind]!;
      const written = `aws ${command(ids[kinds.indexOf(kind)]!)} --region ${REGION}`;
      const [item, ...more] = left.filter((each) => each.command === written);
      expect(item).toMatchObject({ kind: label, tag: "kubernetes.io/cluster/prod-ml=owned" });
      expect(more).toEqual([]);
    });

    it("names nothing else, in the order in which to remove it", () => {
      const labels = [...new Set(Object.values(KINDS).map(([label]) => label))];
      expect(left).toHaveLength(kinds.length);
      expect([...new Set(left.map(({ kind }) => kind))]).toEqual(labels);
    });
  });

  describe("of some kinds", () => {
    afterEach(() => moto.reset());

    it("is found by each tag that says whose it is", async () => {
      const tags = [
        "kubernetes.io/cluster/prod-ml=owned",
        "eks:cluster-name=prod-ml",
        "aws:eks:cluster-name=prod-ml",
        "karpenter.sh/discovery=prod-ml",
        "karpenter.k8s.aws/cluster=prod-ml",
        "eks:eks-cluster-name=prod-ml",
        "elbv2.k8s.aws/cluster=prod-ml",
        "cluster.k8s.amazonaws.com/name=prod-ml",
        "ebs.csi.aws.com/cluster-name=prod-ml",
        "mlstack:cluster=prod-ml",
        "mlstack:environment=prod",
      ];
      // A queue takes any tag in the stand-in, also those that only AWS itself may set.
      const tagged = (tag: string) => {
        const [key = "", value = ""] = tag.split("=");
        return { kind: "queue", tags: { [key]: value } };
      };
      await moto.seed(REGION, tags.map(tagged));
      expect((await found()).map(({ tag }) => tag).sort()).toEqual(tags.sort());
    });

    it("is not what AWS only remembers: ended machines, keys about to be deleted", async () => {
      await seedEach(["terminated_instance", "key_pending_deletion"], ours);
      expect(await found()).toEqual([]);
    });

    it("is not what Pulumi has, by id or ARN", async () => {
      const [volume, balancer, queue, bucket] = await seedEach(["volume", "load_balancer", "queue", "bucket"], ours);
      const state = new StateBuilder();
      state.custom("aws:ebs/volume:Volume", "v", undefined, { id: volume! });
      state.custom("aws:lb/loadBalancer:LoadBalancer", "l", undefined, { id: balancer! });
      state.custom("aws:sqs/queue:Queue", "q", undefined, {
        id: `https://sqs.${REGION}.amazonaws.com/123456789012/${queue!}`,
        outputs: { arn: `arn:aws:sqs:${REGION}:123456789012:${queue!}` },
      });
      const { left } = await findLeftovers(subject, state.resources);
      expect(left.map(({ id }) => id)).toEqual([bucket]);
    });

    it("is not looked for in other regions", async () => {
      await moto.seed("us-west-2", [{ kind: "volume", tags: ours }]);
      expect(await found()).toEqual([]);
    });

    it("tells apart volumes that some cluster made, whose tags do not say which", async () => {
      const csi = { "ebs.csi.aws.com/cluster": "true" };
      const seeds = [csi, { ...csi, ...ours }, { ...csi, ...others }].map((tags) => ({ kind: "volume", tags }));
      const [unclear, own] = await moto.seed(REGION, seeds);
      const leftovers = await findLeftovers(subject, []);
      expect(leftovers.left.map(({ id }) => id)).toEqual([own]);
      expect(leftovers.unclear.map(({ id }) => id)).toEqual([unclear]);
    });

    it("includes every page of AWS's answer, and last what is of no known type", async () => {
      const volumes = Array.from({ length: 120 }, () => "volume");
      await seedEach(["topic", ...volumes], ours);
      const kinds = (await found()).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "EBS volume")).toHaveLength(120);
      expect(kinds.at(-1)).toBe("sns:topic");
    });

    it("reads as a table with cause, remedy and commands", async () => {
      const seeds = [
        { kind: "volume", tags: { ...ours, Name: "prod-ml-dynamic-pvc-1" } },
        { kind: "network_interface", tags: { "cluster.k8s.amazonaws.com/name": "prod-ml" } },
      ];
      const [volume, network] = await moto.seed(REGION, seeds);
      const columns = (text: string) => text.replaceAll(/ {2,}/g, " | ");
      expect(columns(leftoversText(await findLeftovers(subject, []), subject))).toBe(
        [
          "Left of prod (cluster prod-ml) in eu-west-1: 2. In the order in which to remove it:",
          "",
          "KIND | ID | NAME | TAG",
          `EBS volume | ${volume!} | prod-ml-dynamic-pvc-1 | kubernetes.io/cluster/prod-ml=owned`,
          `network interface | ${network!} | cluster.k8s.amazonaws.com/name=prod-ml`,
          "",
          "EBS volume (1): its PersistentVolume is kept (reclaim policy Retain), or the EBS driver was gone before it.",
          " | Delete it, after a snapshot (`aws ec2 create-snapshot`) if its data may be needed.",
          ` | aws ec2 delete-volume --volume-id ${volume!} --region eu-west-1`,
          "network interface (1): the VPC CNI was gone before the machine that it was attached to, or its owner is still there.",
          " | Delete it once its machine or load balancer is gone; until then it holds security group and subnet.",
          ` | aws ec2 delete-network-interface --network-interface-id ${network!} --region eu-west-1`,
          "",
          "AWS may list for some minutes what is already gone. Ask again: mlstack leftovers --stack prod",
          "",
        ].join("\n"),
      );
    });
  });

  describe("asked for on the command line", () => {
    let config: string;
    beforeEach(async () => {
      const folder = await scratchFolder();
      config = join(folder, "prod.yaml");
      const cluster = `{ kind: eks, eks: { clusterName: prod-ml, region: ${REGION} } }`;
      await writeFile(config, `config:\n  mlstack:cluster: ${cluster}\n`);
      setForTest("PULUMI_BACKEND_URL", `file://${folder}`);
      setForTest("PULUMI_CONFIG_PASSPHRASE", "test");
    });
    afterEach(() => moto.reset());
    const leftovers = async (...args: string[]) =>
      mlstack(await scratchFolder(), "leftovers", "--stack", "prod", "--config", config, ...args);

    it("says that nothing is left", async () => {
      const { code, output } = await leftovers();
      expect(output).toContain("\nNothing is left of prod (cluster prod-ml) in eu-west-1.\n");
      expect(code).toBe(0);
    });

    it("prints JSON and fails where something is", async () => {
      const [volume] = await seedEach(["volume"], ours);
      const { code, output } = await leftovers("--json");
      expect(JSON.parse(output)).toMatchObject({
        environment: "prod",
        cluster: "prod-ml",
        region: REGION,
        left: [{ kind: "EBS volume", id: volume, tag: "kubernetes.io/cluster/prod-ml=owned" }],
        unclear: [],
      });
      expect(code).toBe(1);
    });

    it("looks for another cluster in another region where these are named", async () => {
      await moto.seed("us-west-2", [{ kind: "volume", tags: { "eks:cluster-name": "other" } }]);
      const { code, output } = await leftovers("--cluster", "other", "--region", "us-west-2");
      expect(output).toContain("Left of prod (cluster other) in us-west-2: 1.");
      expect(code).toBe(1);
    });
  });
});
