"""Creates the plain template in a moto server and reads the resources back. Called by scripts/testDeploy.mjs.

moto's CloudFormation knows some of the template's types only. The others are put aside, and as many as moto has are made
by their services' own calls, from the properties that the template gives them: boto3 checks the names and types of those.
"""

import ast
import base64
import hashlib
import importlib.util
import json
import os
import pkgutil
import sys
import zipfile

import boto3
import moto
from moto.core.common_models import CloudFormationModel

TEMPLATE, ZIP, DOCUMENT = (sys.argv[n] for n in (1, 2, 3))
ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
REGION, ACCOUNT = os.environ["AWS_REGION"], "123456789012"
STACK, CODE = "viewbeat", "code-of-the-test"


def client(service):
    return boto3.client(service, endpoint_url=ENDPOINT, region_name=REGION)


def known_types():
    """The types that moto's CloudFormation can create."""
    for module in pkgutil.iter_modules(moto.__path__):
        if module.ispkg and importlib.util.find_spec(f"moto.{module.name}.models"):
            importlib.import_module(f"moto.{module.name}.models")

    def below(cls):
        for sub in cls.__subclasses__():
            yield sub
            yield from below(sub)

    return {cls.cloudformation_type() for cls in below(CloudFormationModel)}


def walk(value, change):
    """A copy of JSON in which `change` may replace any object."""
    if isinstance(value, dict):
        changed = change(value)
        if changed is not value:
            return changed
        return {key: walk(item, change) for key, item in value.items()}
    return [walk(item, change) for item in value] if isinstance(value, list) else value


def resolve(value, names, attributes):
    """JSON without intrinsic functions."""

    def change(node):
        if list(node) == ["Ref"]:
            return names[node["Ref"]]
        if list(node) == ["Fn::GetAtt"]:
            return attributes[".".join(node["Fn::GetAtt"])]
        if list(node) == ["Fn::Join"]:
            between, parts = node["Fn::Join"]
            return between.join(resolve(parts, names, attributes))
        return node

    return walk(value, change)


done, failed = [], []


def check(what, found, wanted):
    (done if found == wanted else failed).append(what)
    if found != wanted:
        print(f"  WRONG {what}\n    wanted {wanted!r}\n    found  {found!r}")


template = json.load(open(TEMPLATE))
resources = template["Resources"]
can = known_types()
aside = {name: found for name, found in resources.items() if found["Type"] not in can}
print(f"moto's CloudFormation creates {len(resources) - len(aside)} of {len(resources)} resources")

# What the rest of the template needs of the resources that are put aside.
api = client("apigatewayv2").create_api(
    **{key: aside["Api"]["Properties"][key] for key in ("Name", "ProtocolType", "Description")}
)
names = {
    "CodeBucket": CODE,
    "CodeKey": os.path.basename(ZIP),
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "Api": api["ApiId"],
    "Quarantine": f"{STACK}-quarantine",
    "QuarantineErrors": aside["QuarantineErrors"]["Properties"]["LogStreamName"],
    "SearchDomain": f"{STACK}-search",
}
attributes = {
    "Quarantine.Arn": f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/{STACK}-quarantine",
    "SearchDomain.Arn": f"arn:aws:es:{REGION}:{ACCOUNT}:domain/{STACK}-search",
    # moto gives a domain no host name.
    "SearchDomain.DomainEndpoint": "search.invalid",
}


def stand_in(node):
    if list(node) == ["Ref"] and node["Ref"] in aside:
        return names[node["Ref"]]
    if list(node) == ["Fn::GetAtt"] and node["Fn::GetAtt"][0] in aside:
        return attributes[".".join(node["Fn::GetAtt"])]
    return node


s3 = client("s3")
s3.create_bucket(Bucket=CODE)
zipped = open(ZIP, "rb").read()
s3.put_object(Bucket=CODE, Key=os.path.basename(ZIP), Body=zipped)
with zipfile.ZipFile(ZIP) as archive:
    check("the zip is whole", archive.testzip(), None)
    check("the zip holds the functions", archive.namelist(), ["index.mjs", "archive.mjs", "search.mjs", "view.mjs"])

kept = walk({name: found for name, found in resources.items() if name not in aside}, stand_in)
# moto's CloudFormation keeps a key's policy as it gets it, and its KMS then fails over what is no text.
policy = resolve(kept["DataKey"]["Properties"]["KeyPolicy"], names, attributes)
kept["DataKey"]["Properties"]["KeyPolicy"] = json.dumps(policy)
wanted_attributes = set()


def note(node):
    if list(node) == ["Fn::GetAtt"] and node["Fn::GetAtt"][0] in kept:
        wanted_attributes.add(tuple(node["Fn::GetAtt"]))
    return node


walk(resources, note)
created = {
    **template,
    "Resources": kept,
    "Outputs": {
        f"Attribute{number}": {"Value": {"Fn::GetAtt": list(pair)}}
        for number, pair in enumerate(sorted(wanted_attributes))
    },
}
cloudformation = client("cloudformation")
s3.put_object(Bucket=CODE, Key="template.json", Body=json.dumps(created))
cloudformation.create_stack(
    StackName=STACK,
    TemplateURL=f"https://{CODE}.s3.amazonaws.com/template.json",
    Capabilities=["CAPABILITY_IAM"],
    Parameters=[{"ParameterKey": "CodeBucket", "ParameterValue": CODE}],
)
[stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
check("the stack is complete", stack["StackStatus"], "CREATE_COMPLETE")
there = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
check("every resource is there", sorted(found["LogicalResourceId"] for found in there), sorted(kept))
# moto gives permissions no name; nothing refers to them.
names |= {found["LogicalResourceId"]: found.get("PhysicalResourceId") for found in there}
outputs = {found["OutputKey"]: found["OutputValue"] for found in stack["Outputs"]}
for number, pair in enumerate(sorted(wanted_attributes)):
    attributes[".".join(pair)] = outputs[f"Attribute{number}"]


def properties(name):
    return resolve(resources[name]["Properties"], names, attributes)


def of_type(kind):
    return [name for name, found in resources.items() if found["Type"] == kind]


# By their services' own calls.
made = set()
for name in of_type("AWS::S3::BucketPolicy"):
    given = properties(name)
    s3.put_bucket_policy(Bucket=given["Bucket"], Policy=json.dumps(given["PolicyDocument"]))
    made.add(name)
client("logs").create_log_stream(
    logGroupName=names["QuarantineLogs"], logStreamName=names["QuarantineErrors"]
)
made.add("QuarantineErrors")

firehose = client("firehose")
firehose.create_delivery_stream(DeliveryStreamName=names["Quarantine"], **properties("Quarantine"))
made.add("Quarantine")

opensearch = client("opensearch")
given = properties("SearchDomain")
policies = json.dumps(given.pop("AccessPolicies"))
opensearch.create_domain(DomainName=names["SearchDomain"], AccessPolicies=policies, **given)
made.add("SearchDomain")

gateway = client("apigatewayv2")
integration = gateway.create_integration(**properties("ApiIntegration"))
names["ApiIntegration"] = integration["IntegrationId"]
for name in of_type("AWS::ApiGatewayV2::Route"):
    gateway.create_route(**properties(name))
    made.add(name)
gateway.create_stage(**properties("ApiStage"))
made |= {"Api", "ApiIntegration", "ApiStage"}

cloudwatch = client("cloudwatch")
for name in of_type("AWS::CloudWatch::Alarm"):
    cloudwatch.put_metric_alarm(**properties(name))
    made.add(name)

functions = client("lambda")
functions.put_function_event_invoke_config(**properties("DrainRetries"))
made.add("DrainRetries")
sns = client("sns")
topics = properties("AlarmsPolicy")
sns.set_topic_attributes(
    TopicArn=topics["Topics"][0], AttributeName="Policy", AttributeValue=json.dumps(topics["PolicyDocument"])
)
made.add("AlarmsPolicy")
for name in of_type("AWS::SNS::Subscription"):
    sns.subscribe(**properties(name))
    made.add(name)
print(f"{len(made)} more are made by their services' own calls")
check("nothing is left out", sorted(set(aside) - made), [])

# Read back.
kinesis = client("kinesis").describe_stream(StreamName=names["Stream"])["StreamDescription"]
check("the stream keeps records for 7 days", kinesis["RetentionPeriodHours"], 168)
check("the stream takes records", kinesis["StreamStatus"], "ACTIVE")

key = client("kms").describe_key(KeyId=names["DataKey"])["KeyMetadata"]
check("the key is usable", key["KeyState"], "Enabled")
rotation = client("kms").get_key_rotation_status(KeyId=names["DataKey"])["KeyRotationEnabled"]
check("the key is rotated", rotation, True)

for name in of_type("AWS::S3::Bucket"):
    [rule] = s3.get_bucket_encryption(Bucket=names[name])["ServerSideEncryptionConfiguration"]["Rules"]
    default = rule["ApplyServerSideEncryptionByDefault"]
    check(f"{name} is encrypted under the key", default, {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key["Arn"]})
    policy = json.loads(s3.get_bucket_policy(Bucket=names[name])["Policy"])
    conditions = [one["Condition"] for one in policy["Statement"] if one["Effect"] == "Deny"]
    check(f"{name} is reached by TLS only", conditions[0], {"Bool": {"aws:SecureTransport": "false"}})

for name in of_type("AWS::Lambda::Function"):
    given = properties(name)
    found = functions.get_function(FunctionName=names[name])
    configuration = found["Configuration"]
    for field in ("Handler", "Runtime", "MemorySize", "Timeout", "Role"):
        check(f"{name}: {field}", configuration[field], given[field])
    check(f"{name}: environment", configuration["Environment"], given["Environment"])
    digest = base64.b64encode(hashlib.sha256(zipped).digest()).decode()
    check(f"{name}: the code is the zip", configuration["CodeSha256"], digest)
    concurrency = functions.get_function_concurrency(FunctionName=names[name])
    check(
        f"{name}: reserved concurrency",
        concurrency["ReservedConcurrentExecutions"],
        given["ReservedConcurrentExecutions"],
    )
retries = functions.get_function_event_invoke_config(FunctionName=names["Drain"])["MaximumRetryAttempts"]
check("the drain is not tried again", retries, 0)

iam = client("iam")
for name in of_type("AWS::IAM::Role"):
    if "Policies" not in resources[name]["Properties"]:
        check(f"{name} may do nothing by itself", iam.list_role_policies(RoleName=names[name])["PolicyNames"], [])
        continue
    [policy] = iam.list_role_policies(RoleName=names[name])["PolicyNames"]
    found = iam.get_role_policy(RoleName=names[name], PolicyName=policy)["PolicyDocument"]
    # moto's CloudFormation keeps it as Python writes it.
    found = ast.literal_eval(found) if isinstance(found, str) else found
    check(f"{name}: permissions", found, properties(name)["Policies"][0]["PolicyDocument"])
    check(f"{name}: no managed policy", iam.list_attached_role_policies(RoleName=names[name])["AttachedPolicies"], [])

for name in of_type("AWS::Logs::LogGroup"):
    [group] = client("logs").describe_log_groups(logGroupNamePrefix=names[name])["logGroups"]
    check(f"{name} forgets", group["retentionInDays"], 30)

for name in of_type("AWS::Lambda::EventSourceMapping"):
    given = properties(name)
    found = functions.get_event_source_mapping(UUID=names[name])
    for field in given:
        if field == "FunctionName":
            function = functions.get_function(FunctionName=given[field])["Configuration"]
            check(f"{name}: function", found["FunctionArn"], function["FunctionArn"])
        else:
            check(f"{name}: {field}", found[field], given[field])

domain = opensearch.describe_domain(DomainName=names["SearchDomain"])["DomainStatus"]
given = properties("SearchDomain")
check("search has the version", domain["EngineVersion"], given["EngineVersion"])
check("search is encrypted", domain["EncryptionAtRestOptions"]["Enabled"], True)
check("search is encrypted between nodes", domain["NodeToNodeEncryptionOptions"]["Enabled"], True)
check("search is reached by HTTPS", domain["DomainEndpointOptions"]["EnforceHTTPS"], True)
for field in ("InstanceType", "InstanceCount", "ZoneAwarenessEnabled"):
    check(f"search: {field}", domain["ClusterConfig"][field], given["ClusterConfig"][field])

rule = client("events").describe_rule(Name=names["DrainEveryMinute"])
check("the drain runs every minute", (rule["ScheduleExpression"], rule["State"]), ("rate(1 minute)", "ENABLED"))
[target] = client("events").list_targets_by_rule(Rule=names["DrainEveryMinute"])["Targets"]
check("what runs is the drain", target["Arn"], attributes["Drain.Arn"])

parameter = client("ssm").get_parameter(Name=names["Keys"])["Parameter"]
check("the parameter has the keys", json.loads(parameter["Value"]), json.loads(DOCUMENT))
check("the parameter is where the function looks", parameter["Name"], "/viewbeat/keys")

delivery = firehose.describe_delivery_stream(DeliveryStreamName=names["Quarantine"])
[destination] = delivery["DeliveryStreamDescription"]["Destinations"]
found = destination["ExtendedS3DestinationDescription"]
check("quarantine goes to its bucket", found["BucketARN"], attributes["QuarantineBucket.Arn"])
check("quarantine is gzipped", found["CompressionFormat"], "GZIP")
check("quarantine is encrypted", found["EncryptionConfiguration"]["KMSEncryptionConfig"]["AWSKMSKeyARN"], key["Arn"])

routes = gateway.get_routes(ApiId=api["ApiId"])["Items"]
check("the gateway has the routes", len(routes), len(of_type("AWS::ApiGatewayV2::Route")))
[stage] = gateway.get_stages(ApiId=api["ApiId"])["Items"]
check(
    "the gateway has a throttle",
    stage["DefaultRouteSettings"],
    properties("ApiStage")["DefaultRouteSettings"],
)
found = gateway.get_integration(ApiId=api["ApiId"], IntegrationId=integration["IntegrationId"])
check("the gateway calls the ingest", found["IntegrationUri"], attributes["Ingest.Arn"])

alarms = {found["AlarmName"]: found for found in cloudwatch.describe_alarms(MaxRecords=100)["MetricAlarms"]}
check("all alarms are there", len(alarms), len(of_type("AWS::CloudWatch::Alarm")))
for name in of_type("AWS::CloudWatch::Alarm"):
    given = properties(name)
    found = alarms[given["AlarmName"]]
    for field in ("Metrics", "Threshold", "ComparisonOperator", "EvaluationPeriods", "DatapointsToAlarm"):
        check(f"{given['AlarmName']}: {field}", found[field], given[field])
    check(f"{given['AlarmName']} tells the topic", found["AlarmActions"], [names["Alarms"]])

# moto does not read conditions in a bucket's policy: to it, "deny without TLS" denies everything.
for name in of_type("AWS::S3::BucketPolicy"):
    s3.delete_bucket_policy(Bucket=properties(name)["Bucket"])

print(f"{len(done)} read back as the template says, {len(failed)} not")
if failed:
    sys.exit(1)
json.dump(
    {
        "stream": names["Stream"],
        "quarantineBucket": names["QuarantineBucket"],
        "spillBucket": names["SpillBucket"],
        "archiveBucket": names["ArchiveBucket"],
        "functions": {
            name: {
                "handler": properties(name)["Handler"],
                "environment": properties(name)["Environment"]["Variables"],
                "permissions": properties(f"{name}Role")["Policies"][0]["PolicyDocument"]["Statement"],
            }
            for name in of_type("AWS::Lambda::Function")
        },
    },
    open(sys.argv[4], "w"),
)
