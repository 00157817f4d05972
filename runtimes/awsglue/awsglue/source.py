"""Which objects a source means: one listing, taken when the frame is made, then exclusions and the bookmark.

Source: developer guide, "Amazon S3 connection option reference". Listing goes through our file system's S3 client with the run's token.
"""
import json
import re
import urllib.parse

from . import bookmark
from .refusal import check_options, flag, not_built

READ = ("paths", "path", "exclusions", "recurse", "compressionType", "maxBand", "maxFilesInBand", "useS3ListImplementation")
READ_DEFAULTS = {
    "groupFiles": ("none",), "excludeStorageClasses": ("[]", "", "none"), "isFailFast": (False,), "enableSamplePath": (False,), "transformation_ctx": ("",),
    "useCatalogSchema": (False,), "optimizePerformance": (False,), "skipFirst": (False,), "mergeSchema": (True,),
}
SELF_PARTITIONED = ("parquet", "orc")


def check(options):
    check_options("connection option", options, READ, READ_DEFAULTS)


def paths(options):
    given = options.get("paths") or options.get("path")
    if isinstance(given, str):
        given = json.loads(given) if given.startswith("[") else [given]
    if not given:
        raise ValueError("connection_options has no paths")
    for path in given:
        if not re.match(r"s3[an]?://[^/]+", path):
            raise not_built(f"the path {path} (only s3:// is)")
    return list(given)


def split(path):
    """(bucket, key) of an s3 path."""
    rest = path.split("://", 1)[1]
    bucket, _, key = rest.partition("/")
    return bucket, key


def listing(jvm, path):
    """The objects at or below a path, as S3 lists them; folder markers are left out."""
    bucket, key = split(path)
    objects = jvm.run.labrun.spark.Objects
    folder = key if not key or key.endswith("/") else key + "/"
    files = _lines(bucket, objects.list(bucket, folder))
    if not files and key and not key.endswith("/"):
        files = _lines(bucket, objects.head(bucket, key))
    return [file for file in files if not file.path.endswith("/")]


def _lines(bucket, text):
    files = []
    for line in text.splitlines():
        key, size, modified, etag = line.split("\t")
        files.append(bookmark.File(f"{bucket}/{urllib.parse.unquote_plus(key)}", int(size), int(modified), etag))
    return files


def visible(files, path, options, fmt):
    """Without `recurse` only what lies in the folder itself (or in its key=value folders, for formats that Spark itself reads)."""
    bucket, key = split(path)
    base = f"{bucket}/{key}".rstrip("/")
    recurse = flag(options.get("recurse", False))
    rules = exclusions(options.get("exclusions"))
    kept = []
    for file in files:
        inside = file.path[len(base):].lstrip("/") if file.path != base else ""
        folders, name = inside.split("/")[:-1], file.path.rsplit("/", 1)[1]
        if name.startswith(("_", ".")) or any(part.startswith((".", "_")) and "=" not in part for part in folders):
            continue
        if not recurse and folders and not (fmt in SELF_PARTITIONED and all("=" in part for part in folders)):
            continue
        if any(rule.fullmatch(inside or name) or rule.fullmatch("s3://" + file.path) for rule in rules):
            continue
        kept.append(file)
    return kept


def exclusions(given):
    """Glue's globs: `*` stays in a folder, `**` crosses, `?`, `[…]`, `{a,b}`. A JSON list in a string, or a list."""
    if not given:
        return []
    globs = json.loads(given) if isinstance(given, str) else given
    return [re.compile(_regex(glob)) for glob in globs]


def _regex(glob):
    out, at, depth = "", 0, 0
    while at < len(glob):
        char = glob[at]
        at += 1
        if char == "*":
            out += ".*" if glob[at: at + 1] == "*" else "[^/]*"
            at += glob[at: at + 1] == "*"
        elif char == "?":
            out += "[^/]"
        elif char == "[" and "]" in glob[at:]:
            end = glob.index("]", at)
            inner = glob[at:end].replace("\\", "\\\\")
            out += "[" + ("^" + inner[1:] if inner.startswith("!") else inner) + "]"
            at = end + 1
        elif char == "{":
            out, depth = out + "(?:", depth + 1
        elif char == "}" and depth:
            out, depth = out + ")", depth - 1
        elif char == "," and depth:
            out += "|"
        elif char == "\\" and at < len(glob):
            out += re.escape(glob[at])
            at += 1
        else:
            out += re.escape(char)
    return out


def check_compression(options, files):
    """`compressionType` is needed for odd names only; those can't be read."""
    kind = str(options.get("compressionType") or "none").lower()
    endings = {"gzip": ".gz", "bzip2": ".bz2", "none": None}
    if kind not in endings:
        raise not_built(f"the connection option compressionType={kind!r}")
    if endings[kind] and any(not file.path.endswith(endings[kind]) for file in files):
        raise not_built(f"compressionType={kind!r} for objects whose names don't end in {endings[kind]}")


def chosen(session, context, files, options, now_ms):
    """What of the listing the bookmark lets through."""
    if session is None:
        return files
    band = int(options.get("maxBand", bookmark.BAND_MS))
    room = int(options.get("maxFilesInBand", bookmark.FILES_IN_BAND))
    return session.choose(context, files, now_ms, band, room)
