"""Writes thousand.qual, a policy of 1,000 rules, and thousand.py, a Python file of as many lines once it is formatted."""

import random

random.seed(1)
events = [f"event_{i}" for i in range(40)]
out = ['policy "A thousand rules"\n', 'lead {', '  id text key', '  country text', '  employees int', '  title text', '  income money USD', '}\n']
out += [f'event {e} {{ path text  seconds int }}' for e in events] + ['']
for s in range(20):
    out.append(f'score s{s} "Score {s}" from 0 to 100 {{')
    for r in range(50):
        e = random.choice(events); n = random.randint(1, 40); d = random.choice([7, 14, 30, 90]); k = r % 5
        name = f'r{s}_{r}'; label = f'"Rule {r} of score {s}"'
        if k == 0: out.append(f'  {name} {label}: +{n} per {e} where (path starts with any of ["/pricing", "/plans"] and seconds >= {n}) within {d} days, at most 2 times, halving every 60 days')
        elif k == 1: out.append(f'  {name} {label}: +{n} if country is "US" and employees between {n} and {n * 100} and title mentions any of ["ceo", "founder", "head of"]')
        elif k == 2: out.append(f'  {name} {label}: -{n} if any event and no event within {d} days  # why {n}')
        elif k == 3: out.append(f'  {name} {label}: by employees {{ 1 to 9: +1 10 to 49: +5 50 to 499: +{n} >= 500: +10 missing: -5 }}')
        else: out.append(f'  {name} {label}: +{n} if income >= {n}k USD and (total seconds of {e} within {d} days) > 60')
    out.append('}\n')
open("thousand.qual", "w").write("\n".join(out) + "\n")

# Formatted, each function has 13 lines and 2 empty ones; the policy has 3,110 lines.
lines = []
for i in range(207):
    lines.append(
        f"def rule_{i}(lead, events):\n    points = 0\n"
        f"    if lead.get('country') == \"US\" and lead['employees'] >= {i} and any(w in lead['title'] for w in ['ceo', 'founder']): points += {i % 40}\n"
        f"    for event in [e for e in events if e['path'].startswith('/pricing') and e['seconds']>= {i % 9}]:\n"
        f"        points += 1 # why {i}\n    return min(points, 30)\n\n"
    )
open("thousand.py", "w").write("\n".join(lines))
