//! The new policy with one change put back: what a lead's decision would be without it.

use super::model::{Change, How, Piece};
use crate::check::check;
use crate::check::hir::Program;
use crate::syntax::Loaded;
use crate::syntax::ast::{
    Condition, Expr, ExprKind, Field, File, Group, Item, ItemKind, ListSource, Name, Part, RouteArm, Stage, Text,
};

/// The new policy with a change put back, if that makes a policy.
pub(super) fn put_back(old: &Loaded, new: &Loaded, change: &Change, overrides: &[(String, Expr)]) -> Option<Program> {
    let mut loaded = new.clone();
    // What the old pieces speak of must be there.
    add_missing(&mut loaded, old);
    if !edit(&mut loaded, old, change) {
        return None;
    }
    check(&loaded, overrides).program
}

fn items(files: &[File]) -> impl Iterator<Item = &Item> {
    files.iter().flat_map(|file| &file.items)
}

fn items_mut(loaded: &mut Loaded) -> impl Iterator<Item = &mut Item> {
    loaded.files.iter_mut().flat_map(|file| &mut file.items)
}

/// The name of a declaration that others speak of.
fn declared(item: &Item) -> Option<&str> {
    match &item.value {
        ItemKind::Event { name, .. }
        | ItemKind::EventGroup { name, .. }
        | ItemKind::List { name, .. }
        | ItemKind::Define { name, .. }
        | ItemKind::Persona { name, .. }
        | ItemKind::Fit { name, .. }
        | ItemKind::Bands { name, .. }
        | ItemKind::Matrix { name, .. } => Some(&name.value),
        ItemKind::Score(group) => Some(&group.name.value),
        _ => None,
    }
}

fn add_missing(loaded: &mut Loaded, old: &Loaded) {
    let known: Vec<String> = items(&loaded.files).filter_map(declared).map(str::to_owned).collect();
    let mut fields: Vec<Field> = Vec::new();
    let mut missing = Vec::new();
    for item in items(&old.files) {
        if let ItemKind::Lead { fields: of, .. } = &item.value {
            fields = of.clone();
        }
        let wanted = matches!(
            item.value,
            ItemKind::Event { .. } | ItemKind::EventGroup { .. } | ItemKind::List { .. } | ItemKind::Define { .. }
        );
        if wanted && declared(item).is_some_and(|name| !known.iter().any(|other| other == name)) {
            missing.push(inlined(item, old));
        }
    }
    for item in items_mut(loaded) {
        if let ItemKind::Lead { fields: of, .. } = &mut item.value {
            let fresh: Vec<Field> =
                fields.iter().filter(|field| !of.iter().any(|other| other.name == field.name)).cloned().collect();
            of.extend(fresh.into_iter().filter(|field| {
                !field.clauses.iter().any(|clause| matches!(clause, crate::syntax::ast::FieldClause::Key(_)))
            }));
        }
    }
    if let Some(file) = loaded.files.first_mut() {
        file.items.extend(missing);
    }
}

/// A list whose entries stand in a file, with the entries in the policy.
fn inlined(item: &Item, of: &Loaded) -> Item {
    let mut item = item.clone();
    if let ItemKind::List { source, .. } = &mut item.value
        && let ListSource::File { path, .. } = source
    {
        let entries = of.lists.get(path).unwrap_or_default();
        let text = |entry: &Text| Expr::new(ExprKind::Text(entry.value.clone()), entry.span);
        *source = ListSource::Inline(entries.iter().map(text).collect(), path.span);
    }
    item
}

/// Takes, replaces or adds one of a row of pieces.
fn put<T: Clone>(new: &mut Vec<T>, old: &[T], name: &str, how: How, named: impl Fn(&T) -> &str) -> bool {
    let at = |pieces: &[T]| pieces.iter().position(|piece| named(piece) == name);
    match (how, at(new), at(old)) {
        (How::Added, Some(place), _) => {
            new.remove(place);
            true
        }
        (How::Removed, _, Some(place)) => {
            // Behind the piece that it stood behind.
            let before =
                old[..place].iter().rev().find_map(|piece| new.iter().position(|other| named(other) == named(piece)));
            new.insert(before.map_or(0, |before| before + 1), old[place].clone());
            true
        }
        (How::Changed, Some(place), Some(other)) => {
            new[place] = old[other].clone();
            true
        }
        _ => false,
    }
}

fn condition_name(condition: &Condition) -> &str {
    &condition.name.value
}

fn part_name(part: &Part) -> &str {
    match part {
        Part::Rule(rule) => &rule.name.value,
        Part::Group(group) => &group.name.value,
        Part::Include(include) => include.of.parts.last().map_or("", |last| last.value.as_str()),
        Part::Junk(_) => "",
    }
}

/// The group that holds a part, by the names on the way.
fn holder<'g>(group: &'g Group, part: &str) -> Option<&'g Group> {
    if group.parts.iter().any(|other| part_name(other) == part) {
        return Some(group);
    }
    group.parts.iter().find_map(|other| match other {
        Part::Group(group) => holder(group, part),
        _ => None,
    })
}

fn group_mut<'g>(group: &'g mut Group, wanted: &Name) -> Option<&'g mut Group> {
    if group.name == *wanted {
        return Some(group);
    }
    group.parts.iter_mut().find_map(|part| match part {
        Part::Group(group) => group_mut(group, wanted),
        _ => None,
    })
}

fn holder_mut<'g>(group: &'g mut Group, part: &str) -> Option<&'g mut Group> {
    let name = holder(group, part)?.name.clone();
    group_mut(group, &name)
}

fn edit(loaded: &mut Loaded, old: &Loaded, change: &Change) -> bool {
    let (whole, inner) = change.name.split_once('.').unwrap_or((&change.name, ""));
    let how = change.how;
    if how == How::Renamed {
        return false;
    }
    match change.what {
        Piece::Check => {
            let of = items(&old.files).find_map(|item| match &item.value {
                ItemKind::Fit { name, checks, .. } if name.value == whole => Some(checks.clone()),
                _ => None,
            });
            let of = of.unwrap_or_default();
            items_mut(loaded).any(|item| match &mut item.value {
                ItemKind::Fit { name, checks, .. } if name.value == whole => {
                    put(checks, &of, inner, how, condition_name)
                }
                _ => false,
            })
        }
        Piece::Fit => {
            let of = items(&old.files).find_map(|item| match &item.value {
                ItemKind::Fit { name, needs, .. } if name.value == whole => Some(needs.clone()),
                _ => None,
            });
            let Some(of) = of.filter(|_| how == How::Changed) else { return false };
            items_mut(loaded).any(|item| match &mut item.value {
                ItemKind::Fit { name, needs, .. } if name.value == whole => {
                    *needs = of.clone();
                    true
                }
                _ => false,
            })
        }
        Piece::Rule | Piece::Include | Piece::Group => score_part(loaded, old, change, whole, inner),
        Piece::Score => {
            let of = items(&old.files).find_map(|item| match &item.value {
                ItemKind::Score(group) if group.name.value == whole => Some((group.from.clone(), group.to.clone())),
                _ => None,
            });
            let Some((from, to)) = of.filter(|_| how == How::Changed) else { return false };
            items_mut(loaded).any(|item| match &mut item.value {
                ItemKind::Score(group) if group.name.value == whole => {
                    (group.from, group.to) = (from.clone(), to.clone());
                    true
                }
                _ => false,
            })
        }
        Piece::Reason => {
            let of: Vec<Condition> = items(&old.files)
                .filter_map(|item| match &item.value {
                    ItemKind::Disqualify(reasons) => Some(reasons.clone()),
                    _ => None,
                })
                .flatten()
                .collect();
            let mut blocks = items_mut(loaded).filter_map(|item| match &mut item.value {
                ItemKind::Disqualify(reasons) => Some(reasons),
                _ => None,
            });
            blocks.any(|reasons| put(reasons, &of, &change.name, how, condition_name))
        }
        Piece::Stage => ladder(loaded, old, change),
        Piece::Route => routes(loaded, old, change),
        Piece::Define | Piece::Persona | Piece::List | Piece::Bands | Piece::Matrix | Piece::Event => {
            let of = items(&old.files).find(|item| declared(item) == Some(whole)).map(|item| inlined(item, old));
            let Some(of) = of.filter(|_| how == How::Changed) else { return false };
            items_mut(loaded).any(|item| {
                let same = declared(item) == Some(whole);
                if same {
                    item.value = of.value.clone();
                }
                same
            })
        }
        Piece::Field | Piece::Timezone | Piece::Data | Piece::Promise => false,
    }
}

fn score_part(loaded: &mut Loaded, old: &Loaded, change: &Change, score: &str, part: &str) -> bool {
    let of = items(&old.files).find_map(|item| match &item.value {
        ItemKind::Score(group) if group.name.value == score => Some(group),
        _ => None,
    });
    let Some(of) = of else { return false };
    let group = items_mut(loaded).find_map(|item| match &mut item.value {
        ItemKind::Score(group) if group.name.value == score => Some(group),
        _ => None,
    });
    let Some(group) = group else { return false };
    // Of a group its limits: its parts are told of by themselves.
    if change.what == Piece::Group && change.how == How::Changed {
        let name = Name { value: part.to_owned(), span: group.name.span };
        let Some(was) = find_group(of, part).map(|group| (group.from.clone(), group.to.clone())) else { return false };
        return group_mut(group, &name).is_some_and(|group| {
            (group.from, group.to) = was;
            true
        });
    }
    match change.how {
        How::Added => {
            holder_mut(group, part).is_some_and(|group| put(&mut group.parts, &[], part, How::Added, part_name))
        }
        How::Removed => {
            let Some(above) = holder(of, part) else { return false };
            let target = match group_mut(group, &above.name) {
                Some(_) => above.name.clone(),
                None => group.name.clone(),
            };
            group_mut(group, &target)
                .is_some_and(|group| put(&mut group.parts, &above.parts, part, How::Removed, part_name))
        }
        How::Changed => {
            let Some(above) = holder(of, part) else { return false };
            holder_mut(group, part)
                .is_some_and(|group| put(&mut group.parts, &above.parts, part, How::Changed, part_name))
        }
        How::Renamed => false,
    }
}

fn find_group<'g>(group: &'g Group, wanted: &str) -> Option<&'g Group> {
    group.parts.iter().find_map(|part| match part {
        Part::Group(group) if group.name.value == wanted => Some(group),
        Part::Group(group) => find_group(group, wanted),
        _ => None,
    })
}

fn ladder(loaded: &mut Loaded, old: &Loaded, change: &Change) -> bool {
    let of = items(&old.files).find_map(|item| match &item.value {
        ItemKind::Stages(stages) => Some(stages.clone()),
        _ => None,
    });
    let Some(of) = of else { return false };
    items_mut(loaded).any(|item| match &mut item.value {
        // The order of the ladder.
        ItemKind::Stages(stages) if change.name == "stages" && change.label.is_empty() => {
            let place = |stage: &Stage| of.iter().position(|other| other.name == stage.name).unwrap_or(usize::MAX);
            stages.sort_by_key(place);
            true
        }
        ItemKind::Stages(stages) => put(stages, &of, &change.name, change.how, |stage: &Stage| &stage.name.value),
        _ => false,
    })
}

fn routes(loaded: &mut Loaded, old: &Loaded, change: &Change) -> bool {
    let of = items(&old.files).find_map(|item| match &item.value {
        ItemKind::Route(arms) => Some(arms.clone()),
        _ => None,
    });
    let Some(of) = of else { return false };
    items_mut(loaded).any(|item| match &mut item.value {
        ItemKind::Route(arms) if change.name == "route" && change.label.is_empty() => {
            let place = |arm: &RouteArm| of.iter().position(|other| other.name == arm.name).unwrap_or(usize::MAX);
            arms.sort_by_key(place);
            true
        }
        ItemKind::Route(arms) => put(arms, &of, &change.name, change.how, |arm: &RouteArm| &arm.name.value),
        _ => false,
    })
}
