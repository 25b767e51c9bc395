"""The policies of examples/b2b-saas, by hand: what each says of a lead at an instant.

Written from the text of the policies alone. Points are whole ten-thousandths.
"""

from datetime import timedelta
from fractions import Fraction

UNIT = 10_000
REVENUE = ["$1M-$10M", "$10M-$50M", "$50M-$200M", "$200M+"]
PEOPLE = ["200-499", "500-999", "1000-1999", "2000+"]
MATURITY = ["low", "medium", "high"]
TOUCH = {"call", "email", "webinar", "content_download", "linkedin_message"}
VISIT = {"website", "pricing_page", "demo_page"}
STEP = {"sales_email", "sales_call", "sales_meeting", "sales_demo"}
ANSWERS = {"connected", "meeting_set", "demo_completed"}


def half_away(value, places=4):
    """A fraction, rounded half away from zero to so many places, as a whole number of the last."""
    scaled = abs(Fraction(value)) * 10**places
    whole = int(scaled + Fraction(1, 2))
    return whole if value >= 0 else -whole


def halving(points, age, every):
    """points × 2^(−age/every), rounded to nine places, then to four."""
    nine = half_away(Fraction(points * 2.0 ** (-age / every)), 9)
    return half_away(Fraction(nine, 10**9))


def rank(values, value):
    return values.index(value) if value in values else None


def all_of_three(checks, needs):
    passed = sum(check is True for check in checks)
    unknown = sum(check is None for check in checks)
    if passed >= needs:
        return "fits"
    return "unknown" if passed + unknown >= needs else "fails"


class Seen:
    """The events of a lead up to an instant, latest first, each with its age in days."""

    def __init__(self, events, now):
        self.events = [dict(event, age=(now - event["at"]).days) for event in events if event["at"] <= now]
        self.events.sort(key=lambda event: (event["at"], event["place"]), reverse=True)

    def of(self, types, days=None):
        return [
            event
            for event in self.events
            if (types is None or event["type"] in types) and (days is None or event["age"] <= days)
        ]


def facts(lead, events, now):
    """What the rules of both policies ask."""
    seen = Seen(events, now)
    visits = seen.of(VISIT, 30)
    steps14, steps30 = seen.of(STEP, 14), seen.of(STEP, 30)
    return {
        "seen": seen,
        "visits": visits,
        "steps14": steps14,
        "steps30": steps30,
        "answered": any(step["outcome"] in ANSWERS for step in steps30),
        "met": sum(step["outcome"] in {"meeting_set", "demo_completed"} for step in steps30),
        "age": now - lead["created_at"],
    }


def first_of_each(events, key, most=None):
    kept, known = [], set()
    for event in events:
        if key(event) not in known:
            known.add(key(event))
            kept.append(event)
    return kept if most is None else kept[:most]


def profile_rules(lead):
    revenue, title = rank(REVENUE, lead["estimated_revenue_band"]), lead["job_title"]
    folded = title.strip().lower() if title else None
    points = {"turnover": 0, "title": 0, "source": 0, "processes": 0, "large": 0}
    if revenue is not None:
        points["turnover"] = 12 if revenue >= 1 else 2
    if folded:
        if folded.startswith("vp ") or folded in {"cfo", "cto"}:
            points["title"] = 10
        elif folded.startswith("head of"):
            points["title"] = 8
        elif folded.endswith(("manager", "lead")):
            points["title"] = 6
        else:
            points["title"] = 4
    points["source"] = {"inbound_marketing": 6, "partner_referral": 4}.get(lead["lead_source"], 0)
    maturity = lead["process_maturity_band"]
    points["processes"] = 4 if maturity in MATURITY and maturity != "low" else 0
    points["large"] = 2 if lead["employee_band"] in {"1000-1999", "2000+"} else 0
    return {name: value * UNIT for name, value in points.items()}


def activity_rules(lead, asked):
    seen, visits, steps14, steps30 = asked["seen"], asked["visits"], asked["steps14"], asked["steps30"]
    points = {}
    prices = sum(visit["pricing_page_views"] for visit in visits if visit["pricing_page_views"] is not None)
    points["prices"] = 15 * UNIT if 1 <= prices <= 2 else 20 * UNIT if prices >= 3 else 0
    points["visits"] = 2 * UNIT * len(first_of_each(visits, lambda visit: visit["at"].date(), 4))
    views = [visit["page_views"] for visit in visits if visit["page_views"] is not None]
    points["reads"] = 3 * UNIT if views and min(views) >= 3 else 0
    seconds = [visit["seconds"] for visit in visits if visit["seconds"] is not None]
    points["long"] = 3 * UNIT if seconds and max(seconds) >= 480 else 0
    points["touches"] = sum(halving(1.5, touch["age"], 14) for touch in seen.of(TOUCH, 30))
    weekly = first_of_each(seen.of({"webinar"}, 30), lambda one: one["at"].date() - timedelta(one["at"].weekday()))
    points["webinar"] = sum(max(0, 4 - webinar["age"] // 7) * UNIT for webinar in weekly)
    demos = seen.of({"sales_demo"}, 60)[:3]
    points["demos"] = sum(half_away(Fraction(10 * (60 - demo["age"]), 60)) for demo in demos)
    points["steps"] = sum(half_away(2 * Fraction(9, 10) ** (step["age"] // 2)) for step in steps14)
    points["steady"] = 5 * UNIT if len({step["at"].date() for step in steps14}) >= 4 else 0
    points["done"] = 6 * UNIT if any(step["outcome"] == "demo_completed" for step in steps14) else 0
    unheard = sum(step["outcome"] == "no_answer" for step in steps14) >= 2 and not asked["answered"]
    points["unheard"] = -6 * UNIT if unheard else 0
    silences = [(30, -40), (14, -25), (7, -10)]
    points["silence"] = next((lost * UNIT for days, lost in silences if not seen.of(None, days)), 0)
    stuck = asked["age"] >= timedelta(weeks=3) and len(steps30) <= 1
    points["stuck"] = -10 * UNIT if stuck else 0
    return points


def hold(value, low, high):
    return min(max(value, low * UNIT), high * UNIT)


def company(lead):
    revenue = rank(REVENUE, lead["estimated_revenue_band"])
    people = rank(PEOPLE, lead["employee_band"])
    maturity = rank(MATURITY, lead["process_maturity_band"])
    checks = [
        None if revenue is None else revenue >= 1,
        None if people is None else 1 <= people <= 2,
        None if maturity is None else maturity >= 1,
    ]
    return all_of_three(checks, 2)


LABELS = {
    "lead": "Lead",
    "mql": "Marketing qualified lead",
    "sal": "Sales accepted lead",
    "sql": "Sales qualified lead",
    "company": "Company that we sell to",
    "grade": "Grade",
    "a": "A",
    "b": "B",
    "c": "C",
    "d": "D",
    "level": "Level",
    "quiet": "Quiet",
    "some": "Some",
    "busy": "Busy",
    "hot": "Hot",
    "profile.turnover": "Turnover",
    "profile.title": "Job title",
    "profile.source": "Where the lead came from",
    "profile.processes": "Processes",
    "profile.large": "Large",
    "activity.prices": "Looks at prices",
    "activity.visits": "Comes to look",
    "activity.reads": "Reads on",
    "activity.long": "Takes its time",
    "activity.touches": "Hears from us",
    "activity.webinar": "Webinars",
    "activity.demos": "Sees demos",
    "activity.steps": "Works with sales",
    "activity.steady": "Keeps at it",
    "activity.done": "Demo completed",
    "activity.unheard": "Does not answer",
    "activity.silence": "Silence",
    "activity.stuck": "Sales has hardly begun",
}


class Policy:
    """policy.qual"""

    name, version = "B2B SaaS: two thousand leads", "1.1"
    labels = LABELS
    rules = [("profile", name) for name in ["turnover", "title", "source", "processes", "large"]] + [
        ("activity", name)
        for name in "prices visits reads long touches webinar demos steps steady done unheard silence stuck".split()
    ]
    bands = {
        "grade": ("profile", ["d", "c", "b", "a"], [14, 22, 28]),
        "level": ("activity", ["quiet", "some", "busy", "hot"], [15, 30, 45]),
    }
    fits = {"company": company}
    stages = ["lead", "mql", "sal", "sql"]

    def points(self, lead, asked):
        points = {("profile", name): value for name, value in profile_rules(lead).items()}
        points.update({("activity", name): value for name, value in activity_rules(lead, asked).items()})
        return points

    def scores(self, points):
        profile = hold(sum(value for (score, _), value in points.items() if score == "profile"), 0, 40)
        of = lambda *names: sum(points[("activity", name)] for name in names)
        site = min(of("prices", "visits", "reads", "long"), 30 * UNIT)
        marketing = min(of("touches", "webinar"), 20 * UNIT)
        sales = min(of("demos", "steps", "steady", "done", "unheard"), 45 * UNIT)
        activity = hold(site + marketing + sales + of("silence", "stuck"), 0, 100)
        half = half_away(Fraction(profile, 2 * UNIT))
        return {"profile": profile, "activity": activity, "lead_score": hold(activity + half, 0, 120)}

    mql_line, sql_line = 30, 45

    def stage(self, lead, scores, asked):
        score = scores["lead_score"]
        if not (company(lead) == "fits" and score >= self.mql_line * UNIT):
            return 0
        if not asked["answered"]:
            return 1
        return 3 if score >= self.sql_line * UNIT and asked["met"] >= 2 else 2

    def decide(self, lead, events, now):
        asked = facts(lead, events, now)
        points = self.points(lead, asked)
        scores = self.scores(points)
        stage = self.stage(lead, scores, asked)
        without = {}
        for rule, value in points.items():
            if value == 0:
                without[rule] = (scores["lead_score"], stage)
            else:
                other = self.scores(dict(points, **{}) | {rule: 0})
                without[rule] = (other["lead_score"], self.stage(lead, other, asked))
        bands = {}
        for name, (score, choices, lines) in self.bands.items():
            bands[name] = choices[sum(scores[score] >= line * UNIT for line in lines)]
        return {
            "points": points,
            "scores": scores,
            "stage": stage,
            "bands": bands,
            "fits": {name: fit(lead) for name, fit in self.fits.items()},
            "without": without,
        }


class Better(Policy):
    """better.qual"""

    name, version = "B2B SaaS: what the backtest taught", "2.0"
    labels = LABELS | {"activity.pace": "Something happens"}
    rules = [("profile", name) for name in ["turnover", "processes", "large"]] + [
        ("activity", name) for name in "prices long touches webinar demos done unheard pace silence stuck".split()
    ]
    bands = {"level": Policy.bands["level"]}
    mql_line = 25

    def points(self, lead, asked):
        points = super().points(lead, asked)
        points[("activity", "pace")] = min(4 * len(asked["seen"].of(None, 7)), 40) * UNIT
        return {rule: points[rule] for rule in self.rules}

    def scores(self, points):
        profile = hold(sum(value for (score, _), value in points.items() if score == "profile"), 0, 18)
        of = lambda *names: sum(points[("activity", name)] for name in names)
        marketing = min(of("touches", "webinar"), 20 * UNIT)
        rest = of("prices", "long", "demos", "done", "unheard", "pace", "silence", "stuck")
        activity = hold(marketing + rest, 0, 100)
        half = half_away(Fraction(profile, 2 * UNIT))
        return {"profile": profile, "activity": activity, "lead_score": hold(activity + half, 0, 120)}
