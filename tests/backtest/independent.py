"""Works out a whole backtest of examples/b2b-saas with pandas, scikit-learn and SciPy, and compares every figure.

    independent.py EXAMPLE BACKTEST.json DAYS [TRAIN_UNTIL] [COST] [CAPACITY A MONTH] [better|policy] [AGAINST]

Every leaf of the JSON has to be expected, and every expected leaf has to be there. Numbers are compared exactly, with the
six decimals that the report has. Exit code 1, and a line for each difference.
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from fractions import Fraction

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu
from sklearn.metrics import average_precision_score, brier_score_loss, precision_recall_curve, roc_auc_score, roc_curve
from statsmodels.stats.proportion import proportion_confint

import saas

UNIT = saas.UNIT
DAY = timedelta(days=1)


def six(value):
    """As the report writes shares and ratios."""
    return None if value is None or (isinstance(value, float) and np.isnan(value)) else round(float(value), 6) + 0.0


def points(value):
    value = int(value)
    return value // UNIT if value % UNIT == 0 else value / UNIT


def instant(at):
    form = "milliseconds" if at.microsecond else "seconds"
    return at.replace(tzinfo=timezone.utc).isoformat(timespec=form).replace("+00:00", "Z")


def share(part, whole):
    return six(part / whole) if whole else None


def wilson(part, whole):
    if not whole:
        return None
    low, high = proportion_confint(part, whole, alpha=0.05, method="wilson")
    return [six(0.0 if part == 0 else max(low, 0.0)), six(1.0 if part == whole else min(high, 1.0))]


def auc(converted, score):
    return roc_auc_score(converted, score) if 0 < converted.sum() < len(converted) else None


def precision(converted, score):
    return average_precision_score(converted, score) if converted.sum() else None


def best(frame, score, most):
    """Conversions among the best `most` leads; those of one score count as an order by lot would have them."""
    values, place, sizes = np.unique(-frame[score].to_numpy(), return_inverse=True, return_counts=True)
    hits = np.bincount(place, weights=frame["converted"].to_numpy(), minlength=len(values))
    left, total = most, 0.0
    for size, hit in zip(sizes.tolist(), hits.tolist()):
        if left < size:
            return total + left * hit / size
        left -= size
        total += hit
    return total


class Whole:
    def __init__(self, frame):
        self.frame, self.leads, self.converted = frame, len(frame), int(frame["converted"].sum())

    def lift(self, converted, leads):
        if not leads or not self.converted:
            return None
        return six((converted / leads) / (self.converted / self.leads))

    def group(self, part, name, label):
        leads, converted = len(part), int(part["converted"].sum())
        return {
            "name": name,
            "label": label,
            "leads": leads,
            "converted": converted,
            "share_of_leads": share(leads, self.leads),
            "rate": share(converted, leads),
            "interval": wilson(converted, leads),
            "lift": self.lift(converted, leads),
            "share_of_conversions": share(converted, self.converted),
            "amount": int(part.loc[part["converted"], "amount"].sum()),
        }

    def threshold(self, value):
        part = self.frame[self.frame["score"] >= value]
        leads, converted = len(part), int(part["converted"].sum())
        return {
            "at_least": points(value),
            "leads": leads,
            "converted": converted,
            "precision": share(converted, leads),
            "recall": share(converted, self.converted),
            "false_positive_rate": share(leads - converted, self.leads - self.converted),
            "lift": self.lift(converted, leads),
            "amount": int(part.loc[part["converted"], "amount"].sum()),
        }


def read(folder):
    leads = pd.read_csv(f"{folder}/leads.csv", dtype=str, keep_default_na=False)
    events = pd.read_csv(f"{folder}/events.csv", dtype=str, keep_default_na=False)
    outcomes = pd.read_csv(f"{folder}/outcomes.csv", dtype=str, keep_default_na=False).set_index("lead_id")
    date = lambda text: datetime.strptime(text, "%Y-%m-%d") if text else None
    by_lead = {}
    for event in events.to_dict("records"):
        of = by_lead.setdefault(event["lead_id"], [])
        number = {key: int(event[key]) if event[key] else None for key in ["page_views", "pricing_page_views", "seconds"]}
        of.append(dict(number, at=date(event["at"]), type=event["type"], outcome=event["outcome"], place=len(of)))
    rows = [dict(lead, created_at=date(lead["created_at"])) for lead in leads.to_dict("records")]
    known = {key: (row["converted"] == "true", date(row["converted_at"]), row["acv_usd"]) for key, row in outcomes.iterrows()}
    return rows, by_lead, known, len(events)


def cases(policy, leads, events, outcomes, days):
    """A row for each lead that is judged; the record's number is its place in the file."""
    rows, settled = [], 0
    for record, lead in enumerate(leads):
        now = lead["created_at"] + timedelta(days=days)
        converted, at, amount = outcomes[lead["lead_id"]]
        if at is not None and at <= now:
            settled += 1
            continue
        own = events.get(lead["lead_id"], [])
        said = policy.decide(lead, own, now)
        row = {
            "record": record,
            "at": now,
            "converted": converted,
            "converted_at": at,
            "amount": int(amount) if amount else 0,
            "stage": said["stage"],
            "score": said["scores"]["lead_score"],
            "later": sum(event["at"] > now for event in own),
        }
        row.update({f"fit {name}": verdict for name, verdict in said["fits"].items()})
        row.update({f"band {name}": band for name, band in said["bands"].items()})
        for rule, value in said["points"].items():
            row[f"rule {rule}"] = value
            row[f"without {rule}"], row[f"stage without {rule}"] = said["without"][rule]
        rows.append(row)
    return pd.DataFrame(rows), settled


def ranking(whole):
    frame = whole.frame
    converted, score = frame["converted"].to_numpy(), frame["score"].to_numpy()
    values = np.sort(frame["score"].unique())[::-1]
    thresholds = [whole.threshold(value) for value in values]
    # scikit-learn's curves say the same as the counts.
    fpr, tpr, at = roc_curve(converted, score, drop_intermediate=False)
    assert [points(value) for value in at[1:]] == [row["at_least"] for row in thresholds]
    assert [six(value) for value in tpr[1:]] == [row["recall"] for row in thresholds]
    assert [six(value) for value in fpr[1:]] == [row["false_positive_rate"] for row in thresholds]
    exact, _, at = precision_recall_curve(converted, score)
    assert dict(zip(map(points, at), map(six, exact))) == {row["at_least"]: row["precision"] for row in thresholds}
    gains = []
    for tenths in range(1, 11):
        leads = whole.leads * tenths // 10
        hit = best(frame, "score", leads)
        part = hit / whole.converted
        gains.append(
            {
                "tenths": tenths,
                "leads": leads,
                "converted": six(hit),
                "share_of_conversions": six(part),
                "lift": six(part / (leads / whole.leads)),
            }
        )
    calibration = []
    for part in tenths_by_score(frame):
        leads, hits = len(part), int(part["converted"].sum())
        calibration.append(
            {
                "from": points(part["score"].min()),
                "to": points(part["score"].max()),
                "leads": leads,
                "mean": six(Fraction(int(part["score"].sum()), leads * UNIT)),
                "converted": hits,
                "rate": share(hits, leads),
                "interval": wilson(hits, leads),
            }
        )
    return {
        "auc": six(auc(converted, score)),
        "average_precision": six(precision(converted, score)),
        "thresholds": thresholds,
        "gains": gains,
        "calibration": calibration,
    }


def tenths_by_score(frame):
    """Whole scores, lowest first; a group ends when it and those below it hold their tenths."""
    groups, open_, below, all_ = [], [], 0, len(frame)
    closed = 0
    for _, tie in sorted(frame.groupby("score"), key=lambda item: item[0]):
        open_.append(tie)
        below += len(tie)
        if below * 10 >= all_ * (closed + 1):
            groups.append(pd.concat(open_))
            open_, closed = [], below * 10 // all_
    return groups + ([pd.concat(open_)] if open_ else [])


def inversions(groups):
    filled, out = [group for group in groups if group["leads"]], []
    for lower, higher in zip(filled, filled[1:]):
        if Fraction(higher["converted"], higher["leads"]) < Fraction(lower["converted"], lower["leads"]):
            clear = higher["interval"][1] < lower["interval"][0]
            out.append({"lower": lower["label"], "higher": higher["label"], "clear": bool(clear)})
    return out


def rules(policy, whole, labels):
    frame, out = whole.frame, []
    converted = frame["converted"].to_numpy()
    area = auc(converted, frame["score"])
    line = int((frame["stage"] >= 1).sum())
    for rule in policy.rules:
        own = frame[f"rule {rule}"]
        values = sorted(own.unique(), reverse=True)
        single = auc(converted, own)
        p = None
        if len(values) > 1:
            p = mannwhitneyu(own[frame["converted"]], own[~frame["converted"]], use_continuity=False, method="asymptotic").pvalue
        if len(values) == 1:
            verdict = "never" if values[0] == 0 else "same"
        elif p < 0.05 and single != 0.5:
            verdict = "helps" if single > 0.5 else "backwards"
        else:
            verdict = "no-difference"
        other = auc(converted, frame[f"without {rule}"])
        gone = frame[frame[f"stage without {rule}"] >= 1]
        name = ".".join(rule)
        out.append(
            {
                "name": name,
                "label": labels[name],
                "verdict": verdict,
                "with_points": whole.group(frame[own != 0], "with_points", "with points"),
                "without_points": whole.group(frame[own == 0], "without_points", "without points"),
                "by_points": [
                    whole.group(frame[own == value], str(points(value)), str(points(value))) for value in values
                ]
                if 2 <= len(values) <= 12
                else [],
                "auc": six(single),
                "p_value": six(p),
                "without": {
                    "auc": six(other),
                    "auc_change": six(other - area),
                    "passed": len(gone),
                    "passed_converted": int(gone["converted"].sum()),
                    "best_change": six(best(frame, f"without {rule}", line) - best(frame, "score", line)),
                },
            }
        )
    return out


def in_days(capacity, days):
    return int(Fraction(capacity * days) / (Fraction(36525, 100) / 12))


def capacity_of(frame, capacity, passes):
    days = (frame["at"].max() - frame["at"].min()).days + 1
    most = in_days(capacity, days)
    threshold = None
    for value in sorted(frame["score"].unique(), reverse=True):
        if (frame["score"] >= value).sum() > most:
            break
        threshold = value
    worked = frame[frame["score"] >= threshold] if threshold is not None else frame[:0]
    all_, hits = int(frame["converted"].sum()), int(worked["converted"].sum())
    passed = frame[frame["stage"] >= 1]
    return threshold, {
        "given": f"{capacity} leads a month",
        "days": days,
        "most": most,
        "threshold": None if threshold is None else points(threshold),
        "leads": len(worked),
        "converted": hits,
        "lost": all_ - hits,
        "lost_share": share(all_ - hits, all_),
        "passed": len(passed) if passes else None,
        "passed_converted": int(passed["converted"].sum()) if passes else None,
    }


def split(until, past, later, capacity):
    whole_past, whole_later = Whole(past), Whole(later)
    fpr, tpr, at = roc_curve(past["converted"], past["score"], drop_intermediate=False)
    yes, no = whole_past.converted, whole_past.leads - whole_past.converted
    gains = [round(t * yes) * no - round(f * no) * yes for t, f in zip(tpr, fpr)]
    ranked = past.sort_values("score", ascending=False)
    keeps = lambda part, of: next(
        value
        for value in sorted(past["score"].unique(), reverse=True)
        if int(ranked.loc[ranked["score"] >= value, "converted"].sum()) * of >= yes * part
    )
    aims = [
        ("tells the two apart best", int(at[int(np.argmax(gains))])),
        ("keeps four of five conversions", keeps(4, 5)),
        ("keeps half of the conversions", keeps(1, 2)),
    ]
    if capacity:
        threshold, said = capacity_of(past, capacity, False)
        aims.append((f"gives sales {said['given']}", threshold))
    chosen = []
    for aim, value in aims:
        then = whole_later.threshold(value)
        chosen.append(
            {
                "aim": aim,
                "at_least": points(value),
                "past": whole_past.threshold(value),
                "later": then,
                "later_interval": wilson(then["converted"], then["leads"]),
            }
        )
    groups = tenths_by_score(past)
    starts = [int(group["score"].min()) for group in groups]
    place = np.maximum(np.searchsorted(starts, later["score"].to_numpy(), side="right") - 1, 0)
    rates = [group["converted"].mean() for group in groups]
    calibration = []
    for number, (start, rate) in enumerate(zip(starts, rates)):
        part = later[place == number]
        hits = int(part["converted"].sum())
        calibration.append(
            {
                "from": points(start),
                "expected": six(rate),
                "leads": len(part),
                "converted": hits,
                "rate": share(hits, len(part)),
                "interval": wilson(hits, len(part)),
            }
        )
    expected = np.array([rates[number] for number in place])
    return {
        "until": instant(until),
        "past": whole_past.group(past, "past", "Past"),
        "later": whole_later.group(later, "later", "Later"),
        "past_auc": six(auc(past["converted"], past["score"])),
        "later_auc": six(auc(later["converted"], later["score"])),
        "chosen": chosen,
        "calibration": calibration,
        "brier": six(brier_score_loss(later["converted"], expected)),
        "brier_of_rate": six(brier_score_loss(later["converted"], np.full(len(later), past["converted"].mean()))),
    }


STREAM = 0x0A02BDBF7BB3C0A7AC28FA16A64ABF96
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645


def draws(seed, leads, times):
    """The leads of each resample: NumPy's own PCG64, set up as docs/backtest.md says."""
    generator = np.random.PCG64()
    increment = (2 * STREAM + 1) % 2**128
    state = ((seed + increment) * MULTIPLIER + increment) % 2**128
    generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": increment},
        "has_uint32": 0,
        "uinteger": 0,
    }
    for _ in range(times):
        numbers = generator.random_raw(leads)
        # number × leads / 2⁶⁴ without more than 64 bits.
        high, low = numbers >> np.uint64(32), numbers & np.uint64(0xFFFFFFFF)
        count = np.uint64(leads)
        yield ((high * count + ((low * count) >> np.uint64(32))) >> np.uint64(32)).astype(int)


def measures(frame):
    converted, score = frame["converted"].to_numpy(), frame["score"].to_numpy()
    passed = frame["stage"].to_numpy() >= 1
    hits, leads = int(converted.sum()), len(frame)
    top = lambda tenths: best(frame, "score", leads * tenths // 10) / hits if hits else None
    return {
        "auc": auc(converted, score),
        "average_precision": precision(converted, score),
        "best_tenth": top(1),
        "best_three_tenths": top(3),
        "passed": passed.sum() / leads,
        "precision": converted[passed].sum() / passed.sum() if passed.any() else None,
        "recall": converted[passed].sum() / hits if hits else None,
    }


def against(policy, mine, theirs, bootstrap):
    shared = mine["record"].isin(theirs["record"])
    a = mine[shared].reset_index(drop=True)
    b = theirs.set_index("record").loc[a["record"]].reset_index()
    now, then = measures(a), measures(b)
    differences = {name: [] for name in now}
    for drawn in draws(bootstrap["seed"], len(a), bootstrap["resamples"]):
        left, right = measures(a.iloc[drawn]), measures(b.iloc[drawn])
        for name in differences:
            if left[name] is not None and right[name] is not None:
                differences[name].append(left[name] - right[name])
    return {
        "policy": {"name": policy.name, "version": policy.version},
        "score": {"name": "lead_score", "label": "Lead score"},
        "line": {"name": "mql", "label": "Marketing qualified lead"},
        "leads": len(a),
        "only_one": len(mine) + len(theirs) - 2 * len(a),
        "bootstrap": dict(bootstrap, generator=f"PCG64, stream {STREAM:#x}; place = number * leads >> 64"),
        "measures": [
            {
                "measure": name,
                "policy": six(now[name]),
                "other": six(then[name]),
                "difference": six(now[name] - then[name]),
                "interval": [six(end) for end in np.quantile(differences[name], [0.025, 0.975])],
            }
            for name in now
        ],
    }


def expected(folder, policy, other, days, train, cost, capacity, told):
    leads, events, outcomes, event_records = read(folder)
    frame, settled = cases(policy, leads, events, outcomes, days)
    frame["converted"] = frame["converted"].astype(bool)
    until = max(at for _, at, _ in outcomes.values() if at is not None)
    assert (frame["at"] <= until).all()
    past = frame[frame["at"] <= train] if train else frame[:0]
    kept = frame[frame["at"] > train].reset_index(drop=True) if train else frame
    whole = Whole(kept)
    dated = kept[kept["converted"]]
    waits = sorted((dated["converted_at"] - dated["at"]).tolist())
    most = waits[-(-len(waits) * 9 // 10) - 1]
    young = int(((~kept["converted"]) & ((until - kept["at"]) < most)).sum())
    keys = [lead["lead_id"] for lead in leads]
    stages = []
    for number, stage in enumerate(policy.stages):
        label = policy.labels[stage]
        group = whole.group(kept[kept["stage"] == number], stage, label)
        stages.append(dict(group, or_higher=whole.group(kept[kept["stage"] >= number], stage, label)))
    verdicts = [("fits", "fits"), ("unknown", "not known"), ("fails", "fails")]
    fits = [
        {
            "name": fit,
            "label": policy.labels[fit],
            "groups": [whole.group(kept[kept[f"fit {fit}"] == name], name, label) for name, label in verdicts],
            "inverted": [],
        }
        for fit in policy.fits
    ]
    bands = []
    for name, (_, choices, _) in policy.bands.items():
        groups = [whole.group(kept[kept[f"band {name}"] == one], one, policy.labels[one]) for one in choices]
        bands.append({"name": name, "label": policy.labels[name], "groups": groups, "inverted": inversions(groups)})
    costs = None
    if cost:
        total = cost * len(kept)
        at = [(stage, int((kept["stage"] >= number).sum())) for number, stage in enumerate(policy.stages)]
        costs = {
            "per_lead": cost,
            "total": total,
            "per_stage": [
                {"name": stage, "label": policy.labels[stage], "leads": count, "cost": six(total / count) if count else None}
                for stage, count in at
            ],
            "per_customer": six(total / whole.converted),
        }
    versus = None
    if other:
        theirs, _ = cases(other, leads, events, outcomes, days)
        theirs["converted"] = theirs["converted"].astype(bool)
        theirs = theirs[theirs["at"] > train].reset_index(drop=True) if train else theirs
        drawn = {key: told["against"]["bootstrap"][key] for key in ["resamples", "seed"]}
        versus = against(other, kept, theirs, drawn)
    return {
        "schema_version": 1,
        "policy": {"name": policy.name, "version": policy.version},
        "judged": f"{days} days after `created_at`",
        "known_until": instant(until),
        "score": {"name": "lead_score", "label": "Lead score"},
        "line": {"name": "mql", "label": "Marketing qualified lead"},
        "currency": "USD",
        "data": {
            "records": len(leads),
            "rejected": 0,
            "judged": len(kept),
            "left_out": {
                "no_outcome": 0,
                "outcome_unknown": 0,
                "no_instant": 0,
                "not_reached": 0,
                "not_created": 0,
                "settled": settled,
                "after_end": 0,
                "too_young": 0,
                "past": len(past),
            },
            "repeated_leads": len(keys) - len(set(keys)),
            "problems": 0,
            "young": young,
            "days_to_convert": -(-most // DAY),
            "undated_conversions": 0,
            "later_events": int(kept["later"].sum()),
            "later_values": [],
            "outcomes": {"records": len(outcomes), "rejected": 0, "problems": 0, "repeated": 0, "without_lead": 0},
            "events": {"records": event_records, "rejected": 0, "unreadable": 0, "without_lead": 0},
        },
        "total": whole.group(kept, "all", "All leads"),
        "stages": stages,
        "fits": fits,
        "bands": bands,
        "rules": rules(policy, whole, policy.labels),
        "ranking": ranking(whole),
        "cost": costs,
        "capacity": capacity_of(kept, capacity, True)[1] if capacity else None,
        "split": split(train, past, kept, capacity) if train else None,
        "against": versus,
    }


def leaves(value, path=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
        if not value:
            yield path, {}
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{place}]")
        yield f"{path}.length", len(value)
    else:
        yield path, value


def main():
    options = json.loads(sys.argv[1])
    with open(options["backtest"], encoding="utf-8") as file:
        told = json.load(file)
    policies = {"policy": saas.Policy, "better": getattr(saas, "Better", None)}
    train = options.get("train_until")
    # The last millisecond of that day.
    train = datetime.strptime(train, "%Y-%m-%d") + DAY - timedelta(milliseconds=1) if train else None
    other = options.get("against")
    mine = expected(
        options["folder"],
        policies[options["policy"]](),
        policies[other]() if other else None,
        options["days"],
        train,
        options.get("cost"),
        options.get("capacity"),
        told,
    )
    theirs, ours = dict(leaves(told)), dict(leaves(json.loads(json.dumps(mine))))
    wrong = [f"{path}: only the report has it" for path in theirs if path not in ours]
    wrong += [f"{path}: missing in the report" for path in ours if path not in theirs]
    wrong += [
        f"{path}: the report says {theirs[path]!r}, the calculation {value!r}"
        for path, value in ours.items()
        if path in theirs and (theirs[path] != value or isinstance(theirs[path], bool) != isinstance(value, bool))
    ]
    print(f"{len(theirs)} figures and names compared")
    print("\n".join(wrong[:40]))
    sys.exit(1 if wrong else 0)


main()
