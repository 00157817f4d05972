"""What a stand-by does before it says `ready`: small jobs that load the classes and compile the code that most runs begin with."""
import os

from .stub import Stub

BUCKET = "labrun-warm"


def _inputs():
    rows = [(n, "abc"[n % 3], n * 1.5, f"2024-01-{n % 28 + 1:02d}") for n in range(50)]
    csv = "id,kind,price,day\n" + "".join(f"{n},{k},{p},{d}\n" for n, k, p, d in rows)
    json = "".join('{"id":%d,"kind":"%s","price":%s,"day":"%s"}\n' % row for row in rows)
    return {f"/{BUCKET}/csv/one.csv": csv.encode(), f"/{BUCKET}/json/one.json": json.encode()}


def imports():
    """What scripts import, so that theirs is a look-up."""
    import boto3  # noqa: F401
    import botocore.session
    import pandas  # noqa: F401
    import pyarrow  # noqa: F401

    import awsglue.context
    import awsglue.dynamicframe
    import awsglue.job
    import awsglue.transforms
    import awsglue.utils  # noqa: F401

    botocore.session.get_session().get_component("data_loader").load_service_model("s3", "service-2")


def jobs(session):
    """The jobs, through our own file system."""
    gateway = session._jvm.run.labrun.spark.Gateway
    with Stub(_inputs()) as address:
        gateway.set(address, "warm", f"{os.environ['LABRUN_RUN_FOLDER']}/tmp/staging")
        pipeline(session, f"s3://{BUCKET}")
    session._jvm.org.apache.hadoop.fs.FileSystem.closeAll()


def training(session, folder):
    """The same over local files, for the class archive, which must not know our jar; then the JDK's part of our file system."""
    for name, data in _inputs().items():
        path = os.path.join(folder, name.lstrip("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(data)
    pipeline(session, f"file://{folder}/{BUCKET}")
    with Stub(_inputs()) as address:
        java = session._jvm.java
        call = java.net.URL(f"{address}/{BUCKET}?list-type=2&prefix=").openConnection()
        reader = session._jvm.javax.xml.stream.XMLInputFactory.newDefaultFactory().createXMLStreamReader(call.getInputStream(), "UTF-8")
        while reader.hasNext():
            reader.next()
        java.util.Base64.getEncoder().encodeToString(java.security.MessageDigest.getInstance("MD5").digest())
        java.time.Instant.parse("2024-01-01T00:00:00.000Z").toEpochMilli()


def pipeline(session, root):
    """Reads, a join, a window, writes, SQL, Python UDFs and an RDD: what most scripts are made of."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    csv = session.read.option("header", True).option("inferSchema", True).csv(f"{root}/csv/")
    json = session.read.json(f"{root}/json/")
    csv.groupBy("kind").agg(F.sum("price").alias("total")).write.mode("overwrite").partitionBy("kind").parquet(f"{root}/out/")
    session.read.parquet(f"{root}/out/").orderBy("total").collect()
    days = csv.select("id", F.to_date("day").alias("date"))
    joined = json.join(days, "id").withColumn("n", F.row_number().over(Window.partitionBy("kind").orderBy("price")))
    joined.filter("n < 5").drop("n").write.mode("append").json(f"{root}/json-out/")
    json.createOrReplaceTempView("warm")
    session.sql("select kind, count(*) c from warm group by kind order by c").collect()
    session.catalog.dropTempView("warm")
    csv.select(F.udf(lambda kind: kind + "!")("kind")).collect()
    session.createDataFrame([(1, "a")], ["id", "kind"]).write.csv(f"{root}/csv-out/", header=True)
    session.sparkContext.textFile(f"{root}/csv/one.csv").map(len).sum()
