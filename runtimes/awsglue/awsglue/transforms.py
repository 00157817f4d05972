"""The transforms as classes: `ApplyMapping.apply(frame = …)`. Those that are built call the frame's method; all others refuse by name.

Source: developer guide, "AWS Glue PySpark transforms reference".
"""
from .refusal import not_built


class GlueTransform:
    """`T.apply(…)` is `T()(…)`."""

    @classmethod
    def apply(cls, *args, **named):
        return cls()(*args, **named)

    @classmethod
    def name(cls):
        return cls.__name__

    def __call__(self, *args, **named):
        raise not_built(type(self).__name__)

    def __getattr__(self, name):
        if name.startswith("describe"):
            raise not_built(f"{type(self).__name__}.{name}")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


class ApplyMapping(GlueTransform):
    def __call__(self, frame, mappings, case_sensitive=False, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        return frame.apply_mapping(mappings, case_sensitive, transformation_ctx, info, stageThreshold, totalThreshold)


class DropFields(GlueTransform):
    def __call__(self, frame, paths, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        return frame.drop_fields(paths, transformation_ctx, info, stageThreshold, totalThreshold)


class Filter(GlueTransform):
    def __call__(self, frame, f, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        return frame.filter(f, transformation_ctx, info, stageThreshold, totalThreshold)


class SelectFields(GlueTransform):
    def __call__(self, frame, paths, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        return frame.select_fields(paths, transformation_ctx, info, stageThreshold, totalThreshold)


class RenameField(GlueTransform):
    def __call__(self, frame, old_name, new_name, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        return frame.rename_field(old_name, new_name, transformation_ctx, info, stageThreshold, totalThreshold)


_UNBUILT = (
    "DropNullFields", "ErrorsAsDynamicFrame", "EvaluateDataQuality", "FillMissingValues", "FindIncrementalMatches", "FindMatches", "FlatMap", "Join", "Map",
    "MapToCollection", "Relationalize", "ResolveChoice", "SelectFromCollection", "SimplifyDdbJson", "Spigot", "SplitFields", "SplitRows", "Unbox", "Union", "UnnestFrame",
)
for _name in _UNBUILT:
    globals()[_name] = type(_name, (GlueTransform,), {"__doc__": "Not built: refuses by name.", "__module__": __name__})

__all__ = ["GlueTransform", "ApplyMapping", "DropFields", "Filter", "SelectFields", "RenameField", *_UNBUILT]
