"""A policy's SQL on a Spark cluster of several worker processes: Parquet in, a view, partitioned Parquet out.

    python cluster.py LEADS.parquet EVENTS.parquet POLICY.sql OUT

POLICY.sql is `CREATE OR REPLACE TEMPORARY VIEW qualified_leads AS SELECT ...`, or a SELECT. OUT is partitioned by stage.
Says how many workers ran and how many rows were written; the cluster stops when the script ends.
"""

import json
import os
import sys
import tempfile
import time

from pyspark.sql import SparkSession


def main():
    leads, events, policy, out = sys.argv[1:5]
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    quiet = tempfile.NamedTemporaryFile("w", suffix=".properties", delete=False)
    quiet.write("rootLogger.level = off\n")
    quiet.close()
    work = tempfile.mkdtemp(prefix="qualify-cluster-")
    # Two workers of one core and one gigabyte each: processes of their own, on the loopback address only.
    spark = (
        SparkSession.builder.master(os.environ.get("SPARK_MASTER", "local-cluster[2,1,1024]"))
        .appName("qualify")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.executor.memory", "512m")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.warehouse.dir", work)
        .config("spark.driver.extraJavaOptions", f"-Dlog4j2.configurationFile=file:{quiet.name}")
        .config("spark.executor.extraJavaOptions", f"-Dlog4j2.configurationFile=file:{quiet.name}")
        .getOrCreate()
    )
    spark.read.parquet(leads).createOrReplaceTempView("leads")
    spark.read.parquet(events).createOrReplaceTempView("events")
    with open(policy, encoding="utf-8") as file:
        sql = file.read().strip().rstrip(";")
    began = time.time()
    if not sql.lstrip().upper().startswith("CREATE") and "CREATE OR REPLACE" not in sql[:2000].upper():
        spark.sql(sql).createOrReplaceTempView("qualified_leads")
    else:
        spark.sql(sql)
    spark.table("qualified_leads").write.mode("overwrite").partitionBy("stage").parquet(out)
    took = time.time() - began
    rows = spark.read.parquet(out).count()
    # Every executor but the driver's own block manager is a worker process.
    workers = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    stages = {row["stage"]: row["count"] for row in spark.read.parquet(out).groupBy("stage").count().collect()}
    print(json.dumps({"workers": workers, "rows": rows, "seconds": round(took, 1), "stages": stages}))
    spark.stop()


if __name__ == "__main__":
    main()
