"""IAM as boto3 sees it: roles, policies, attachments, tags, and what AWS says where it refuses."""

import json
import os
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def client(service):
    return boto3.client(
        service,
        endpoint_url=os.environ["LABRUN_TEST_ENDPOINT"],
        aws_access_key_id=os.environ["LABRUN_TEST_KEY"],
        aws_secret_access_key=os.environ["LABRUN_TEST_SECRET"],
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
    )


IAM = client("iam")
ACCOUNT = client("sts").get_caller_identity()["Account"]
GLUE = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"


def trust(principal=None, **changes):
    statement = {"Effect": "Allow", "Principal": principal or {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
    statement.update(changes)
    statement = {key: value for key, value in statement.items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allow(**changes):
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}
    statement.update(changes)
    statement = {key: value for key, value in statement.items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Case(unittest.TestCase):
    def refused(self, code, message, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual((error["Code"], error["Message"]), (code, message))
        return caught.exception.response

    def role(self, name, **arguments):
        arguments.setdefault("AssumeRolePolicyDocument", trust())
        role = IAM.create_role(RoleName=name, **arguments)["Role"]
        self.addCleanup(remove, name)
        return role


def remove(name):
    try:
        for policy in IAM.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            IAM.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
        for policy in IAM.list_role_policies(RoleName=name)["PolicyNames"]:
            IAM.delete_role_policy(RoleName=name, PolicyName=policy)
        IAM.delete_role(RoleName=name)
    except IAM.exceptions.NoSuchEntityException:
        pass


class Roles(Case):
    def test_a_role_is_what_was_asked_for(self):
        made = self.role("orders", Path="/etl/", Description="reads orders", MaxSessionDuration=7200, Tags=[{"Key": "team", "Value": "data"}])
        self.assertRegex(made["RoleId"], r"^AROA[A-Z2-7]{17}$")
        self.assertEqual(made["Arn"], f"arn:aws:iam::{ACCOUNT}:role/etl/orders")
        role = IAM.get_role(RoleName="orders")["Role"]
        self.assertEqual(role["AssumeRolePolicyDocument"], json.loads(trust()))
        self.assertEqual((role["Path"], role["Description"], role["MaxSessionDuration"]), ("/etl/", "reads orders", 7200))
        self.assertEqual(role["Tags"], [{"Key": "team", "Value": "data"}])
        self.assertEqual(role["CreateDate"].microsecond, 0)

    def test_names_are_unique_whatever_their_case(self):
        self.role("Orders")
        response = self.refused(
            "EntityAlreadyExists", "Role with name orders already exists.", IAM.create_role, RoleName="orders", AssumeRolePolicyDocument=trust()
        )
        self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], 409)

    def test_what_is_not_there(self):
        response = self.refused("NoSuchEntity", "The role with name nobody cannot be found.", IAM.get_role, RoleName="nobody")
        self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], 404)

    def test_update_changes_what_is_sent(self):
        self.role("orders", Description="old", MaxSessionDuration=7200)
        IAM.update_role(RoleName="orders", Description="new")
        role = IAM.get_role(RoleName="orders")["Role"]
        self.assertEqual((role["Description"], role["MaxSessionDuration"]), ("new", 7200))
        other = trust({"Service": ["glue.amazonaws.com", "lambda.amazonaws.com"]})
        IAM.update_assume_role_policy(RoleName="orders", PolicyDocument=other)
        self.assertEqual(IAM.get_role(RoleName="orders")["Role"]["AssumeRolePolicyDocument"], json.loads(other))
        self.assertEqual(IAM.update_role_description(RoleName="orders", Description="newer")["Role"]["Description"], "newer")

    def test_what_hangs_on_a_role_goes_first(self):
        self.role("orders")
        IAM.attach_role_policy(RoleName="orders", PolicyArn=GLUE)
        IAM.put_role_policy(RoleName="orders", PolicyName="read", PolicyDocument=allow())
        response = self.refused("DeleteConflict", "Cannot delete entity, must detach all policies first.", IAM.delete_role, RoleName="orders")
        self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], 409)
        IAM.detach_role_policy(RoleName="orders", PolicyArn=GLUE)
        self.refused("DeleteConflict", "Cannot delete entity, must delete policies first.", IAM.delete_role, RoleName="orders")
        IAM.delete_role_policy(RoleName="orders", PolicyName="read")
        IAM.delete_role(RoleName="orders")
        self.refused("NoSuchEntity", "The role with name orders cannot be found.", IAM.get_role, RoleName="orders")

    def test_listing_pages_and_filters(self):
        for name in ["a1", "a2", "a3"]:
            self.role(name, Path="/page/")
        self.role("b1", Path="/other/")
        pages = list(IAM.get_paginator("list_roles").paginate(PathPrefix="/page/", PaginationConfig={"PageSize": 2}))
        self.assertEqual([[role["RoleName"] for role in page["Roles"]] for page in pages], [["a1", "a2"], ["a3"]])
        self.assertEqual([page["IsTruncated"] for page in pages], [True, False])
        self.refused("ValidationError", "Invalid Marker.", IAM.list_roles, Marker=pages[0]["Marker"])
        self.refused("ValidationError", "Invalid Marker.", IAM.list_roles, Marker="abc")

    def test_constraints_are_the_models(self):
        with self.assertRaises(ClientError) as caught:
            IAM.create_role(RoleName="a b", AssumeRolePolicyDocument=trust())
        self.assertEqual(caught.exception.response["Error"]["Code"], "ValidationError")
        self.assertIn("failed to satisfy constraint", caught.exception.response["Error"]["Message"])

    def test_what_is_not_built_is_refused_by_name(self):
        with self.assertRaises(ClientError) as caught:
            IAM.create_role(RoleName="x", AssumeRolePolicyDocument=trust(), PermissionsBoundary=GLUE)
        self.assertEqual(caught.exception.response["Error"]["Code"], "NotImplemented")
        self.assertIn("PermissionsBoundary", caught.exception.response["Error"]["Message"])
        with self.assertRaises(ClientError) as caught:
            IAM.create_user(UserName="x")
        self.assertEqual(caught.exception.response["Error"]["Code"], "NotImplemented")


class TrustPolicies(Case):
    def bad(self, message, document):
        self.refused("MalformedPolicyDocument", message, IAM.create_role, RoleName="bad", AssumeRolePolicyDocument=document)

    def test_what_is_refused(self):
        self.bad("This policy contains invalid Json", "{")
        self.bad("Missing required field Statement", '{"Version": "2012-10-17"}')
        self.bad("Missing required field Principal", '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}')
        self.bad("Missing required field Effect", trust(Effect=None))
        self.bad("Missing required field Action", trust(Action=None))
        self.bad("Has prohibited field Resource", trust(Resource="*"))
        self.bad("AssumeRole policy may only specify STS AssumeRole actions.", trust(Action="s3:GetObject"))
        self.bad('Invalid principal in policy: "SERVICE":"glue"', trust({"Service": "glue"}))
        self.bad('Invalid principal in policy: "AWS":"me"', trust({"AWS": "me"}))
        missing = f"arn:aws:iam::{ACCOUNT}:role/nobody"
        self.bad(f'Invalid principal in policy: "AWS":"{missing}"', trust({"AWS": missing}))

    def test_what_is_accepted(self):
        self.role("root", AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
        self.role("account", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
        self.role("old", AssumeRolePolicyDocument=trust().replace("2012-10-17", "2008-10-17"))
        self.role("condition", AssumeRolePolicyDocument=trust(Condition={"StringEquals": {"sts:ExternalId": "1"}}))


class InlinePolicies(Case):
    def test_put_get_list_delete(self):
        self.role("orders")
        text = '{ "Version": "2012-10-17",\n  "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": "*" } }'
        IAM.put_role_policy(RoleName="orders", PolicyName="b", PolicyDocument=text)
        IAM.put_role_policy(RoleName="orders", PolicyName="a", PolicyDocument=allow())
        found = IAM.get_role_policy(RoleName="orders", PolicyName="b")
        self.assertEqual((found["RoleName"], found["PolicyName"], found["PolicyDocument"]), ("orders", "b", json.loads(text)))
        self.assertEqual(IAM.list_role_policies(RoleName="orders")["PolicyNames"], ["a", "b"])
        IAM.delete_role_policy(RoleName="orders", PolicyName="a")
        message = "The role policy with name a cannot be found."
        self.refused("NoSuchEntity", message, IAM.get_role_policy, RoleName="orders", PolicyName="a")
        self.refused("NoSuchEntity", message, IAM.delete_role_policy, RoleName="orders", PolicyName="a")
        self.refused("NoSuchEntity", "The role with name x cannot be found.", IAM.put_role_policy, RoleName="x", PolicyName="a", PolicyDocument=text)

    def test_documents_travel_encoded(self):
        import urllib.parse

        self.role("orders")
        raw = []
        IAM.meta.events.register("before-parse.iam.GetRolePolicy", lambda response_dict, **_: raw.append(response_dict["body"]))
        IAM.put_role_policy(RoleName="orders", PolicyName="a", PolicyDocument=allow())
        IAM.get_role_policy(RoleName="orders", PolicyName="a")
        encoded = urllib.parse.quote(allow(), safe="")
        self.assertIn(f"<PolicyDocument>{encoded}</PolicyDocument>", raw[0].decode())

    def test_what_is_refused(self):
        self.role("orders")

        def bad(message, document):
            self.refused(
                "MalformedPolicyDocument", message, IAM.put_role_policy, RoleName="orders", PolicyName="p", PolicyDocument=document
            )

        bad("Syntax errors in policy.", "nonsense")
        bad("Policy document must be version 2012-10-17 or greater.", '{"Statement": []}')
        bad("Syntax errors in policy.", '{"Version": "2012-10-17", "Statement": []}')
        bad("Syntax errors in policy.", allow(Effect="Maybe"))
        bad("Syntax errors in policy.", allow(Actions="s3:*"))
        bad("Policy statement must contain actions.", allow(Action=None))
        bad("Policy statement must contain resources.", allow(Resource=None))
        bad("Policy document should not specify a principal.", allow(Principal="*"))
        bad("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", allow(Action="GetObject"))
        bad("Actions/Condition can contain only one colon.", allow(Action="s3:Get:Object"))
        bad('Resource bucket must be in ARN format or "*".', allow(Resource="bucket"))

    def test_the_quota(self):
        self.role("orders")
        resources = [f"arn:aws:s3:::bucket/{number:0100}" for number in range(50)]
        IAM.put_role_policy(RoleName="orders", PolicyName="a", PolicyDocument=allow(Resource=resources))
        self.refused(
            "LimitExceeded",
            "Maximum policy size of 10240 bytes exceeded for role orders",
            IAM.put_role_policy,
            RoleName="orders",
            PolicyName="b",
            PolicyDocument=allow(Resource=resources),
        )


class ManagedPolicies(Case):
    def policy(self, name, **arguments):
        policy = IAM.create_policy(PolicyName=name, PolicyDocument=allow(), **arguments)["Policy"]
        self.addCleanup(lambda: self.drop(policy["Arn"]))
        return policy

    def drop(self, arn):
        try:
            for role in IAM.list_entities_for_policy(PolicyArn=arn)["PolicyRoles"]:
                IAM.detach_role_policy(RoleName=role["RoleName"], PolicyArn=arn)
            IAM.delete_policy(PolicyArn=arn)
        except IAM.exceptions.NoSuchEntityException:
            pass

    def test_a_policy_and_its_version(self):
        made = self.policy("read", Path="/etl/", Description="reads")
        arn = f"arn:aws:iam::{ACCOUNT}:policy/etl/read"
        self.assertEqual((made["Arn"], made["DefaultVersionId"], made["AttachmentCount"]), (arn, "v1", 0))
        self.assertRegex(made["PolicyId"], r"^ANPA[A-Z2-7]{17}$")
        self.assertEqual(IAM.get_policy(PolicyArn=arn)["Policy"]["Description"], "reads")
        version = IAM.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
        self.assertEqual((version["Document"], version["IsDefaultVersion"]), (json.loads(allow()), True))
        versions = IAM.list_policy_versions(PolicyArn=arn)["Versions"]
        self.assertEqual([(v["VersionId"], "Document" in v) for v in versions], [("v1", False)])
        self.refused(
            "EntityAlreadyExists",
            "A policy called Read already exists. Duplicate names are not allowed.",
            IAM.create_policy,
            PolicyName="Read",
            PolicyDocument=allow(),
        )
        self.refused(
            "NoSuchEntity",
            f"Policy {arn} version v2 does not exist or is not attachable.",
            IAM.get_policy_version,
            PolicyArn=arn,
            VersionId="v2",
        )

    def test_attached_policies_stay(self):
        arn = self.policy("read")["Arn"]
        self.role("orders")
        IAM.attach_role_policy(RoleName="orders", PolicyArn=arn)
        IAM.attach_role_policy(RoleName="orders", PolicyArn=arn)
        IAM.attach_role_policy(RoleName="orders", PolicyArn=GLUE)
        attached = IAM.list_attached_role_policies(RoleName="orders")["AttachedPolicies"]
        expected = [{"PolicyName": "read", "PolicyArn": arn}, {"PolicyName": "AWSGlueServiceRole", "PolicyArn": GLUE}]
        self.assertEqual(attached, expected)
        self.assertEqual(IAM.list_attached_role_policies(RoleName="orders", PathPrefix="/service-role/")["AttachedPolicies"], expected[1:])
        self.assertEqual(IAM.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"], 1)
        entities = IAM.list_entities_for_policy(PolicyArn=arn)
        self.assertEqual([role["RoleName"] for role in entities["PolicyRoles"]], ["orders"])
        self.assertEqual((entities["PolicyUsers"], entities["PolicyGroups"]), ([], []))
        self.refused("DeleteConflict", "Cannot delete a policy attached to entities.", IAM.delete_policy, PolicyArn=arn)
        IAM.detach_role_policy(RoleName="orders", PolicyArn=arn)
        self.refused("NoSuchEntity", f"Policy {arn} was not found.", IAM.detach_role_policy, RoleName="orders", PolicyArn=arn)
        IAM.delete_policy(PolicyArn=arn)
        self.refused("NoSuchEntity", f"Policy {arn} was not found.", IAM.get_policy, PolicyArn=arn)

    def test_aws_policies_are_aws_words(self):
        policy = IAM.get_policy(PolicyArn=GLUE)["Policy"]
        self.assertEqual((policy["DefaultVersionId"], policy["Path"]), ("v5", "/service-role/"))
        version = IAM.get_policy_version(PolicyArn=GLUE, VersionId="v5")["PolicyVersion"]
        self.assertEqual(version["CreateDate"].isoformat(), "2023-09-11T16:39:47+00:00")
        self.assertIn("glue:*", version["Document"]["Statement"][0]["Action"])
        self.assertEqual(version["Document"]["Statement"][4]["Resource"], ["arn:aws:logs:*:*:*:/aws-glue/*"])

    def test_a_wrong_arn_is_named(self):
        self.role("orders")
        wrong = "arn:aws:iam::aws:policy/AWSGlueServiceRole"
        self.refused(
            "NoSuchEntity", f"Policy {wrong} does not exist or is not attachable.", IAM.attach_role_policy, RoleName="orders", PolicyArn=wrong
        )
        self.refused("InvalidInput", "ARN arn:aws:s3:::some-bucket-here is not valid.", IAM.get_policy, PolicyArn="arn:aws:s3:::some-bucket-here")
        with self.assertRaises(ClientError) as caught:
            IAM.attach_role_policy(RoleName="orders", PolicyArn="arn:aws:iam::aws:policy/AmazonAthenaFullAccess")
        self.assertEqual(caught.exception.response["Error"]["Code"], "NotImplemented")
        with self.assertRaises(ClientError) as caught:
            IAM.delete_policy(PolicyArn=GLUE)
        self.assertEqual(caught.exception.response["Error"]["Code"], "AccessDenied")

    def test_listing_by_scope(self):
        arn = self.policy("read")["Arn"]
        self.role("orders")
        local = IAM.list_policies(Scope="Local")["Policies"]
        self.assertEqual([policy["Arn"] for policy in local], [arn])
        self.assertNotIn("Description", local[0])
        names = [p["PolicyName"] for page in IAM.get_paginator("list_policies").paginate(Scope="AWS", PaginationConfig={"PageSize": 2}) for p in page["Policies"]]
        self.assertEqual(len(names), 6)
        self.assertIn("AdministratorAccess", names)
        self.assertEqual(IAM.list_policies(OnlyAttached=True)["Policies"], [])
        IAM.attach_role_policy(RoleName="orders", PolicyArn=GLUE)
        attached = IAM.list_policies(OnlyAttached=True)["Policies"]
        self.assertEqual([(p["Arn"], p["AttachmentCount"]) for p in attached], [(GLUE, 1)])

    def test_ten_policies_are_the_most(self):
        self.role("orders")
        arns = [self.policy(f"p{number}")["Arn"] for number in range(11)]
        for arn in arns[:10]:
            IAM.attach_role_policy(RoleName="orders", PolicyArn=arn)
        self.refused("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10", IAM.attach_role_policy, RoleName="orders", PolicyArn=arns[10])


class Tags(Case):
    def test_tag_untag_list(self):
        self.role("orders", Tags=[{"Key": "team", "Value": "data"}])
        IAM.tag_role(RoleName="orders", Tags=[{"Key": "Team", "Value": "ops"}, {"Key": "cost", "Value": "1"}])
        self.assertEqual(
            IAM.list_role_tags(RoleName="orders")["Tags"], [{"Key": "Team", "Value": "ops"}, {"Key": "cost", "Value": "1"}]
        )
        IAM.untag_role(RoleName="orders", TagKeys=["Team"])
        self.assertEqual(IAM.get_role(RoleName="orders")["Role"]["Tags"], [{"Key": "cost", "Value": "1"}])
        self.refused(
            "InvalidInput",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            IAM.tag_role,
            RoleName="orders",
            Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}],
        )


if __name__ == "__main__":
    unittest.main()
