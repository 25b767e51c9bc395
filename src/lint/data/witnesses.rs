//! Common job titles, company names and addresses that a pattern may match without being meant.

/// A word that people look for, and texts in which it stands without being meant.
#[derive(Debug)]
pub struct Word {
    /// The word.
    pub word: &'static str,
    /// The texts.
    pub others: &'static [&'static str],
}

const fn word(word: &'static str, others: &'static [&'static str]) -> Word {
    Word { word, others }
}

/// Words that are looked for in job titles and stand inside other words.
pub static IN_TITLES: &[Word] = &[
    word("cto", &["Director of Operations", "Factory Worker", "Doctor"]),
    word("coo", &["Sales Coordinator", "Cook"]),
    word("cro", &["Microbiologist", "Acrobat"]),
    word("hr", &["Anthropologist", "Chrome Plater"]),
    word("it", &["Recruiter", "Architect", "Editor"]),
    word("ai", &["Retail Assistant", "Maintenance Technician", "Chairman"]),
    word("ml", &["HTML Developer"]),
    word("pr", &["Production Worker", "Presenter"]),
    word("qa", &["Country Manager Qatar"]),
    word("ux", &["Linux Administrator", "Auxiliary Nurse"]),
    word("ui", &["Recruiter", "Building Cleaner"]),
    word("bi", &["Mobile Developer", "Biologist"]),
    word("pm", &["Business Development Manager", "Shipment Clerk"]),
    word("ea", &["Teacher", "Head of Research"]),
    word("pa", &["Paralegal", "Company Secretary"]),
    word("intern", &["International Sales Director", "Internal Auditor"]),
    word("head", &["Headhunter"]),
    word("art", &["Department Manager", "Partner"]),
    word("law", &["Lawn Care Technician"]),
    word("media", &["Intermediate Developer", "Mediator"]),
    word("tax", &["Taxi Driver"]),
    word("rep", &["Repair Technician", "Report Writer"]),
    word("product", &["Production Worker", "Production Planner"]),
    word("nurse", &["Nursery Gardener"]),
    word("port", &["Support Engineer", "Reporter"]),
];

/// Words that are looked for in names of companies and stand inside other words.
pub static IN_COMPANIES: &[Word] = &[
    word("bank", &["Burbank Hardware"]),
    word("inc", &["Lincoln Bakery", "Princess Cruises"]),
    word("uni", &["United Couriers", "Unique Homes"]),
    word("spa", &["Space Systems", "Spanish Imports"]),
    word("bar", &["Barclay Builders", "Barber & Sons"]),
    word("media", &["Mediation Partners"]),
    word("lab", &["Labour Exchange", "Slab & Stone"]),
    word("art", &["Smart Homes", "Martin Motors"]),
    word("pub", &["Republic Travel", "Publishing House"]),
    word("inn", &["Innovation Works", "Linnet Foods"]),
    word("law", &["Lawn & Garden", "Lawrence Fine Foods"]),
    word("it", &["Hospitality Group", "Fitness First"]),
    word("ai", &["Main Street Retail", "Hair Studio"]),
    word("rent", &["Trent Motors", "Florentine Foods"]),
    word("car", &["Carpet World", "Scarf & Hat"]),
    word("oil", &["Soil Services", "Tailored Foils"]),
    word("gas", &["Vegas Events"]),
    word("air", &["Hair Studio", "Stair Builders"]),
];

/// Words that are looked for in email addresses and domains and stand inside other words.
pub static IN_ADDRESSES: &[Word] = &[
    word("test", &["contest@radio.example", "info@greatest.example"]),
    word("edu", &["eduardo@firm.example"]),
    word("gov", &["govinda@firm.example"]),
    word("org", &["jorge@firm.example"]),
    word("mil", &["emily@firm.example"]),
    word("demo", &["demosthenes@firm.example"]),
    word("qa", &["qadir@firm.example"]),
    word("spam", &["office@spamalot.example"]),
];

/// Words that stand for a rank and for something else as well, whole words though they are.
pub static TWO_MEANINGS: &[Word] = &[
    word("lead", &["Lead Generation Intern", "Lead Generation Specialist"]),
    word("owner", &["Product Owner"]),
    word("partner", &["HR Business Partner", "Partner Marketing Assistant"]),
    word("executive", &["Executive Assistant", "Account Executive"]),
    word("officer", &["Police Officer", "Loan Officer"]),
    word("head", &["Head Waiter"]),
];

/// Texts that have little in common.
pub static COMMON: &[&str] = &[
    "Account Executive",
    "Accountant",
    "Architect",
    "Barista",
    "Business Analyst",
    "Buyer",
    "Chief Executive Officer",
    "Consultant",
    "Controller",
    "Customer Success Manager",
    "Data Scientist",
    "Designer",
    "Director of Sales",
    "Electrician",
    "Engineer",
    "Founder",
    "Graphic Designer",
    "Head of Marketing",
    "HR Manager",
    "Lawyer",
    "Marketing Manager",
    "Nurse",
    "Office Manager",
    "Operations Manager",
    "Owner",
    "Plumber",
    "Product Manager",
    "Project Manager",
    "Recruiter",
    "Research Fellow",
    "Sales Representative",
    "Secretary",
    "Software Developer",
    "Student",
    "Teacher",
    "Team Lead",
    "Technician",
    "Vice President",
    "Warehouse Clerk",
    "Writer",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtins::Matcher;
    use crate::syntax::ast::TextOp;
    use bumpalo::Bump;

    #[test]
    fn every_witness_is_one() {
        let matches = |op, word: &str, text| Matcher::compile(op, &[word]).expect("a word").matches(text, &Bump::new());
        for Word { word, others } in IN_TITLES.iter().chain(IN_COMPANIES).chain(IN_ADDRESSES) {
            for other in *others {
                assert!(matches(TextOp::Contains, word, other), "{word}: {other}");
                assert!(!matches(TextOp::Mentions, word, other), "{word}: {other}");
            }
        }
        for Word { word, others } in TWO_MEANINGS {
            assert!(others.iter().all(|other| matches(TextOp::Mentions, word, other)), "{word}");
        }
    }
}
