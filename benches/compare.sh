#!/usr/bin/env bash
# Times two commands side by side, in turn (A B A B …), as whole processes: user + system seconds of each, the ratio of
# each pair, and the medians. Usage: benches/compare.sh PAIRS 'COMMAND A' 'COMMAND B'
set -euo pipefail
pairs=${1:?pairs} a=${2:?command A} b=${3:?command B}
cpu() {
    local TIMEFORMAT='%U %S %R'
    { time bash -c "$1" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%.3f %.3f\n", $1 + $2, $3 }'
}
cpu "$a" >/dev/null
cpu "$b" >/dev/null
for _ in $(seq "$pairs"); do
    read -r cpu_a wall_a <<<"$(cpu "$a")"
    read -r cpu_b wall_b <<<"$(cpu "$b")"
    echo "$cpu_a $wall_a $cpu_b $wall_b"
done | awk '
    { printf "A %.2f s cpu (%.2f s)   B %.2f s cpu (%.2f s)   A/B %.2f\n", $1, $2, $3, $4, $1 / $3
      a[NR] = $1; b[NR] = $3; r[NR] = $1 / $3 }
    function median(v, n,   i, j, t) {
        for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (v[j] < v[i]) { t = v[i]; v[i] = v[j]; v[j] = t }
        return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
    }
    END { printf "median: A %.2f s, B %.2f s, A/B %.2f\n", median(a, NR), median(b, NR), median(r, NR) }'
