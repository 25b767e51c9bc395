//! Domains of addresses, step by step: expressions in each other would be deeper than the engine reads.

use super::letters;
use crate::sql::tree::{Sql, call, raw};

/// The steps to an address's host. `way`: 1 with `://`, 2 with `@`, 3 plain.
const HOST: &str = "address (found, way) AS (SELECT text_, CASE WHEN instr(text_, '://') > 0 THEN 1 WHEN instr(text_, '@') > 0 THEN 2 \
ELSE 3 END FROM (SELECT {} AS text_)), \
opened AS (SELECT CASE WHEN way = 1 THEN substr(found, instr(found, '://') + 3) WHEN way = 2 AND found LIKE '%>' THEN \
substr(found, 1, length(found) - 1) ELSE found END AS found, way FROM address), \
without_path AS (SELECT CASE way WHEN 2 THEN found ELSE substr(found, 1, \
instr(replace(replace(found, '?', '/'), '#', '/') || '/', '/') - 1) END AS found, way FROM opened), \
without_user AS (SELECT CASE way WHEN 3 THEN found ELSE \
substr(found, length(rtrim(found, replace(found, '@', ''))) + 1) END AS found, way FROM without_path), \
host AS (SELECT CASE way WHEN 2 THEN found ELSE substr(found, 1, instr(found || ':', ':') - 1) END AS found FROM without_user)";

/// The host of a trimmed address, in any case.
pub fn host(address: Sql) -> Sql {
    raw(&format!("(WITH {HOST} SELECT found FROM host)"), [address])
}

/// The domain of a trimmed address.
pub fn whole(address: Sql) -> Sql {
    let trimmed = call("trim", [raw("found", []), raw("' ' || char(9, 10, 13, 160)", [])]);
    raw(
        &format!(
            "(WITH {HOST}, lowered_host AS (SELECT {{}} AS found FROM host), \
             without_www AS (SELECT {BARE} AS found FROM lowered_host) SELECT {DOTTED} FROM without_www)"
        ),
        [address, letters::lowered(trimmed)],
    )
}

/// A host in lower case without its leading `www.`.
pub const BARE: &str = "CASE WHEN found LIKE 'www.%' THEN substr(found, 5) ELSE found END";

/// A host without its trailing dot; nothing when there is no other dot.
pub const DOTTED: &str = "CASE WHEN found LIKE '%.%.' THEN substr(found, 1, length(found) - 1) \
WHEN found LIKE '%.%' AND found NOT LIKE '%.' THEN found END";
