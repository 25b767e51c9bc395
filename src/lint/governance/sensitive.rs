//! Attributes of people that the law protects, by the words that name them.

/// A kind of attribute.
#[derive(Debug)]
pub(super) struct Kind {
    /// What it is, as a sentence says it.
    pub(super) name: &'static str,
    /// Names of fields that hold it: words in a row.
    words: &'static [&'static [&'static str]],
    /// What the law says.
    pub(super) risk: &'static str,
}

/// Words with which `age` is not a person's.
const THINGS: [&str; 14] = [
    "account",
    "business",
    "company",
    "contract",
    "deal",
    "domain",
    "firm",
    "lead",
    "opportunity",
    "org",
    "organisation",
    "page",
    "site",
    "vehicle",
];

/// All kinds: what is protected itself, then what stands in for it.
const KINDS: &[Kind] = &[
    Kind {
        name: "age",
        words: &[
            &["age"],
            &["birth", "date"],
            &["date", "of", "birth"],
            &["birthdate"],
            &["birthday"],
            &["birth", "year"],
            &["year", "of", "birth"],
            &["dob"],
            &["born"],
            &["years", "old"],
        ],
        risk: "laws forbid to treat people worse for their age: in services the UK's Equality Act 2010, in credit the US \
               Equal Credit Opportunity Act",
    },
    Kind {
        name: "sex",
        words: &[&["sex"], &["gender"], &["salutation"], &["pronoun"], &["pronouns"], &["pregnant"], &["pregnancy"]],
        risk: "laws forbid to treat people worse for their sex: in goods and services EU Directive 2004/113/EC, in credit \
               the US Equal Credit Opportunity Act, in housing the US Fair Housing Act",
    },
    Kind {
        name: "religion",
        words: &[&["religion"], &["religious"], &["faith"], &["church"], &["denomination"], &["creed"]],
        risk: "Article 9 GDPR forbids to use it without explicit consent; the US Equal Credit Opportunity and Fair Housing \
               Acts forbid to treat people worse for it",
    },
    Kind {
        name: "ethnic origin",
        words: &[
            &["ethnicity"],
            &["ethnic"],
            &["race"],
            &["racial"],
            &["caste"],
            &["skin", "color"],
            &["skin", "colour"],
        ],
        risk: "Article 9 GDPR forbids to use it without explicit consent; EU Directive 2000/43/EC and the US Equal Credit \
               Opportunity and Fair Housing Acts forbid to treat people worse for it",
    },
    Kind {
        name: "health",
        words: &[
            &["health"],
            &["disability"],
            &["disabled"],
            &["disabilities"],
            &["diagnosis"],
            &["diagnoses"],
            &["medical"],
            &["illness"],
            &["disease"],
            &["genetic"],
            &["bmi"],
        ],
        risk: "Article 9 GDPR forbids to use it without explicit consent; the UK's Equality Act 2010 and the US Fair \
               Housing Act forbid to treat people worse for a disability",
    },
    Kind {
        name: "sexual orientation",
        words: &[&["sexual", "orientation"], &["sexuality"], &["lgbt"], &["lgbtq"]],
        risk: "Article 9 GDPR forbids to use it without explicit consent, and many laws forbid to treat people worse for it",
    },
    Kind {
        name: "political opinion",
        words: &[&["political"], &["politics"], &["party", "membership"], &["voter"]],
        risk: "Article 9 GDPR forbids to use it without explicit consent",
    },
    Kind {
        name: "union membership",
        words: &[&["union", "member"], &["union", "membership"], &["trade", "union"], &["labor", "union"]],
        risk: "Article 9 GDPR forbids to use it without explicit consent",
    },
    Kind {
        name: "a credit score",
        words: &[
            &["credit", "score"],
            &["credit", "rating"],
            &["credit", "history"],
            &["creditworthiness"],
            &["credit", "worthiness"],
            &["in", "default"],
            &["fico"],
            &["schufa"],
            &["bankruptcy"],
            &["bankrupt"],
        ],
        risk: "the US Fair Credit Reporting Act asks for a permitted purpose and a notice to whom it turns down; in the EU \
               Article 22 GDPR limits decisions that rest on such a score alone",
    },
    Kind {
        name: "a criminal record",
        words: &[
            &["criminal"],
            &["conviction"],
            &["convictions"],
            &["felony"],
            &["arrest"],
            &["arrests"],
            &["background", "check"],
        ],
        risk: "Article 10 GDPR leaves it to public authorities; the US Fair Credit Reporting Act rules background checks, \
               and turning people down for any record may break the Fair Housing Act",
    },
    Kind {
        name: "nationality",
        words: &[
            &["nationality"],
            &["citizenship"],
            &["citizen"],
            &["birthplace"],
            &["place", "of", "birth"],
            &["birth", "place"],
            &["country", "of", "birth"],
            &["birth", "country"],
            &["immigration"],
            &["visa", "status"],
        ],
        risk: "it stands in for ethnic origin: the US Equal Credit Opportunity and Fair Housing Acts protect national origin",
    },
    Kind {
        name: "marital status",
        words: &[
            &["marital"],
            &["married"],
            &["marriage"],
            &["spouse"],
            &["husband"],
            &["wife"],
            &["divorced"],
            &["maiden"],
        ],
        risk: "the US Equal Credit Opportunity Act protects it, and it stands in for sex",
    },
    Kind {
        name: "family status",
        words: &[
            &["children"],
            &["kids"],
            &["child"],
            &["family", "status"],
            &["family", "size"],
            &["household", "size"],
            &["parental"],
            &["dependents"],
            &["dependants"],
        ],
        risk: "the US Fair Housing Act protects it, and it stands in for sex and age",
    },
    Kind {
        name: "a postcode",
        words: &[
            &["postcode"],
            &["postal", "code"],
            &["post", "code"],
            &["zip"],
            &["zipcode"],
            &["plz"],
            &["neighborhood"],
            &["neighbourhood"],
            &["census", "tract"],
        ],
        risk: "it stands in for ethnic origin and wealth: turning people down by where they live is redlining, which US \
               law forbids in credit and housing",
    },
    Kind {
        name: "a person's name",
        words: &[
            &["first", "name"],
            &["firstname"],
            &["given", "name"],
            &["last", "name"],
            &["lastname"],
            &["surname"],
            &["family", "name"],
        ],
        risk: "it stands in for sex and ethnic origin",
    },
    Kind {
        name: "a mother tongue",
        words: &[&["mother", "tongue"], &["native", "language"], &["accent"]],
        risk: "it stands in for ethnic origin and nationality",
    },
];

/// The kind of attribute that a field of this name holds. Words are split at signs and at capitals.
pub(super) fn kind(name: &str) -> Option<&'static Kind> {
    let words = words(name);
    let named = |row: &&[&str]| words.windows(row.len()).any(|window| window.iter().zip(*row).all(|(a, b)| a == b));
    let kind = KINDS.iter().find(|kind| kind.words.iter().any(&named))?;
    let of_a_thing = kind.name == "age" && words.iter().any(|word| THINGS.contains(&word.as_str()));
    (!of_a_thing).then_some(kind)
}

/// `companySize.FICO_score` is company, size, fico, score.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    for c in name.chars() {
        let breaks = !c.is_alphanumeric() || (c.is_uppercase() && lower_before);
        if breaks && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_by_their_words() {
        for (field, expected) in [
            ("age", Some("age")),
            ("dateOfBirth", Some("age")),
            ("person.birth_date", Some("age")),
            ("account_age", None),
            ("page", None),
            ("stage", None),
            ("Marital Status", Some("marital status")),
            ("zip", Some("a postcode")),
            ("fico_score", Some("a credit score")),
            ("store_credit", None),
            ("company.health", Some("health")),
            ("racetrack", None),
        ] {
            assert_eq!(kind(field).map(|kind| kind.name), expected, "{field}");
        }
    }
}
