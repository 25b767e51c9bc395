#!/usr/bin/env python3
"""The first workload in Polars, lazily: pol.py nested|flat FOLDER OUT.csv [THREADS]

Rows are id, fit, score, stage in the order of the leads. benches/workload/policy.qual says the same.
"""

import os
import sys

if len(sys.argv) > 4:
    os.environ["POLARS_MAX_THREADS"] = sys.argv[4]

import polars as pl  # noqa: E402

from duck import AS_OF, DAY, DECIDES, FREE, RIVALS, SECTORS, SERVED  # noqa: E402

c = pl.col
listed = lambda texts: [text.strip("'") for text in texts.split(",")]
within = lambda days: (c("age") >= 0) & (c("age") <= days * DAY)
kinds = lambda *types: c("type").is_in(types)
title = lambda pattern: c("title").str.contains("(?i)" + pattern).fill_null(False)
points = lambda value, condition: pl.when(condition.fill_null(False)).then(value).otherwise(0)


def counted(events):
    number = lambda name, days, condition: (condition & within(days)).fill_null(False).sum().alias(name)
    decay = (6 * (0.5 ** (c("age") / (30 * DAY)))).round(4)
    return events.with_columns(age=AS_OF - c("at").dt.epoch("ms")).group_by("id").agg(
        number("opens", 30, kinds("email_open")), number("views", 30, kinds("page_view")),
        number("pricing", 90, kinds("page_view") & c("path").str.starts_with("/pricing")),
        number("downloads", 90, kinds("content_download")),
        number("webinars", 90, kinds("webinar_attended") & (c("minutes") >= 20)), number("forms", 180, kinds("form_submit")),
        number("follows", 180, kinds("social_follow")), number("demos", 30, kinds("demo_request")),
        number("recent", 90, pl.lit(True)), number("intents", 30, kinds("webinar_attended", "content_download", "form_submit")),
        decay.filter(kinds("content_download", "webinar_attended") & (c("age") >= 0)).sum().alias("learning"))


def scored(leads, counts):
    names = ["opens", "views", "pricing", "downloads", "webinars", "forms", "follows", "demos", "recent", "intents", "learning"]
    all_ = leads.with_columns(domain=c("email").str.split("@").list.last().str.to_lowercase())
    all_ = all_.join(counts, on="id", how="left", maintain_order="left").with_columns(c(name).fill_null(0) for name in names)
    firm = (points(8, c("country").is_in(["US", "CA", "GB"])) + points(10, c("employees").is_between(200, 2000))
            + points(6, c("employees") > 2000) + points(8, c("annual_revenue") >= 10_000_000)
            + points(6, c("industry").is_in(["Software", "Financial Services"])))
    persona = (points(12, title(r"\bc[etimfor]o\b|\bchief\b")) + points(10, title(r"\bvp\b|vice president|head of"))
               + points(7, title("director")) + points(-15, title(r"\bintern\b|student|assistant")))
    each = lambda name, value, most: (c(name).cast(pl.Int64) * value).clip(upper_bound=most)
    engaged = (each("opens", 1, 5) + each("views", 1, 10) + each("pricing", 4, 12) + each("downloads", 5, 15) + each("webinars", 8, 16)
               + each("forms", 5, 10) + each("follows", 2, 4) + c("learning").clip(upper_bound=12))
    rest = (points(10, c("budget") >= 100_000) + points(8, c("lead_source").is_in(["Referral", "Partner"]))
            + points(-10, c("lead_source") == "Purchased List") + points(-12, c("domain").is_in(listed(FREE)))
            + points(-50, c("domain").is_in(listed(RIVALS))) + points(-5, c("title").is_null()) + points(20, c("demos") > 0)
            + points(-10, c("recent") == 0))
    fit = (c("country").is_in(listed(SERVED)) & c("employees").is_between(50, 5000) & title(DECIDES)
           & c("industry").is_in(listed(SECTORS)) & (c("budget") >= 25000)).fill_null(False)
    total = firm.clip(upper_bound=25) + persona.clip(upper_bound=15) + engaged.clip(upper_bound=45) + rest
    stage = (pl.when(c("domain").is_in(listed(RIVALS)).fill_null(False)).then(pl.lit("disqualified"))
             .when(c("fit") & (c("score") >= 60) & (c("demos") > 0)).then(pl.lit("sql"))
             .when(c("fit") & (c("score") >= 50) & (c("intents") > 0)).then(pl.lit("sal"))
             .when(c("fit") & (c("score") >= 40)).then(pl.lit("mql")).otherwise(pl.lit("lead")))
    return all_.with_columns(fit=fit, score=total.clip(0, 100)).select("id", "fit", "score", stage.alias("stage"))


def main():
    mode, folder, out = sys.argv[1:4]
    if mode == "nested":
        leads = pl.scan_parquet(f"{folder}/leads_nested.parquet")
        events = leads.select("id", "events").explode("events").drop_nulls("events").unnest("events")
        leads = leads.drop("events")
    else:
        leads = pl.scan_parquet(f"{folder}/leads.parquet")
        events = pl.scan_parquet(f"{folder}/events.parquet").rename({"lead_id": "id"})
    scored(leads, counted(events)).collect(engine="streaming").write_csv(out, include_header=False)


if __name__ == "__main__":
    main()
