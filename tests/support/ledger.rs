//! The ledger adds up.

use qualify::check::hir::{PartId, PartKind, Program};
use qualify::eval::{Fate, Ledger, Outcome};

/// Every part's net is its points, every net is its raw points less what was lost, every group is the sum of its parts.
pub fn adds_up(program: &Program, outcome: &Outcome<'_>, ledger: &Ledger) {
    for (place, part) in program.parts.iter().enumerate() {
        let id = PartId(place as u16);
        let entry = ledger.part(id);
        let name = &part.name;
        assert_eq!(entry.net, outcome.points(id), "{name}: the ledger's net is the part's points");
        let lost = entry.outside + entry.duplicates + entry.over_cap + entry.lost_to_decay + entry.lost_to_limit;
        assert_eq!(entry.raw - lost, entry.net, "{name}: raw less what was lost is net: {entry:?}");
        match &part.kind {
            PartKind::Group { parts, .. } => {
                let sum: i64 = parts.iter().map(|part| ledger.part(*part).net).sum();
                assert_eq!(sum, entry.raw, "{name}: the parts' nets add up to the group");
            }
            PartKind::Per(per) => {
                let earned: i64 = ledger.events(id).map(|event| event.points).sum();
                assert_eq!(earned - entry.lost_to_limit, entry.net, "{name}: the events' points add up to the rule");
                let all = ledger.events(id).count() as i64;
                assert_eq!(all * per.points, entry.raw, "{name}: raw is every event in full");
                let counted = ledger.events(id).filter(|event| event.fate == Fate::Counts).count() as u32;
                assert!(per.times.is_none_or(|times| counted <= times), "{name}: more events than `times`");
            }
            _ => {}
        }
    }
}
