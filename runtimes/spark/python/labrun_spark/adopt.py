"""Hands the booted context to the script: `SparkContext()`, `getOrCreate()` and `SparkSession.builder` take it over as if they had made it.

The first of these claims it; a second `SparkContext()` then fails with Spark's own words. Settings that the script brings are applied as far
as a running context takes them; what comes too late is named on the error log, never dropped in silence.
"""
import functools
import sys

from .refuse import refused

# Sized by the worker type and number of workers; on Glue, too, a script's wish for them is the wrong place.
SIZED = ("spark.master", "spark.app.name", "spark.driver.", "spark.executor.", "spark.dynamicAllocation.", "spark.submit.", "spark.yarn.", "spark.cores.max", "spark.task.")
JARS = ("spark.jars", "spark.jars.packages", "spark.jars.repositories")


class Adoption:
    """The booted context and whether the script has taken it."""

    def __init__(self, session):
        self.session = session
        self.context = session.sparkContext
        self.defaults = dict(self.context.getConf().getAll())
        self.claimed = False

    def free(self):
        from pyspark import SparkContext

        return not self.claimed and SparkContext._active_spark_context is self.context

    def claim(self, settings):
        self.claimed = True
        self.apply(settings)

    def apply(self, settings):
        late = []
        for name, value in settings.items():
            if self.defaults.get(name) == str(value) or value is None:
                continue
            if not self._apply_one(name, str(value)):
                late.append(name)
        if late:
            print(f"labrun: the Spark context was already started; without effect: {', '.join(sorted(late))}", file=sys.stderr)

    def _apply_one(self, name, value):
        if name in JARS and value:
            raise refused(f"{name} (jars of your own)")
        if name == "spark.sql.catalogImplementation" and value == "hive" or name.startswith("spark.sql.catalog."):
            raise refused(f"{name}={value}: Spark SQL over the Glue Data Catalog")
        if name == "spark.sql.extensions":
            raise refused(f"spark.sql.extensions={value}")
        self.context._jsc.sc().conf().set(name, value)
        if name.startswith("spark.hadoop."):
            self.context._jsc.hadoopConfiguration().set(name[len("spark.hadoop."):], value)
            return True
        if name.startswith("spark.sql."):
            if not self.session.conf.isModifiable(name) and name.count("warehouse.dir"):
                return False
            try:
                self.session.conf.set(name, value)
                return True
            except Exception:
                return False
        return name.startswith(SIZED[1]) or not name.startswith(SIZED) and name.startswith("spark.labrun.")


def _called_from(frame):
    """Where the script made its context, for Spark's own message when it makes a second one."""
    from pyspark.traceback_utils import CallSite

    return CallSite(function="__init__", file=frame.f_code.co_filename, linenum=frame.f_lineno)


def _pairs(conf):
    return dict(conf.getAll()) if conf is not None else {}


def install(session):
    """Patches the three doors; returns the adoption, through which the run's own settings are applied too."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    adoption = Adoption(session)
    _context(SparkContext, adoption)
    _builder(SparkSession.Builder, adoption)
    return adoption


def _context(SparkContext, adoption):
    original = SparkContext.__init__
    get_or_create = SparkContext.getOrCreate.__func__

    @functools.wraps(original)
    def init(self, master=None, appName=None, sparkHome=None, pyFiles=None, environment=None, batchSize=0, serializer=None, conf=None, *rest, **more):
        if not adoption.free() or more.get("gateway") or more.get("jsc"):
            names = {"serializer": serializer} if serializer is not None else {}
            return original(self, master, appName, sparkHome, pyFiles, environment, batchSize, *rest, conf=conf, **names, **more)
        self.__dict__ = adoption.context.__dict__
        SparkContext._active_spark_context = self
        self._callsite = _called_from(sys._getframe(1))
        wanted = _pairs(conf)
        wanted.update({name: value for name, value in (("spark.master", master), ("spark.app.name", appName)) if value})
        adoption.claim(wanted)
        self.environment.update(environment or {})
        for path in pyFiles or []:
            self.addPyFile(path)

    def adopting(cls, conf=None):
        if adoption.free():
            adoption.claim(_pairs(conf))
        return get_or_create(cls, conf)

    SparkContext.__init__ = init
    SparkContext.getOrCreate = classmethod(adopting)


def _builder(Builder, adoption):
    original = Builder.getOrCreate
    enable_hive = Builder.enableHiveSupport

    @functools.wraps(original)
    def get_or_create(self):
        if adoption.free():
            adoption.claim(dict(self._options))
        return original(self)

    @functools.wraps(enable_hive)
    def hive(self):
        raise refused("enableHiveSupport: Spark SQL over the Glue Data Catalog")

    Builder.getOrCreate = get_or_create
    Builder.enableHiveSupport = hive
