"""The driver of a Glue run: a booted Spark session that waits for one script, runs it, and tells how it ended.

`python -m labrun_spark` is started by the emulator (contained, one process tree for one run); README.md beside this folder says with what
environment. Modules: `java` starts the JVM, `boot` the session, `adopt` hands it to the script, `control` speaks to the emulator, `script`
runs the learner's code, `refuse` names what isn't built, `worker` serves Python UDFs, `warm` warms a stand-by, `install` makes the archive.
"""
