//! Judges content against the API models and against itself: every name that a lab uses must exist.
//!
//! Models come in through `Api`, so that this module stays free of them; files through `Surroundings`.

mod paths;
mod scope;

use std::collections::HashSet;

use super::action::{Action, Call};
use super::file::{Check, Create, Expect, Lab, Look, ProbeStep, Setup, Sight, Task};
use super::needs::roots;
use super::plan::GIVEN;
use super::solution::{Mutant, Step};
use super::template::{Expression, Template};
use crate::document::diagnostic::{Fault, Faults};
use crate::document::node::{Kind, Node, Text};
use scope::Scope;

/// What the API models know.
pub(crate) trait Api {
    fn services(&self) -> Vec<String>;
    /// Names of a service's operations; empty where there is no such service.
    fn operations(&self, service: &str) -> Vec<String>;
    /// What stands at `path` below an operation's input or output. A list's items are at `[]`.
    fn members(&self, call: &Operation<'_>, side: Side, path: &[String]) -> Members;
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation<'o> {
    pub service: &'o str,
    pub name: &'o str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Input,
    Output,
}

/// What may be named at a place of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Members {
    Names {
        all: Vec<String>,
        required: Vec<String>,
    },
    /// A map: any name.
    Any,
    List,
    /// A string, a number or the like.
    Leaf,
    /// The model doesn't reach here.
    Unknown,
}

/// What a lab refers to besides itself.
pub(crate) struct Surroundings<'s> {
    pub api: &'s dyn Api,
    /// The folder that the lab lies in.
    pub folder: &'s str,
    pub has_file: &'s dyn Fn(&str) -> bool,
    /// Requirement sets that exist.
    pub sets: &'s [&'s str],
}

/// Faults of a lab that reading alone doesn't show.
pub(crate) fn lab(lab: &Lab, faults: &Faults<'_>, around: &Surroundings<'_>) {
    let lint = Lint { faults, around };
    lint.head(lab);
    let mut scope = Scope::of(GIVEN);
    for (name, template) in &lab.vars {
        lint.template(template, &scope);
        scope.define(&name.value, scope::Place::Unknown);
    }
    for setup in &lab.setup {
        lint.setup(setup, &mut scope);
    }
    lint.unique(lab.tasks.iter().map(|task| &task.id), "tasks");
    for task in &lab.tasks {
        lint.task(task, &mut scope);
    }
}

/// Faults of a solution's steps.
pub(crate) fn steps(lab: &Lab, steps: &[Step], faults: &Faults<'_>, around: &Surroundings<'_>) {
    let lint = Lint { faults, around };
    let mut scope = Scope::of(GIVEN);
    let names = lab.vars.iter().map(|(name, _)| name);
    names.chain(lab.setup.iter().flat_map(|setup| setup.bind.iter().map(|(name, _)| name))).for_each(|name| {
        scope.define(&name.value, scope::Place::Unknown);
    });
    let found = lab.tasks.iter().flat_map(|task| &task.checks).flat_map(|check| &check.bind);
    found.for_each(|(name, _)| scope.define(&name.value, scope::Place::Unknown));
    for step in steps {
        let tasks = lab.tasks.iter().map(|task| task.id.value.as_str());
        lint.known("task", &step.task, tasks);
        lint.action(&step.action, &scope);
    }
}

/// Faults of a mutant: what it replaces, reddens and is diagnosed as must be there.
pub(crate) fn mutant(lab: &Lab, solution: &[Step], mutant: &Mutant, lint: (&Faults<'_>, &Surroundings<'_>)) {
    let lint = Lint { faults: lint.0, around: lint.1 };
    if !(lint.around.has_file)(&mutant.replaces.value) {
        lint.known("step or file", &mutant.replaces, solution.iter().map(|step| step.name.value.as_str()));
    }
    let checks: Vec<(String, &Check)> = lab
        .tasks
        .iter()
        .flat_map(|task| task.checks.iter().map(|check| (format!("{}.{}", task.id.value, check.id.value), check)))
        .collect();
    match checks.iter().find(|(name, _)| *name == mutant.red.value) {
        Some((_, check)) => {
            lint.known("diagnosis", &mutant.because, check.because.iter().map(|because| because.id.value.as_str()));
        }
        None => lint.known("check", &mutant.red, checks.iter().map(|(name, _)| name.as_str())),
    }
    steps(lab, &mutant.steps, lint.faults, lint.around);
}

struct Lint<'l> {
    faults: &'l Faults<'l>,
    around: &'l Surroundings<'l>,
}

impl Lint<'_> {
    fn head(&self, lab: &Lab) {
        let kebab = |id: &str| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !kebab(&lab.id.value) {
            self.faults.add(lab.id.span.clone(), Fault::new("an id is made of small letters, digits and `-`"));
        } else if lab.id.value != self.around.folder && !lab.id.value.is_empty() {
            let fault = Fault::new(format!("the lab is called `{}`, its folder `{}`", lab.id.value, self.around.folder));
            self.faults.add(lab.id.span.clone(), fault);
        }
        for need in &lab.needs {
            self.known("requirement set", need, self.around.sets.iter().copied());
        }
        for skill in &lab.skills {
            let known = (1..=9).map(|number| format!("3.1.{number}")).collect::<Vec<_>>();
            self.known("skill of task 3.1", skill, known.iter().map(String::as_str));
        }
    }

    fn setup(&self, setup: &Setup, scope: &mut Scope) {
        match &setup.create {
            Create::Bucket { bucket } => self.template(bucket, scope),
            Create::Object { bucket, key, file } => {
                self.template(bucket, scope);
                self.template(key, scope);
                self.file(file, scope);
            }
            Create::Database { name } => self.template(name, scope),
            Create::Job { with } => self.input(Operation { service: "glue", name: "CreateJob" }, with, scope),
            Create::Call { call, undo } => {
                self.call(call, scope);
                if undo.is_none() && !call.read_only() {
                    let fault = Fault::new(format!("`{}` needs `undo`, so that `stop` can take it back", call.name.value));
                    self.faults.add(call.name.span.clone(), fault);
                }
                if let Some(undo) = undo {
                    self.call(undo, scope);
                }
                let mut inner = Scope::default();
                inner.root(scope::Place::output(&call.service, &call.operation));
                for (name, expression) in &setup.bind {
                    self.expression(expression, &inner);
                    scope.define(&name.value, scope::Place::Unknown);
                }
            }
        }
    }

    fn task(&self, task: &Task, scope: &mut Scope) {
        self.unique(task.checks.iter().map(|check| &check.id), "checks");
        let mut found = Vec::new();
        for check in &task.checks {
            let inner = self.check(check, scope);
            for (name, expression) in &check.bind {
                self.expression(expression, &inner);
                found.push(&name.value);
            }
        }
        for name in found {
            scope.define(name, scope::Place::Unknown);
        }
        for hint in &task.hints {
            self.template(&hint.text, scope);
        }
        if task.hints.first().is_some_and(|hint| hint.cost > 0) {
            self.faults.add(task.id.span.clone(), Fault::new(format!("the first hint of `{}` must be free", task.id.value)));
        }
    }

    /// Returns what the check's expressions may name.
    fn check(&self, check: &Check, outer: &Scope) -> Scope {
        if check.points == 0 {
            self.faults.add(check.id.span.clone(), Fault::new(format!("`{}` gives no points", check.id.value)));
        }
        let mut scope = outer.clone();
        for sight in &check.see {
            self.sight(sight, outer, &mut scope);
        }
        for step in &check.probe {
            match step {
                ProbeStep::See(sight) => self.sight(sight, outer, &mut scope),
                ProbeStep::Act { action, bind } => {
                    self.action(action, outer);
                    if let Some(name) = bind {
                        scope.define(&name.value, scope::Place::of_action(action));
                    }
                }
            }
        }
        self.judgement(check, &mut scope);
        self.unique(check.because.iter().map(|because| &because.id), "diagnoses");
        for because in &check.because {
            self.expect(&because.when, &scope);
            self.template(&because.say, &scope);
        }
        scope
    }

    /// What gives points: an object's text may not.
    fn judgement(&self, check: &Check, scope: &mut Scope) {
        let texts: HashSet<&str> = check
            .see
            .iter()
            .filter(|sight| matches!(sight.look, Look::Text { .. }))
            .map(|sight| sight.name.value.as_str())
            .collect();
        let judged = match &check.expect {
            Expect::Holds(expression) => vec![expression],
            Expect::Yields(pairs) => pairs.iter().map(|(expression, _)| expression).collect(),
        };
        for (name, expression) in &check.lets {
            let place = self.expression(expression, scope);
            self.no_text(expression, &texts);
            scope.define(&name.value, place);
        }
        judged.iter().for_each(|expression| self.no_text(expression, &texts));
        self.expect(&check.expect, scope);
    }

    fn no_text(&self, expression: &Expression, texts: &HashSet<&str>) {
        for (name, part) in roots(expression) {
            if texts.contains(name.as_str()) {
                let fault = Fault::new(format!("`{name}` is an object's text: it may explain (`because`), never give points"));
                self.faults.add(expression.template.text.part(part), fault);
            }
        }
    }

    fn sight(&self, sight: &Sight, outer: &Scope, scope: &mut Scope) {
        let place = match &sight.look {
            Look::Call(call) => {
                self.looking(call, outer);
                scope::Place::answer(&call.service, &call.operation)
            }
            Look::Rows { from, .. } => {
                self.template(from, outer);
                scope::Place::rows()
            }
            Look::Text { from } => {
                self.template(from, outer);
                scope::Place::text()
            }
            Look::Find { call, items, fits } => {
                self.looking(call, outer);
                let mut inner = outer.clone();
                inner.root(scope::Place::output(&call.service, &call.operation));
                let item = self.expression(items, &inner).item();
                let mut inner = Scope::default();
                inner.root(item.clone());
                fits.iter().for_each(|fits| drop(self.expression(fits, &inner)));
                item
            }
        };
        scope.define(&sight.name.value, place);
    }

    fn looking(&self, call: &Call, scope: &Scope) {
        if !call.read_only() {
            let fault = Fault::new(format!("`{}` may change something; a check only looks", call.name.value));
            self.faults.add(call.name.span.clone(), fault);
        }
        self.call(call, scope);
    }

    fn action(&self, action: &Action, scope: &Scope) {
        match action {
            Action::Put { to, file } => {
                self.template(to, scope);
                self.file(file, scope);
            }
            Action::Delete { from } => self.template(from, scope),
            Action::Copy { from, to } => {
                self.template(from, scope);
                self.template(to, scope);
            }
            Action::Run { job, arguments } => {
                self.template(job, scope);
                self.values(arguments, scope);
            }
            Action::Advance { .. } => {}
            Action::Call(call) => self.call(call, scope),
        }
    }

    fn call(&self, call: &Call, scope: &Scope) {
        let api = self.around.api;
        let services = api.services();
        if !services.contains(&call.service) {
            return self.known("service", &part_of(&call.name, 0..call.service.len()), services.iter().map(String::as_str));
        }
        let operations = api.operations(&call.service);
        if !operations.contains(&call.operation) {
            let text = part_of(&call.name, (call.service.len() + 1).min(call.name.value.len())..call.name.value.len());
            return self.known(&format!("operation of {}", call.service), &text, operations.iter().map(String::as_str));
        }
        self.input(Operation { service: &call.service, name: &call.operation }, &call.with, scope);
    }

    fn input(&self, operation: Operation<'_>, with: &Node, scope: &Scope) {
        self.members(operation, with, &mut Vec::new());
        self.values(with, scope);
    }

    fn members(&self, operation: Operation<'_>, node: &Node, path: &mut Vec<String>) {
        match (self.around.api.members(&operation, Side::Input, path), &node.kind) {
            (Members::Names { all, required }, Kind::Table(entries)) => {
                for (key, _) in entries.iter().filter(|(key, _)| !all.contains(&key.value)) {
                    let fault = Fault::new(format!("`{}` of {} has no member `{}`", place(path), operation.name, key.value));
                    let fault = fault.label("not in the model").did_you_mean(&key.value, all.iter().map(String::as_str));
                    self.faults.add(key.span.clone(), fault);
                }
                for name in required.iter().filter(|name| entries.iter().all(|(key, _)| key.value != **name)) {
                    let fault = Fault::new(format!("`{}` of {} needs `{name}`", place(path), operation.name));
                    self.faults.add(node.span.clone(), fault);
                }
                for (key, value) in entries.iter().filter(|(key, _)| all.contains(&key.value)) {
                    self.below(operation, value, path, &key.value);
                }
            }
            (Members::Any, Kind::Table(entries)) => {
                entries.iter().for_each(|(key, value)| self.below(operation, value, path, &key.value));
            }
            (Members::List, Kind::List(items)) => {
                items.iter().for_each(|item| self.below(operation, item, path, "[]"));
            }
            (Members::Names { .. } | Members::Any, _) => self.unfit(operation, node, path, "a table"),
            (Members::List, _) => self.unfit(operation, node, path, "a list"),
            (Members::Leaf, Kind::Table(_) | Kind::List(_)) => self.unfit(operation, node, path, "one value"),
            (Members::Leaf | Members::Unknown, _) => {}
        }
    }

    fn below(&self, operation: Operation<'_>, node: &Node, path: &mut Vec<String>, name: &str) {
        path.push(name.to_owned());
        self.members(operation, node, path);
        path.pop();
    }

    fn unfit(&self, operation: Operation<'_>, node: &Node, path: &[String], wanted: &str) {
        let message = format!("`{}` of {} is {wanted}, not {}", place(path), operation.name, node.what());
        self.faults.add(node.span.clone(), Fault::new(message));
    }

    /// Every `{{…}}` in a tree of values.
    fn values(&self, node: &Node, scope: &Scope) {
        match &node.kind {
            Kind::Text(text) => self.template(&Template::parse(text.clone()).0, scope),
            Kind::List(items) => items.iter().for_each(|item| self.values(item, scope)),
            Kind::Table(entries) => entries.iter().for_each(|(_, value)| self.values(value, scope)),
            Kind::Number(_) | Kind::Flag(_) => {}
        }
    }

    fn expect(&self, expect: &Expect, scope: &Scope) {
        match expect {
            Expect::Holds(expression) => drop(self.expression(expression, scope)),
            Expect::Yields(pairs) => {
                for (expression, value) in pairs {
                    self.expression(expression, scope);
                    self.values(value, scope);
                }
            }
        }
    }

    /// Returns what the expression yields, as far as the models tell.
    fn expression(&self, expression: &Expression, scope: &Scope) -> scope::Place {
        self.template(&expression.template, scope);
        self.jmespath(&expression.blanked(), &expression.template.text, 0, scope)
    }

    fn template(&self, template: &Template, scope: &Scope) {
        for (source, part) in template.values() {
            self.jmespath(source, &template.text, part.start, scope);
        }
    }

    fn jmespath(&self, source: &str, text: &Text, start: usize, scope: &Scope) -> scope::Place {
        match paths::walk(source, scope, self.around.api) {
            Ok((place, flaws)) => {
                for flaw in flaws {
                    let part = start + flaw.part.start..start + flaw.part.end;
                    self.faults.add(text.part(part), flaw.fault);
                }
                place
            }
            Err((at, message)) => {
                self.faults.add(text.part(start + at..start + at + 1), Fault::new(message));
                scope::Place::Unknown
            }
        }
    }

    fn file(&self, file: &Template, scope: &Scope) {
        self.template(file, scope);
        if file.values().next().is_none() && !(self.around.has_file)(&file.text.value) {
            self.faults.add(file.text.span.clone(), Fault::new(format!("there is no file `{}`", file.text.value)));
        }
    }

    fn known<'k>(&self, what: &str, text: &Text, known: impl IntoIterator<Item = &'k str>) {
        let known: Vec<&str> = known.into_iter().collect();
        if !known.contains(&text.value.as_str()) {
            let fault = Fault::new(format!("there is no {what} `{}`", text.value)).label("unknown");
            self.faults.add(text.span.clone(), fault.did_you_mean(&text.value, known));
        }
    }

    fn unique<'t>(&self, ids: impl Iterator<Item = &'t Text>, what: &str) {
        let mut seen = HashSet::new();
        for id in ids.filter(|id| !seen.insert(id.value.as_str())) {
            self.faults.add(id.span.clone(), Fault::new(format!("two {what} have the id `{}`", id.value)));
        }
    }
}

fn place(path: &[String]) -> String {
    if path.is_empty() { "with".to_owned() } else { path.join(".").replace(".[]", "[]") }
}

fn part_of(text: &Text, part: std::ops::Range<usize>) -> Text {
    Text { value: text.value[part.clone()].to_owned(), span: text.part(part), inner: None }
}
