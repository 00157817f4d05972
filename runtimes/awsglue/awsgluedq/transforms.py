"""`EvaluateDataQuality`: refuses by name."""
from awsglue.transforms import EvaluateDataQuality  # noqa: F401
