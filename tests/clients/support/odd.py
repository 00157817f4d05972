"""Keys that S3 clients and servers get wrong: what they are spelt in differs between path, query, header and XML."""

KEYS = [
    "plain",
    "with space",
    "plus+sign",
    "ümläut/ß",
    "日本語.txt",
    "emoji-🚀",
    "double//slash",
    "/leading",
    ".",
    "..",
    "a/../b",
    "./c",
    "trailing/",
    "k" * 1024,
    "%41",
    "a%2Fb",
    "what?x=1&y=2",
    "hash#mark",
    "new\nline",
    "control\x01one",
    "tab\there",
    "quote\"and'<tag>&amp;",
    "carriage\rreturn",
]

# Answers that have no `encoding-type` spell a key in XML, where this character is a reference that Python's parser, and so boto3,
# refuses. What such answers look like is tested on the wire.
IN_XML = [key for key in KEYS if "\x01" not in key]
