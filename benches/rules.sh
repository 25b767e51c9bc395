#!/usr/bin/env bash
# rules.sh N: a policy of N rules in scores of fifty, a fit, stages and a test, for measuring lint and fmt.
set -euo pipefail
awk -v n="${1:-1000}" 'BEGIN {
  fields = 40; events = 20; per = 50
  print "policy \"A policy of " n " rules\"\n\nversion \"1\"\nowner   \"revops@example.com\"\nagreed  by \"sales\" on 2026-10-01\n"
  print "lead {\n  id text key"
  for (f = 1; f <= fields; f++) {
    if (f % 4 == 0) print "  title_of_" f " text"
    else if (f % 4 == 1) print "  seats_of_" f " int ask \"How many of " f "?\""
    else if (f % 4 == 2) print "  budget_of_" f " money USD"
    else print "  signed_on_" f " time"
  }
  print "}\n"
  for (e = 1; e <= events; e++) print "event visit_of_" e " { path text  seconds int }"
  print "\nfit icp \"Ideal customer\" needs 5 {"
  for (f = 1; f <= fields; f += 4) print "  seats_" f " \"Seats of " f "\": seats_of_" f " >= " f
  print "}\n"
  for (r = 1; r <= n; r++) {
    if (r % per == 1) print "score part_" int(r / per) " \"Part " int(r / per) "\" from 0 to 500 {"
    f = r % fields; f -= f % 4
    name = "  rule_about_" r " \"Rule about " r "\": "
    if (r % 4 == 0) print name "+" r % 17 + 1 " if title_of_" f + 4 " mentions \"word" r "\""
    else if (r % 4 == 1) print name "by seats_of_" f + 1 " { " r % 9 + 1 " to " r % 9 + 20 ": +" r % 7 + 1 "  >= " r % 9 + 40 ": +" r % 11 + 5 " }"
    else if (r % 4 == 2) print name "+" r % 9 + 1 " per visit_of_" r % events + 1 " where (path starts with \"/p" r "\") within " r % 60 + 10 " days, at most " r % 5 + 2 " times"
    else print name "-" r % 5 + 1 " if signed_on_" f + 3 " within " r % 90 + 10 " days and budget_of_" f + 2 " < " r "k USD"
    if (r % per == 0 || r == n) print "}\n"
  }
  print "score all_points \"All points\" {"
  for (s = 0; s * per < n; s++) print "  include part_" s
  print "}\n\nstages {\n  early \"Early\"\n  later \"Later\": icp fits and all_points >= 100\n}\n"
  print "test \"nothing is known\" as of 2026-11-01 {\n  lead { id: \"a\" }\n  expect stage is early and not (stage is later)\n}"
}'
