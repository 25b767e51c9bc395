//! An engine that stays open: a Python process that is sent jobs and answers with rows.

use crate::setup;
use crate::support::root;
use serde_json::{Value as Json, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Columns with their types, and rows of text in one spelling (see `run.py`).
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub name: String,
    pub columns: Vec<(String, String)>,
    pub rows: Vec<Vec<Json>>,
}

impl Table {
    fn json(&self) -> Json {
        json!({ "name": self.name, "columns": self.columns, "rows": self.rows })
    }
}

/// What is asked of an engine.
#[derive(Clone, Debug, Default)]
pub struct Job<'t> {
    /// Made anew before the question.
    pub tables: &'t [Table],
    /// Statements that run before it.
    pub before: Vec<String>,
    pub sql: String,
    /// How each column of the answer is to be read.
    pub types: Vec<&'static str>,
    /// Of `sqlglot`: the dialect that the text is written in.
    pub dialect: Option<&'static str>,
    /// The instant of the query's parameter `as_of`.
    pub as_of: Option<String>,
}

/// The rows of an answer.
pub type Rows = Vec<Vec<Json>>;

/// An engine in a process of its own.
pub struct Engine {
    pub name: &'static str,
    /// What it calls itself.
    pub version: String,
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Engine {
    /// Starts an engine by its name in `run.py`.
    pub fn start(name: &'static str) -> Engine {
        match name {
            "postgres" => setup::postgres(),
            "spark" => setup::java(),
            _ => {}
        }
        // This makes the folder, too, that the log stands in.
        let python = setup::engines();
        let said = std::fs::File::create(root().join(format!("target/engines/{name}.log"))).expect("a log");
        let mut process = Command::new(python)
            .arg(root().join("tests/sql/run.py"))
            .arg(name)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(said)
            .spawn()
            .expect("python");
        let (input, output) = (process.stdin.take(), process.stdout.take().expect("its output"));
        let mut engine = Engine { name, version: String::new(), process, input, output: BufReader::new(output) };
        let hello = engine.line().unwrap_or_else(|| {
            let log = std::fs::read_to_string(root().join(format!("target/engines/{name}.log"))).unwrap_or_default();
            panic!("{name} does not start:\n{log}")
        });
        engine.version = hello["version"].as_str().unwrap_or_default().to_owned();
        engine
    }

    fn line(&mut self) -> Option<Json> {
        let mut line = String::new();
        self.output.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(serde_json::from_str(&line).unwrap_or_else(|problem| panic!("{problem}: {line}")))
    }

    /// The names of the answer's columns, and its rows; or what the engine says is wrong.
    pub fn ask(&mut self, job: &Job<'_>) -> Result<(Vec<String>, Rows), String> {
        let tables: Vec<Json> = job.tables.iter().map(Table::json).collect();
        let mut said = json!({ "tables": tables, "before": job.before, "sql": job.sql });
        if !job.types.is_empty() {
            said["types"] = json!(job.types);
        }
        if let Some(dialect) = job.dialect {
            said["dialect"] = json!(dialect);
        }
        if let Some(as_of) = &job.as_of {
            said["as_of"] = json!(as_of);
        }
        let input = self.input.as_mut().expect("an open engine");
        writeln!(input, "{said}").and_then(|()| input.flush()).expect("the engine listens");
        let answer = self.line().unwrap_or_else(|| panic!("{} ended; see target/engines/{0}.log", self.name));
        if let Some(error) = answer["error"].as_str() {
            return Err(error.to_owned());
        }
        let list = |json: &Json| json.as_array().cloned().unwrap_or_default();
        let names = list(&answer["columns"]).iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        Ok((names, list(&answer["rows"]).iter().map(list).collect()))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // The end of its input is the end of the process, and of the server that it started.
        self.input.take();
        let _ = self.process.wait();
    }
}
