"""getResolvedOptions."""
import unittest

import found  # noqa: F401
from awsglue.utils import GlueArgumentError, getResolvedOptions


class Resolving(unittest.TestCase):
    def test_pairs_and_equals(self):
        self.assertEqual(getResolvedOptions(["job.py", "--JOB_NAME", "orders", "--day=2024-01-01"], ["JOB_NAME", "day"]), {"JOB_NAME": "orders", "day": "2024-01-01"})

    def test_what_is_not_asked_for_is_left_out_except_what_glue_passes(self):
        argv = ["job.py", "--x", "1", "--job-bookmark-option", "job-bookmark-enable", "--TempDir", "s3://t/"]
        self.assertEqual(getResolvedOptions(argv, ["x"]), {"x": "1", "job_bookmark_option": "job-bookmark-enable", "TempDir": "s3://t/"})

    def test_missing_ones_are_named(self):
        with self.assertRaisesRegex(GlueArgumentError, "the following arguments are required: --day, --hour"):
            getResolvedOptions(["job.py", "--x", "1"], ["x", "day", "hour"])

    def test_a_value_may_be_empty_or_negative_or_json(self):
        argv = ["job.py", "--a", "", "--b", "-1", "--c", '{"x": "--y"}', "--d", "--", "--e=--f"]
        self.assertEqual(getResolvedOptions(argv, ["a", "b", "c", "e"]), {"a": "", "b": "-1", "c": '{"x": "--y"}', "e": "--f"})

    def test_a_name_without_a_value(self):
        with self.assertRaisesRegex(GlueArgumentError, "--flag: expected one argument"):
            getResolvedOptions(["job.py", "--flag", "--x", "1"], ["flag"])

    def test_the_last_one_counts_and_hyphens_become_underscores(self):
        self.assertEqual(getResolvedOptions(["job.py", "--my-day", "1", "--my-day", "2"], ["my-day"]), {"my_day": "2"})


if __name__ == "__main__":
    unittest.main()
