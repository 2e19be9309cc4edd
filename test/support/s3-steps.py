"""Asks a store that speaks S3, with Amazon's own client, and prints what came of each step as JSON.

Arguments: endpoint. Standard input: a list of steps, each with `as` (access key and secret key), `do` (one of STEPS) and what
that takes. Each outcome is what was read, `true` where there is nothing to read, or the code of the refusal.
"""

import base64
import io
import json
import sys

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

MIB = 1024 * 1024
IN_PARTS = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
SETTINGS = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0})


def put(s3, step):
    s3.put_object(Bucket=step["bucket"], Key=step["key"], Body=step["text"].encode())
    return True


def get(s3, step):
    return s3.get_object(Bucket=step["bucket"], Key=step["key"])["Body"].read().decode()


def get_bytes(s3, step):
    return base64.b64encode(s3.get_object(Bucket=step["bucket"], Key=step["key"])["Body"].read()).decode()


def metadata(s3, step):
    return s3.head_object(Bucket=step["bucket"], Key=step["key"])["Metadata"]


def put_new(s3, step):
    s3.put_object(Bucket=step["bucket"], Key=step["key"], Body=step["text"].encode(), IfNoneMatch="*")
    return True


def copy(s3, step):
    source = {"Bucket": step["bucket"], "Key": step["from"]}
    s3.copy_object(Bucket=step["bucket"], Key=step["key"], CopySource=source)
    return True


def put_parts(s3, step):
    s3.upload_fileobj(io.BytesIO(b"z" * step["mebibytes"] * MIB), step["bucket"], step["key"], Config=IN_PARTS)
    return True


def size(s3, step):
    return len(s3.get_object(Bucket=step["bucket"], Key=step["key"])["Body"].read())


def list_keys(s3, step):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=step["bucket"], Prefix=step.get("prefix", ""))
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def delete(s3, step):
    s3.delete_object(Bucket=step["bucket"], Key=step["key"])
    return True


def buckets(s3, step):
    return [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def head_bucket(s3, step):
    s3.head_bucket(Bucket=step["bucket"])
    return True


def create_bucket(s3, step):
    s3.create_bucket(Bucket=step["bucket"])
    return True


STEPS = {
    "put": put,
    "get": get,
    "get-bytes": get_bytes,
    "metadata": metadata,
    "put-new": put_new,
    "copy": copy,
    "put-parts": put_parts,
    "size": size,
    "list": list_keys,
    "delete": delete,
    "buckets": buckets,
    "head-bucket": head_bucket,
    "create-bucket": create_bucket,
}


def outcome(endpoint, step):
    access_key, secret_key = step["as"]
    s3 = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=SETTINGS,
    )
    try:
        return STEPS[step["do"]](s3, step)
    except ClientError as error:
        return error.response["Error"]["Code"]


json.dump([outcome(sys.argv[1], step) for step in json.load(sys.stdin)], sys.stdout)
