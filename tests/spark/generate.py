"""Makes the input of all scripts, the same for each seed: `python generate.py FOLDER [--big]`. Needs pyarrow for the Parquet files.

`--big` adds the file of 200 MB. What the files hold is chosen for what scripts trip over: quotes, blanks, nulls, odd names, nested JSON.
"""
import argparse
import gzip
import json
import random
from datetime import date, timedelta
from pathlib import Path

COUNTRIES = ["de", "fr", "us", "jp", "br"]


def put(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)


def orders(folder, rng):
    notes = ["", "plain", '"quoted, with comma"', '"she said ""hi"""', "naïve café", " padded ", '""']
    for part in range(3):
        lines = ["id,customer,country,amount,day,note"]
        for n in range(part * 70, part * 70 + 70):
            amount = "" if rng.random() < 0.05 else "n/a" if part == 2 and rng.random() < 0.05 else f"{rng.randrange(1, 100000) / 100:.2f}"
            day = date(2024, 1, 1) + timedelta(rng.randrange(120))
            lines.append(f"{n},c{rng.randrange(40)},{rng.choice(COUNTRIES)},{amount if part == 2 else amount or '1.00'},{day},{rng.choice(notes)}")
        put(folder, f"orders/orders-{part}.csv", "\n".join(lines) + "\n")


def events(folder, rng):
    for part in range(2):
        lines = []
        for n in range(part * 60, part * 60 + 60):
            event = {"id": n, "type": rng.choice(["view", "cart", "buy"]), "at": f"2024-0{rng.randrange(1, 4)}-{rng.randrange(1, 28):02d}T10:00:00Z"}
            event["user"] = {"name": rng.choice(["Ann", "Bö", None]), "address": None if rng.random() < 0.3 else {"city": rng.choice(["Köln", "Lyon"]), "zip": str(rng.randrange(99999))}}
            if rng.random() < 0.8:
                event["tags"] = rng.sample(["red", "new", "sale", "x y"], rng.randrange(0, 3))
            event["items"] = [{"sku": f"s{at}-{n}", "qty": rng.randrange(1, 9), "price": rng.randrange(100) / 4} for at in range(rng.randrange(0, 4))]
            lines.append(json.dumps(event, ensure_ascii=False))
        put(folder, f"events/part-{part}.json", "\n".join(lines) + "\n")


def small_ones(folder, rng):
    words = "the a of data ERROR WARN lake bucket über glue spark row".split()
    for name in ("one.log", "two.log", "three.txt.gz"):
        put(folder, f"logs/{name}", "".join(" ".join(rng.choice(words) for _ in range(rng.randrange(0, 9))) + "\n" for _ in range(80)))
    for year, month in ((2023, 1), (2023, 2), (2024, 1), (2024, 2), (2024, "__HIVE_DEFAULT_PARTITION__")):
        put(folder, f"tree/year={year}/month={month}/data.csv", "id,value\n" + "".join(f"{rng.randrange(1000)},{rng.random():.4f}\n" for _ in range(10)))
    put(folder, "tree/_ignored/x.csv", "id,value\n0,0\n")
    put(folder, "multi/lines.csv", 'id,text\n1,"two\nlines"\n2,"a ""b"" c"\n3,plain\n')
    put(folder, "multi/odd.csv", "# a comment\n1; x;y\n3;  z;\n")
    put(folder, "multi/document.json", json.dumps([{"id": n, "list": list(range(n)), "ok": n % 2 == 0} for n in range(5)], indent=2))
    put(folder, "multi/loose.json", "{'id': 1, 'name': 'a'}\n{\"id\": 2}\nnot json\n{'id': 'x', 'name': 'b'}\n")
    put(folder, "empty/none.json", "")
    put(folder, "empty/header.csv", "a,b\n")
    for name in ("with space.csv", "plus+and&.csv", "ä–ö.csv", "per%20cent.csv"):
        put(folder, f"names/{name}", f"id,name\n{rng.randrange(100)},{len(name)}\n")
    put(folder, "people/people.json", '{"name":"Michael"}\n{"name":"Andy", "age":30}\n{"name":"Justin", "age":19}\n')
    put(folder, "people/people.txt", "Michael, 29\nAndy, 30\nJustin, 19\n")


def customers(folder, rng):
    import pyarrow
    import pyarrow.parquet

    for part in range(2):
        ids = list(range(part * 100, part * 100 + 100))
        table = pyarrow.table({
            "id": pyarrow.array(ids, pyarrow.int64()), "country": [rng.choice(COUNTRIES) for _ in ids], "score": [None if n % 9 == 0 else rng.random() for n in ids],
            "since": pyarrow.array([date(2019, 1, 1) + timedelta(rng.randrange(1500)) for _ in ids], pyarrow.date32()),
        })
        path = folder / f"customers/part-{part}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pyarrow.parquet.write_table(table, path, compression="zstd", row_group_size=40)


def big(folder, rng):
    """200 MB in a few seconds: blocks of lines, each made once and renumbered."""
    path = folder / "big/big.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    tails = [f",{rng.choice(COUNTRIES)},{rng.randrange(10 ** 7) / 100},{rng.randrange(1, 50)},2024-0{rng.randrange(1, 4)}-{rng.randrange(1, 28):02d},lorem ipsum {rng.randrange(10 ** 12)}\n" for _ in range(20000)]
    with open(path, "w") as out:
        out.write("id,country,amount,qty,day,note\n")
        for start in range(0, 3_700_000, len(tails)):
            out.write("".join(f"{start + at}{tail}" for at, tail in enumerate(tails)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--big", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args()
    rng = random.Random(wanted.seed)
    for make in (orders, events, small_ones, customers):
        make(wanted.folder, rng)
    if wanted.big:
        big(wanted.folder, rng)


if __name__ == "__main__":
    main()
