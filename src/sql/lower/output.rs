//! The columns of the result.

use super::Lower;
use super::steps::word_when;
use crate::check::hir::{AlwaysId, DefineId, ReasonId, Step};
use crate::model::DomainId;
use crate::sql::layout::{What, columns};
use crate::sql::tree::{Item, Sql, call, cast, col, int, text, when};

impl Lower<'_> {
    /// The columns of the result, in their order.
    pub(super) fn output(&mut self) -> Vec<Item> {
        let all = columns(self.program, self.options);
        all.into_iter()
            .map(|column| Item::new(self.output_value(column.what), column.name).remark(column.label))
            .collect()
    }

    fn output_value(&mut self, what: What) -> Sql {
        let program = self.program;
        match what {
            What::Key => col("lead_key"),
            What::Stage => {
                let name = self.stage_name();
                if program.reasons.is_empty() {
                    return name;
                }
                let disqualified = self.step_column(Step::Disqualified);
                when(disqualified, text("disqualified"), Some(name))
            }
            What::Ladder => self.stage_name(),
            What::Disqualified => match program.reasons.is_empty() {
                true => Sql::Bool(false),
                false => self.step_column(Step::Disqualified),
            },
            What::DisqualifiedBy => {
                let reasons = program.reasons.iter().enumerate().map(|(place, reason)| {
                    (self.step_column(Step::Reason(ReasonId(place as u16))), format!(", {}", reason.name))
                });
                let reasons = reasons.collect();
                self.joined(reasons)
            }
            What::Fit(fit) => self.step_column(Step::Fit(fit)),
            What::Check(check) => self.step_column(Step::Check(check)),
            What::Count(fit, state) => self.check_count(fit, state),
            What::Points(part) => {
                let points = self.step_column(Step::Part(part));
                self.d.points_out(points)
            }
            What::Band(bands) => {
                let rank = self.step_column(Step::Bands(bands));
                self.named(rank, program.bands[bands.index()].domain)
            }
            What::Cell(matrix) => self.step_column(Step::Matrix(matrix)),
            What::Personas => {
                let mut personas = Vec::new();
                for (place, define) in program.defines.iter().enumerate().filter(|(_, define)| define.persona) {
                    let step = Step::Define(DefineId(place as u16));
                    if self.steps.contains_key(&step) {
                        personas.push((self.step_column(step), format!(", {}", define.name)));
                    }
                }
                self.joined(personas)
            }
            What::Route if program.routes.is_empty() => self.no_text(),
            What::Route => self.step_column(Step::Route),
            What::Deadline if program.routes.is_empty() => self.d.no_instant(),
            What::Deadline => self.deadline(),
            What::Broken => {
                let promises = program.always.iter().enumerate().map(|(place, always)| {
                    let holds = self.step_column(Step::Always(AlwaysId(place as u16)));
                    (Sql::Not(Box::new(holds)), format!("; {}", always.label))
                });
                let promises = promises.collect();
                self.joined(promises)
            }
            What::Version => match &program.meta.version {
                Some(version) => text(version.as_str()),
                None => self.no_text(),
            },
            What::Digest => text(program.digest().to_string()),
            What::AsOf => {
                let as_of = self.as_of();
                self.d.instant(as_of)
            }
        }
    }

    fn no_text(&self) -> Sql {
        cast(Sql::Null, self.d.column_type(&crate::sql::ColumnType::Text))
    }

    /// The words whose conditions are true, each with two characters before it that part it from those before.
    fn joined(&self, words: Vec<(Sql, String)>) -> Sql {
        let mut words = words.into_iter().map(|(condition, word)| word_when(condition, word));
        let Some(first) = words.next() else { return self.no_text() };
        let all = words.fold(first, |all, word| all.bin("||", word));
        call("nullif", [call("substr", [all, int(3)]), text("")])
    }

    /// A choice's name from its rank.
    fn named(&self, rank: Sql, domain: DomainId) -> Sql {
        let choices = self.program.schema.domain(domain).choices.iter().enumerate();
        let arms: Vec<(Sql, Sql)> =
            choices.map(|(place, choice)| (int(place as i128), text(choice.name.as_str()))).collect();
        Sql::Case(Some(Box::new(rank)), arms, None)
    }

    fn stage_name(&mut self) -> Sql {
        match self.program.stage_domain {
            Some(domain) if !self.program.stages.is_empty() => {
                let stage = self.step_column(Step::Stage);
                self.named(stage, domain)
            }
            _ => self.no_text(),
        }
    }
}
