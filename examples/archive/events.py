"""Spark: the events of a folder of the archive, each once."""

import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
lines = spark.read.option("mode", "FAILFAST").json(f"{sys.argv[1]}/events")
events = lines.dropDuplicates(["view_id", "seq"])
events.groupBy("dt", "hour").count().orderBy("dt", "hour").show(truncate=False)
