"""Joins the raw tables to one row per customer, as of one day, and splits the rows into training and validation."""

import argparse
from datetime import date

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

CUSTOMERS = "customer STRING, region STRING, plan STRING, signed_up DATE, age INT"
USAGE = "customer STRING, week DATE, minutes DOUBLE, support_calls INT"
CANCELLATIONS = "customer STRING, cancelled_on DATE"

WEEKS = 8
"""Weeks of usage that a row looks back, in two halves that make the trend."""

DAYS = 30
"""Days that the label looks ahead."""

VALIDATION_PERCENT = 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", required=True, help="path or URL of the table, CSV or Parquet")
    parser.add_argument("--usage", required=True, help="path or URL of the table, CSV or Parquet")
    parser.add_argument("--cancellations", required=True, help="path or URL of the table, CSV or Parquet")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="day of which the rows speak")
    parser.add_argument("--training", required=True, help="where the training table goes, as Parquet")
    parser.add_argument("--validation", required=True, help="where the validation table goes, as Parquet")
    parser.add_argument("--profile", required=True, help="where the profile of both goes, as JSON")
    args = parser.parse_args()

    spark = SparkSession.builder.appName("refit-transform").getOrCreate()
    rows = features(
        read(spark, args.customers, CUSTOMERS),
        read(spark, args.usage, USAGE),
        read(spark, args.cancellations, CANCELLATIONS),
        args.as_of,
    ).cache()

    # The hash keeps a customer on the same side in every refit, whatever else is new.
    validates = f.pmod(f.xxhash64("customer"), f.lit(100)) < VALIDATION_PERCENT
    rows.filter(~validates).write.mode("overwrite").parquet(args.training)
    rows.filter(validates).write.mode("overwrite").parquet(args.validation)
    profile(rows, validates, args.as_of).coalesce(1).write.mode("overwrite").json(args.profile)
    spark.stop()


def read(spark: SparkSession, path: str, schema: str) -> DataFrame:
    if path.rstrip("/").endswith(".parquet"):
        return spark.read.schema(schema).parquet(path)
    return spark.read.schema(schema).csv(path, header=True, mode="FAILFAST")


def features(customers: DataFrame, usage: DataFrame, cancellations: DataFrame, as_of: date) -> DataFrame:
    """Who was a customer on the day, with nothing in the features that was not known before it."""
    day = f.lit(as_of)
    weeks_ago = f.datediff(day, "week") / 7
    recent = (
        usage.filter((f.col("week") < day) & (weeks_ago <= WEEKS))
        .groupBy("customer")
        .agg(
            f.round(f.avg("minutes"), 3).alias("minutes"),
            f.round(
                f.avg(f.when(weeks_ago <= WEEKS / 2, f.col("minutes")))
                - f.avg(f.when(weeks_ago > WEEKS / 2, f.col("minutes"))),
                3,
            ).alias("minutes_trend"),
            f.sum("support_calls").cast("int").alias("support_calls"),
        )
    )
    left = f.col("cancelled_on")
    return (
        customers.filter(f.col("signed_up") <= day)
        .join(cancellations, "customer", "left")
        .filter(left.isNull() | (left >= day))
        .join(recent, "customer", "left")
        .select(
            "customer",
            "region",
            "plan",
            f.datediff(day, "signed_up").alias("tenure_days"),
            "age",
            "minutes",
            "minutes_trend",
            f.coalesce("support_calls", f.lit(0)).alias("support_calls"),
            f.coalesce(left < f.date_add(day, DAYS), f.lit(False)).cast("int").alias("cancelled"),
        )
    )


def profile(rows: DataFrame, validates: Column, as_of: date) -> DataFrame:
    """One line per table: its day, its rows, how many of them cancelled, and where values are missing."""
    missing = [f.count_if(f.col(name).isNull()).alias(name) for name in rows.columns if name != "cancelled"]
    return (
        rows.groupBy(f.when(validates, "validation").otherwise("training").alias("table"))
        .agg(
            f.lit(as_of).alias("as_of"),
            f.count("*").alias("rows"),
            f.sum("cancelled").alias("cancelled"),
            f.struct(*missing).alias("missing"),
        )
        .orderBy("table")
    )


if __name__ == "__main__":
    main()
