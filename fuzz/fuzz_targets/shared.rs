//! A policy that reads something of every type.

use qualify::Policy;

pub fn policy() -> Policy {
    Policy::compile(
        r#"
        timezone "America/New_York"
        lead missing ["Select", -1] {
          id text key
          name text
          size int from "company.size"
          ratio number
          income money USD
          ok bool
          born date
          met time
          industry one of ["Software", "Retail"]
          rank ranked ["low", "high"]
          tags list of text
          sizes list of int
          company { name text  country text from "country_code" }
        }
        event seen { path text  seconds int  at_day date }
        event bought from "Bought!" { amount money USD }
        define a: name is known or ratio is known or size is known
        fit f {
          a: name like "a*"  b: size > 1  c: ratio < 2  d: income > 3 USD  e: ok  g: born < 2020-01-01
          h: met within 3 days  i: industry is "Retail"  j: rank >= "high"  k: tags has "x"  l: sizes has 3
          m: company.name is known  n: company.country is "US"
        }
        score s {
          seen: +1 per seen where (path starts with "/" and seconds > 1 and at_day is known) within 1 year
          spent: +1 if total amount of bought > 5 USD
          any_at_all: +1 per event
        }
        "#,
    )
    .expect("a policy")
}
