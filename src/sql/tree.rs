//! A small tree of SQL: expressions, and queries of named parts. It knows no dialect.

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Sql {
    /// `NULL`
    Null,
    /// `TRUE`, `FALSE`
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A decimal: the raw value and its digits after the point; zeros at the end are not printed.
    Dec(i128, u32),
    /// Text.
    Text(String),
    /// A column, by its name.
    Col(String),
    /// A column of a table.
    Of(&'static str, String),
    /// `a OP b`
    Bin(&'static str, Box<Sql>, Box<Sql>),
    /// `a AND b …`; nothing is true.
    And(Vec<Sql>),
    /// `a OR b …`; nothing is false.
    Or(Vec<Sql>),
    /// `NOT a`
    Not(Box<Sql>),
    /// `-a`
    Neg(Box<Sql>),
    /// `a IS NULL`, and whatever else stands behind an operand.
    Post(Box<Sql>, &'static str),
    /// `a [NOT] IN (b, …)`
    In(Box<Sql>, Vec<Sql>, bool),
    /// `a [NOT] IN (SELECT column FROM table)`
    InTable(Box<Sql>, String, bool),
    /// `CASE [a] WHEN b THEN c … [ELSE d] END`
    Case(Option<Box<Sql>>, Vec<(Sql, Sql)>, Option<Box<Sql>>),
    /// A function.
    Call(String, Vec<Sql>),
    /// `CAST(a AS type)`, or with another word before the parenthesis.
    Cast(&'static str, Box<Sql>, String),
    /// An aggregate of the rows for which a condition holds.
    Agg(Box<Sql>, Box<Sql>),
    /// `row_number() OVER (PARTITION BY … ORDER BY … DESC)`
    Latest(Vec<Sql>, Box<Sql>),
    /// An expression and a remark behind it.
    Remark(Box<Sql>, String),
    /// Text of a dialect that binds as tightly as a function: its pieces, with expressions between them.
    Raw(Vec<Piece>),
}

/// A piece of a dialect's own text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As it is.
    Text(String),
    /// An expression.
    Sql(Sql),
}

/// A column of a query.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is; none for all columns of the table named in `name`.
    pub value: Option<Sql>,
    /// Its name.
    pub name: String,
    /// What to say about it.
    pub remark: Option<String>,
}

/// Where rows come from.
#[derive(Clone, Debug)]
pub enum From {
    /// Another part of the query.
    Part(String),
    /// A table: text that is quoted already.
    Table(String),
    /// A query in parentheses.
    Query(Box<Select>),
}

/// `[kind] JOIN from AS name ON on`
#[derive(Clone, Debug)]
pub struct Join {
    /// `LEFT JOIN`, `JOIN`, `CROSS JOIN`
    pub kind: &'static str,
    /// What is joined.
    pub from: From,
    /// Its name in the query.
    pub name: &'static str,
    /// The conditions.
    pub on: Vec<Sql>,
}

/// `SELECT …`
#[derive(Clone, Debug)]
pub struct Select {
    /// `SELECT DISTINCT`
    pub distinct: bool,
    /// Its columns.
    pub items: Vec<Item>,
    /// Where its rows come from, and the name that they have here; none for a row of its own.
    pub from: Option<(From, &'static str)>,
    /// What is joined.
    pub joins: Vec<Join>,
    /// The conditions on rows.
    pub filter: Vec<Sql>,
    /// The groups.
    pub group: Vec<Sql>,
}

/// A named part of a query.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// What to say about it.
    pub remark: String,
    /// What it is.
    pub body: Body,
}

/// What a part of a query is.
#[derive(Clone, Debug)]
pub enum Body {
    /// A query.
    Select(Select),
    /// Rows of one column, `entry`.
    Values(Vec<Sql>),
}

/// A whole query.
#[derive(Clone, Debug)]
pub struct Query {
    /// What to say about it.
    pub head: Vec<String>,
    /// What the engine may have to be told.
    pub helpers: Vec<super::dialect::Helper>,
    /// Its parts; each reads only those before it.
    pub parts: Vec<Part>,
    /// Its result.
    pub result: Select,
}

impl Select {
    /// A query of rows that are named so.
    pub fn of(from: From, name: &'static str) -> Select {
        Select {
            distinct: false,
            items: Vec::new(),
            from: Some((from, name)),
            joins: Vec::new(),
            filter: Vec::new(),
            group: Vec::new(),
        }
    }
}

impl Item {
    /// A column.
    pub fn new(value: Sql, name: impl Into<String>) -> Item {
        Item { value: Some(value), name: name.into(), remark: None }
    }

    /// All columns of a table.
    pub fn all(of: impl Into<String>) -> Item {
        Item { value: None, name: of.into(), remark: None }
    }

    /// Says something about it.
    pub fn remark(mut self, remark: impl Into<String>) -> Item {
        self.remark = Some(remark.into());
        self
    }
}

/// A column.
pub fn col(name: impl Into<String>) -> Sql {
    Sql::Col(name.into())
}

/// A whole number.
pub fn int(value: impl Into<i128>) -> Sql {
    Sql::Int(value.into())
}

/// Text.
pub fn text(value: impl Into<String>) -> Sql {
    Sql::Text(value.into())
}

/// A function.
pub fn call(name: impl Into<String>, arguments: impl IntoIterator<Item = Sql>) -> Sql {
    Sql::Call(name.into(), arguments.into_iter().collect())
}

/// `CAST(value AS ty)`
pub fn cast(value: Sql, ty: impl Into<String>) -> Sql {
    Sql::Cast("CAST", Box::new(value), ty.into())
}

/// `CASE WHEN condition THEN value [ELSE other] END`
pub fn when(condition: Sql, value: Sql, other: Option<Sql>) -> Sql {
    Sql::Case(None, vec![(condition, value)], other.map(Box::new))
}

/// A dialect's own text: `{}` stands for the expressions in their order.
pub fn raw(template: &str, values: impl IntoIterator<Item = Sql>) -> Sql {
    let mut values = values.into_iter();
    let mut pieces = Vec::new();
    for (place, piece) in template.split("{}").enumerate() {
        if place > 0
            && let Some(value) = values.next()
        {
            pieces.push(Piece::Sql(value));
        }
        pieces.push(Piece::Text(piece.to_owned()));
    }
    Sql::Raw(pieces)
}

impl Sql {
    /// `self OP other`
    pub fn bin(self, op: &'static str, other: Sql) -> Sql {
        Sql::Bin(op, Box::new(self), Box::new(other))
    }

    /// `self AND other`
    pub fn and(self, other: Sql) -> Sql {
        Sql::And(vec![self, other])
    }

    /// `self IS NULL`
    pub fn missing(self) -> Sql {
        Sql::Post(Box::new(self), "IS NULL")
    }

    /// `self IS NOT NULL`
    pub fn known(self) -> Sql {
        Sql::Post(Box::new(self), "IS NOT NULL")
    }

    /// With a remark behind it.
    pub fn remark(self, remark: impl Into<String>) -> Sql {
        Sql::Remark(Box::new(self), remark.into())
    }

    /// Whether it can be written twice without harm.
    pub fn is_simple(&self) -> bool {
        match self {
            Sql::Null | Sql::Bool(_) | Sql::Int(_) | Sql::Dec(..) | Sql::Text(_) | Sql::Col(_) | Sql::Of(..) => true,
            Sql::Remark(of, _) | Sql::Neg(of) => of.is_simple(),
            _ => false,
        }
    }

    /// `a AND b …` without needless layers.
    pub fn all(mut conditions: Vec<Sql>) -> Sql {
        conditions.retain(|condition| *condition != Sql::Bool(true));
        if conditions.len() == 1 { conditions.swap_remove(0) } else { Sql::And(conditions) }
    }
}
