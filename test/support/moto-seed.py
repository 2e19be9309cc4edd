"""Creates resources in a moto server: reads a list of {kind, tags} from standard input, prints the list of their ids."""

import json
import sys
from functools import cache

import boto3

ENDPOINT, REGION = sys.argv[1:3]


def client(service):
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=ENDPOINT,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


EC2 = client("ec2")


def pairs(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def specified(resource, tags):
    return [{"ResourceType": resource, "Tags": pairs(tags)}] if tags else []


@cache
def vpc():
    return EC2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@cache
def subnets():
    return [
        EC2.create_subnet(VpcId=vpc(), CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=REGION + zone)["Subnet"]["SubnetId"]
        for index, zone in enumerate("ab")
    ]


def instance(tags, _):
    tagged = specified("instance", tags)
    made = EC2.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnets()[0], TagSpecifications=tagged
    )
    return made["Instances"][0]["InstanceId"]


def terminated_instance(tags, number):
    made = instance(tags, number)
    EC2.terminate_instances(InstanceIds=[made])
    return made


def volume(tags, _):
    tagged = specified("volume", tags)
    return EC2.create_volume(AvailabilityZone=REGION + "a", Size=1, TagSpecifications=tagged)["VolumeId"]


def network_interface(tags, _):
    tagged = specified("network-interface", tags)
    made = EC2.create_network_interface(SubnetId=subnets()[0], TagSpecifications=tagged)
    return made["NetworkInterface"]["NetworkInterfaceId"]


def security_group(tags, number):
    tagged = specified("security-group", tags)
    made = EC2.create_security_group(
        GroupName=f"group-{number}", Description="of a test", VpcId=vpc(), TagSpecifications=tagged
    )
    return made["GroupId"]


def subnet(tags, number):
    tagged = specified("subnet", tags)
    made = EC2.create_subnet(VpcId=vpc(), CidrBlock=f"10.0.{100 + number}.0/24", TagSpecifications=tagged)
    return made["Subnet"]["SubnetId"]


def nat_gateway(tags, _):
    address = EC2.allocate_address(Domain="vpc")["AllocationId"]
    tagged = specified("natgateway", tags)
    made = EC2.create_nat_gateway(SubnetId=subnets()[0], AllocationId=address, TagSpecifications=tagged)
    return made["NatGateway"]["NatGatewayId"]


def load_balancer(tags, number):
    extra = {"Tags": pairs(tags)} if tags else {}
    made = client("elbv2").create_load_balancer(Name=f"balancer-{number}", Subnets=subnets(), **extra)
    return made["LoadBalancers"][0]["LoadBalancerArn"]


def classic_load_balancer(tags, number):
    extra = {"Tags": pairs(tags)} if tags else {}
    listener = {"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}
    client("elb").create_load_balancer(
        LoadBalancerName=f"classic-{number}", Listeners=[listener], Subnets=subnets()[:1], **extra
    )
    return f"classic-{number}"


def target_group(tags, number):
    extra = {"Tags": pairs(tags)} if tags else {}
    made = client("elbv2").create_target_group(Name=f"targets-{number}", Protocol="HTTP", Port=80, VpcId=vpc(), **extra)
    return made["TargetGroups"][0]["TargetGroupArn"]


def bucket(tags, number):
    name = f"bucket-{number}"
    s3 = client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    if tags:
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs(tags)})
    return name


def file_system(tags, number):
    return client("efs").create_file_system(CreationToken=f"files-{number}", Tags=pairs(tags))["FileSystemId"]


def lustre(tags, _):
    extra = {"Tags": pairs(tags)} if tags else {}
    made = client("fsx").create_file_system(
        FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=subnets()[:1], **extra
    )
    return made["FileSystem"]["FileSystemId"]


def log_group(tags, number):
    name = f"/aws/eks/cluster-{number}/cluster"
    client("logs").create_log_group(logGroupName=name, tags=tags)
    return name


def key(tags, _):
    tagged = [{"TagKey": key, "TagValue": value} for key, value in tags.items()]
    return client("kms").create_key(Tags=tagged)["KeyMetadata"]["KeyId"]


def key_pending_deletion(tags, number):
    made = key(tags, number)
    client("kms").schedule_key_deletion(KeyId=made)
    return made


def queue(tags, number):
    client("sqs").create_queue(QueueName=f"queue-{number}", tags=tags)
    return f"queue-{number}"


def topic(tags, number):
    made = client("sns").create_topic(Name=f"topic-{number}", Tags=pairs(tags))
    return made["TopicArn"].split(":")[-1]


MAKERS = {maker.__name__: maker for maker in [
    instance, terminated_instance, volume, network_interface, security_group, subnet, nat_gateway, load_balancer,
    classic_load_balancer, target_group, bucket, file_system, lustre, log_group, key, key_pending_deletion, queue, topic,
]}

wanted = json.load(sys.stdin)
print(json.dumps([MAKERS[each["kind"]](each["tags"], number) for number, each in enumerate(wanted)]))
