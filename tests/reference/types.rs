//! The type of an expression, for what depends on it: looking up bare names, and how numbers are rounded.

use super::run::{Run, Scope};
use super::value::Ty;
use qualify::syntax::ast::{AggregateOp, ArithmeticOp, Expr, ExprKind, Path};

impl Run<'_> {
    /// The type of an expression.
    pub fn type_of(&self, e: &Expr, scope: Scope) -> Ty {
        match &*e.kind {
            ExprKind::Number(number) => literal(number),
            ExprKind::Money(_, currency) => Ty::Money(currency.value.clone()),
            ExprKind::Text(_) => Ty::Text,
            ExprKind::Date(_) => Ty::Date,
            ExprKind::Instant(_) | ExprKind::Edge(..) => Ty::Time,
            ExprKind::List(items) => Ty::List(Box::new(self.type_of(&items[0], scope))),
            ExprKind::Path(path) => self.type_of_path(path, scope),
            ExprKind::Subject => {
                let subject = scope.subject.expect("a subject");
                self.type_of(subject, Scope { subject: None, ..scope })
            }
            ExprKind::Call(name, arguments) => match name.value.as_str() {
                "domain" => Ty::Text,
                "length" | "size" => Ty::Int,
                "round" => match self.type_of(&arguments[0], scope) {
                    Ty::Number => Ty::Int,
                    other => other,
                },
                "min" | "max" => unify(self.type_of(&arguments[0], scope), self.type_of(&arguments[1], scope)),
                other => panic!("no function {other}"),
            },
            ExprKind::Negate(inner) => self.type_of(inner, scope),
            ExprKind::Arithmetic(op, a, b) => arithmetic(*op, self.type_of(a, scope), self.type_of(b, scope)),
            ExprKind::Otherwise(a, b) | ExprKind::If(_, a, b) => unify(self.type_of(a, scope), self.type_of(b, scope)),
            ExprKind::Count(_) | ExprKind::Aggregate(AggregateOp::Distinct, ..) => Ty::Int,
            ExprKind::Aggregate(_, field, events) => match self.event_field_type(&events.name.value, &dotted(field)) {
                money @ Ty::Money(_) => money,
                _ => Ty::Number,
            },
            ExprKind::Duration(_) | ExprKind::Age(_) => panic!("ages and durations only stand in comparisons"),
            ExprKind::Junk => panic!("a checked policy has no junk"),
            _ => Ty::Bool,
        }
    }

    fn type_of_path(&self, path: &Path, scope: Scope) -> Ty {
        let name = dotted(path);
        if let Some((event, used_as)) = scope.event
            && event.field(&self.clock, used_as, &name).is_some()
        {
            return self.event_field_type(used_as, &name);
        }
        let name = name.strip_prefix("lead.").unwrap_or(&name);
        if name == "stage" {
            return Ty::Stage;
        }
        if let Some(field) = self.policy.field(name) {
            return field.ty.clone();
        }
        if let Some(define) = self.policy.defines.get(name) {
            return self.type_of(define, Scope::default());
        }
        if self.policy.bands.contains_key(name) {
            return Ty::Band(name.to_string());
        }
        if self.policy.matrices.contains_key(name) {
            return Ty::Cell;
        }
        let first = &path.parts[0].value;
        if self.policy.fits.iter().any(|fit| fit.name == first) {
            return if path.parts.len() == 1 { Ty::Bool } else { Ty::Int };
        }
        Ty::Number
    }

    fn event_field_type(&self, used_as: &str, name: &str) -> Ty {
        if used_as == "event" && name == "type" {
            return Ty::Text;
        }
        let types = self.policy.types_of(used_as);
        let declared = self.policy.event(&types[0]).and_then(|event| event.fields.iter().find(|f| f.name == name));
        match declared {
            Some(field) => field.ty.clone(),
            None if name == "day" => Ty::Date,
            None => panic!("no field {name} of {used_as}"),
        }
    }
}

/// A dotted name as text.
pub fn dotted(path: &Path) -> String {
    path.parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".")
}

/// A literal is an int when it is written without a point or percent sign and is whole.
pub fn literal(number: &qualify::syntax::ast::Number) -> Ty {
    let whole = number.micros % 1_000_000 == 0 && !number.written.contains(['.', '%']);
    if whole { Ty::Int } else { Ty::Number }
}

fn unify(a: Ty, b: Ty) -> Ty {
    match (a, b) {
        (Ty::Int, Ty::Number) => Ty::Number,
        (Ty::Text, b @ (Ty::OneOf(_) | Ty::Ranked(_))) => b,
        (a, _) => a,
    }
}

fn arithmetic(op: ArithmeticOp, a: Ty, b: Ty) -> Ty {
    match (a, b) {
        (Ty::Money(_), Ty::Money(_)) if op == ArithmeticOp::Divide => Ty::Number,
        (money @ Ty::Money(_), _) | (_, money @ Ty::Money(_)) => money,
        (Ty::Int, Ty::Int) if op != ArithmeticOp::Divide => Ty::Int,
        _ => Ty::Number,
    }
}
