"""AWS Glue's Python library as the developer guide describes it, over real DataFrames.

Written from AWS's public documentation alone. What is not built is refused by name, never answered with something like it:
`context` and `job` are the entry, `dynamicframe` and `transforms` the data, `source` and `formats` reading and writing, `bookmark` the
memory between runs (pure), `catalog` the Data Catalog through boto3, `gateway` what is asked of the emulator.
"""


def __getattr__(name):
    if name == "DynamicFrame":
        from .dynamicframe import DynamicFrame

        return DynamicFrame
    from .refusal import DOCUMENTED_MODULES, not_built

    if name in DOCUMENTED_MODULES:
        raise not_built(f"awsglue.{name}")
    raise AttributeError(f"module 'awsglue' has no attribute {name!r}")
