"""Statements of Athena, run to their end."""

import time

from . import Case, client, fresh

ATHENA = client("athena")
GLUE = client("glue")
S3 = client("s3")


class Athena(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = fresh("athena")
        S3.create_bucket(Bucket=cls.bucket)
        cls.output = f"s3://{cls.bucket}/results"

    def start(self, text, **more):
        more.setdefault("ResultConfiguration", {"OutputLocation": self.output})
        return ATHENA.start_query_execution(QueryString=text, **more)["QueryExecutionId"]

    def ended(self, query):
        while True:
            execution = ATHENA.get_query_execution(QueryExecutionId=query)["QueryExecution"]
            if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
                return execution
            time.sleep(0.01)

    def run_query(self, text, **more):
        """What the statement printed, line by line."""
        query = self.start(text, **more)
        status = self.ended(query)["Status"]
        self.assertEqual(status["State"], "SUCCEEDED", status)
        rows = ATHENA.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
        return [row["Data"][0]["VarCharValue"] for row in rows]

    def fails(self, text, category, number, words, **more):
        status = self.ended(self.start(text, **more))["Status"]
        self.assertEqual(status["State"], "FAILED", status)
        error = status["AthenaError"]
        self.assertEqual((error["ErrorCategory"], error["ErrorType"]), (category, number), status)
        self.assertIn(words, status["StateChangeReason"])
        self.assertIn(words, error["ErrorMessage"])

    def bad(self, code, words, call, **arguments):
        answer = self.refused("InvalidRequestException", call, **arguments)
        self.assertEqual(answer.get("AthenaErrorCode"), code, answer)
        self.assertIn(words, answer["Error"]["Message"])

    def database(self):
        name = fresh("db").replace("-", "_")
        self.run_query(f"CREATE DATABASE {name} COMMENT 'a shop'")
        self.addCleanup(self.run_query, f"DROP DATABASE IF EXISTS {name} CASCADE")
        return name
