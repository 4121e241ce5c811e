"""Looks where the data is that use_functions.mjs has sent: on the stream, in quarantine, in the archive, not in the spill store."""

import base64
import gzip
import json
import os
import sys

import boto3

made = json.load(open(sys.argv[1]))


def client(service):
    return boto3.client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"], region_name=os.environ["AWS_REGION"])


def lines(data):
    text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    return [json.loads(line) for line in text.decode().splitlines()]


kinesis, s3 = client("kinesis"), client("s3")
records = []
for shard in kinesis.list_shards(StreamName=made["stream"])["Shards"]:
    iterator = kinesis.get_shard_iterator(
        StreamName=made["stream"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records += kinesis.get_records(ShardIterator=iterator)["Records"]
found = sorted(len(json.loads(record["Data"])["batch"]["events"]) for record in records)
objects = {
    name: [one["Key"] for one in s3.list_objects_v2(Bucket=made[name]).get("Contents", [])]
    for name in ("quarantineBucket", "spillBucket", "archiveBucket")
}
entries = [
    entry
    for key in objects["quarantineBucket"]
    for entry in lines(s3.get_object(Bucket=made["quarantineBucket"], Key=key)["Body"].read())
]
print(f"on the stream: records of {found} events; in quarantine: {len(entries)} entries; spilled: {objects['spillBucket']}")
whole = max(found, default=0)
assert found == [whole - 1, whole - 1, whole, whole], "each batch is on the stream once"
refused = [entry for entry in entries if entry["stage"] == "ingest"]
assert len(refused) == 2 and all(entry["publisher"] == "demo" for entry in refused), "each refused event is kept once"
poison = [entry for entry in entries if entry["stage"] == "archive"]
assert [base64.b64decode(entry["body_base64"]) for entry in poison] == [b"poison"], "what is no record is kept whole"
[key] = objects["archiveBucket"]
archived = lines(s3.get_object(Bucket=made["archiveBucket"], Key=key)["Body"].read())
assert key.startswith("events/dt=2026-09-21/hour="), "the archive is by the hour"
assert sorted(event["seq"] for event in archived) == list(range(whole)), "each event of the record is a line of the archive"
print(f"in the archive: {len(archived)} lines in {key}")
assert objects["spillBucket"] == [], "nothing is left in the spill store"
