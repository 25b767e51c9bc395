//! `matches`: a backtracking matcher over the language's small set of regular expressions, ignoring case.

use super::text::folded;

/// A regular expression.
#[derive(Debug)]
enum Node {
    /// Any character but a line feed.
    Dot,
    /// One of these characters, or none of these.
    Set(bool, Vec<Item>),
    /// `^`
    Start,
    /// `$`
    End,
    /// `\b`, or `\B` when false.
    Boundary(bool),
    /// One after the other.
    Row(Vec<Node>),
    /// One of these.
    Either(Vec<Node>),
    /// So many times.
    Repeat(Box<Node>, usize, Option<usize>),
}

/// What a set holds.
#[derive(Debug)]
enum Item {
    Range(char, char),
    Class(char),
}

/// Whether the pattern is found anywhere in the text; both are case folded first.
pub fn matches(text: &str, pattern: &str) -> bool {
    let text = folded(text);
    let pattern: Vec<char> = pattern.chars().collect();
    let mut parser = Parser { pattern: &pattern, at: 0 };
    let node = parser.either();
    assert_eq!(parser.at, pattern.len(), "a pattern that checks is read to its end");
    (0..=text.len()).any(|start| run(&node, &text, start, &mut |_| true))
}

struct Parser<'p> {
    pattern: &'p [char],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.pattern.get(self.at).copied()
    }

    fn next(&mut self) -> char {
        self.at += 1;
        self.pattern[self.at - 1]
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += found as usize;
        found
    }

    fn either(&mut self) -> Node {
        let mut branches = vec![self.row()];
        while self.eat('|') {
            branches.push(self.row());
        }
        Node::Either(branches)
    }

    fn row(&mut self) -> Node {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let atom = self.atom();
            nodes.push(self.repeated(atom));
        }
        Node::Row(nodes)
    }

    fn repeated(&mut self, atom: Node) -> Node {
        match self.peek() {
            Some('*') => (self.at += 1, Node::Repeat(Box::new(atom), 0, None)).1,
            Some('+') => (self.at += 1, Node::Repeat(Box::new(atom), 1, None)).1,
            Some('?') => (self.at += 1, Node::Repeat(Box::new(atom), 0, Some(1))).1,
            Some('{') => {
                self.at += 1;
                let low = self.count();
                let high = if self.eat(',') { (self.peek() != Some('}')).then(|| self.count()) } else { Some(low) };
                assert!(self.eat('}'), "a closed repetition");
                Node::Repeat(Box::new(atom), low, high)
            }
            _ => atom,
        }
    }

    fn count(&mut self) -> usize {
        let mut n = 0;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            n = n * 10 + digit as usize;
            self.at += 1;
        }
        n
    }

    fn atom(&mut self) -> Node {
        match self.next() {
            '(' => {
                if self.pattern[self.at..].starts_with(&['?', ':']) {
                    self.at += 2;
                }
                let inner = self.either();
                assert!(self.eat(')'), "a closed group");
                inner
            }
            '[' => self.set(),
            '.' => Node::Dot,
            '^' => Node::Start,
            '$' => Node::End,
            '\\' => match self.next() {
                'b' => Node::Boundary(true),
                'B' => Node::Boundary(false),
                c @ ('d' | 'D' | 'w' | 'W' | 's' | 'S') => Node::Set(true, vec![Item::Class(c)]),
                c => literal(c),
            },
            c => literal(c),
        }
    }

    fn set(&mut self) -> Node {
        let positive = !self.eat('^');
        let mut items = Vec::new();
        let mut first = true;
        while first || self.peek() != Some(']') {
            first = false;
            let low = match self.next() {
                '\\' => match self.next() {
                    c @ ('d' | 'D' | 'w' | 'W' | 's' | 'S') => {
                        items.push(Item::Class(c));
                        continue;
                    }
                    c => c,
                },
                c => c,
            };
            let is_range = self.peek() == Some('-') && self.pattern.get(self.at + 1).is_some_and(|&c| c != ']');
            if !is_range {
                items.push(Item::Range(low, low));
                continue;
            }
            self.at += 1;
            let high = match self.next() {
                '\\' => self.next(),
                c => c,
            };
            items.push(Item::Range(low, high));
        }
        self.at += 1;
        Node::Set(positive, items)
    }
}

fn literal(c: char) -> Node {
    Node::Set(true, vec![Item::Range(c, c)])
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a set's item holds `c`, which is case folded: a range holds it when the folded form of any of its
/// characters is `c`.
fn holds(item: &Item, c: char) -> bool {
    match *item {
        Item::Range(low, high) => (low..=high).any(|member| super::text::fold_char(member) == c),
        Item::Class('d') => c.is_ascii_digit(),
        Item::Class('D') => !c.is_ascii_digit(),
        Item::Class('w') => is_word(c),
        Item::Class('W') => !is_word(c),
        Item::Class('s') => matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c'),
        Item::Class(_) => !matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c'),
    }
}

/// Whether `node` matches from `at` and `rest` accepts where it ends.
fn run(node: &Node, text: &[char], at: usize, rest: &mut dyn FnMut(usize) -> bool) -> bool {
    match node {
        Node::Dot => text.get(at).is_some_and(|&c| c != '\n') && rest(at + 1),
        Node::Set(positive, items) => {
            let Some(&c) = text.get(at) else { return false };
            items.iter().any(|item| holds(item, c)) == *positive && rest(at + 1)
        }
        Node::Start => at == 0 && rest(at),
        Node::End => at == text.len() && rest(at),
        Node::Boundary(wanted) => {
            let before = at > 0 && is_word(text[at - 1]);
            let after = text.get(at).is_some_and(|&c| is_word(c));
            ((before != after) == *wanted) && rest(at)
        }
        Node::Row(nodes) => match nodes.split_first() {
            None => rest(at),
            Some((first, others)) => run(first, text, at, &mut |next| run_row(others, text, next, rest)),
        },
        Node::Either(branches) => branches.iter().any(|branch| run(branch, text, at, rest)),
        Node::Repeat(inner, low, high) => repeat(inner, *low, *high, text, at, rest),
    }
}

fn run_row(nodes: &[Node], text: &[char], at: usize, rest: &mut dyn FnMut(usize) -> bool) -> bool {
    match nodes.split_first() {
        None => rest(at),
        Some((first, others)) => run(first, text, at, &mut |next| run_row(others, text, next, rest)),
    }
}

fn repeat(
    inner: &Node,
    low: usize,
    high: Option<usize>,
    text: &[char],
    at: usize,
    rest: &mut dyn FnMut(usize) -> bool,
) -> bool {
    if low > 0 {
        let high = high.map(|high| high - 1);
        return run(inner, text, at, &mut |next| repeat(inner, low - 1, high, text, next, rest));
    }
    if rest(at) {
        return true;
    }
    if high == Some(0) {
        return false;
    }
    let high = high.map(|high| high - 1);
    // A turn that takes nothing would go on for ever and changes nothing.
    run(inner, text, at, &mut |next| next > at && repeat(inner, 0, high, text, next, rest))
}
