"""ApplyMapping, field paths and schema printing: the shape of a frame, as expressions over a DataFrame.

Source: developer guide, "ApplyMapping class", "DynamicFrame class".
"""
from .refusal import not_built

TYPES = {
    "string": "string", "varchar": "string", "char": "string", "int": "int", "integer": "int", "long": "bigint", "bigint": "bigint", "short": "smallint",
    "smallint": "smallint", "byte": "tinyint", "tinyint": "tinyint", "double": "double", "float": "float", "boolean": "boolean", "date": "date",
    "timestamp": "timestamp", "binary": "binary", "decimal": "decimal(10,2)",
}
KEPT = ("array", "struct", "map", "null", "choice")


def parts(path):
    """`a.b` is a field in a struct; back-ticks keep a dot: `a.b` in them is one name."""
    found, name, quoted = [], "", False
    for char in path:
        if char == "`":
            quoted = not quoted
        elif char == "." and not quoted:
            found.append(name)
            name = ""
        else:
            name += char
    return found + [name]


def spark_type(name):
    """Spark's name of a Glue type; None for a nested type, whose value stays as it is."""
    word = name.strip().lower()
    base = word.split("(", 1)[0].split("<", 1)[0]
    if base in KEPT:
        return None
    if base == "decimal" and "(" in word:
        return word
    if base not in TYPES:
        raise not_built(f"the type {name!r} in a mapping")
    return TYPES[base]


def tree(mappings, has):
    """The target's fields as nested dicts; a leaf is (source parts, Spark type). A source that no record has is left out, as Glue does."""
    root = {}
    for one in mappings:
        if len(one) != 4:
            raise ValueError(f"a mapping is (source, source type, target, target type), not {one!r}")
        source, target = parts(one[0]), parts(one[2])
        if not has(source):
            continue
        at = root
        for name in target[:-1]:
            at = at.setdefault(name, {})
        at[target[-1]] = (source, spark_type(one[3]))
    return root


def exists(schema, path):
    """Does a struct type have this path?"""
    from pyspark.sql.types import StructType

    at = schema
    for name in path:
        if not isinstance(at, StructType):
            return False
        field = next((one for one in at.fields if one.name == name), None)
        if field is None:
            return False
        at = field.dataType
    return True


def column(path):
    from pyspark.sql import functions as F

    return F.col(".".join(f"`{name}`" for name in path))


def columns(fields):
    """The select list of a tree."""
    from pyspark.sql import functions as F

    made = []
    for name, leaf in fields.items():
        if isinstance(leaf, dict):
            made.append(F.struct(*columns(leaf)).alias(name))
        else:
            source, kind = leaf
            made.append((column(source).cast(kind) if kind else column(source)).alias(name))
    return made


def drop(frame, path):
    if not exists(frame.schema, path):
        return frame
    if len(path) == 1:
        return frame.drop(column(path))
    return frame.withColumn(path[0], column(path[:1]).dropFields(".".join(f"`{name}`" for name in path[1:])))


def printed(schema):
    """`printSchema` as the guide shows it: no nullability."""
    lines = ["root"]
    for field in schema.fields:
        _line(lines, "|-- ", field.name, field.dataType)
    return "\n".join(lines)


def _line(lines, indent, name, kind):
    from pyspark.sql.types import ArrayType, MapType, StructType

    lines.append(f"{indent}{name}: {_word(kind)}")
    deeper = "|    " + indent
    if isinstance(kind, StructType):
        for field in kind.fields:
            _line(lines, deeper, field.name, field.dataType)
    elif isinstance(kind, ArrayType):
        _line(lines, deeper, "element", kind.elementType)
    elif isinstance(kind, MapType):
        _line(lines, deeper, "keyType", kind.keyType)
        _line(lines, deeper, "valueType", kind.valueType)


def _word(kind):
    word = kind.typeName()
    return {"integer": "int", "long": "long", "decimal": kind.simpleString()}.get(word, word)
