//! Reads a lab file into `Lab` and every fault that the file alone shows.

use super::action::{Action, Call, duration};
use super::file::{Because, Check, CloudKind, Create, Expect, Format, Hint, Lab, Look, ProbeStep, Setup, Sight, Task};
use super::template::{Expression, Template};
use crate::document::diagnostic::{Diagnostic, Fault, Faults};
use crate::document::node::{self, Kind, Node, Text};
use crate::document::table::Table;

/// The version of the format that this program reads.
pub(crate) const SCHEMA: u64 = 1;

/// Reads `source`, the text of the lab file that messages call `file`.
pub(crate) fn lab(file: &str, source: &str) -> (Lab, Vec<Diagnostic>) {
    let faults = Faults::new(file, source);
    let root = node::parse(&faults);
    let lab = read_lab(&root, &faults);
    (lab, faults.finish())
}

fn read_lab(root: &Node, faults: &Faults<'_>) -> Lab {
    let file = Table::open(root, "lab.toml", faults);
    file.schema(SCHEMA);
    let empty = Node::empty_table();
    let head = file.table("lab").unwrap_or_else(|| {
        file.missing("[lab]");
        Table::open(&empty, "[lab]", faults)
    });
    let mut lab = read_head(&head);
    lab.ceiling_usd = head.table("cost").and_then(|cost| read_cost(cost));
    head.done();
    lab.vars = entries(&file, "vars", template);
    lab.setup = file.tables("setup").into_iter().map(read_setup).collect();
    lab.tasks = file.tables("task").into_iter().map(read_task).collect();
    if lab.tasks.is_empty() {
        file.missing("[[task]]");
    }
    file.done();
    lab
}

fn read_head(head: &Table<'_>) -> Lab {
    let exam = head.table("exam");
    let skills = exam.as_ref().map(|exam| exam.texts("skills")).unwrap_or_default();
    if let Some(exam) = exam {
        let _ = (exam.need_text("code"), exam.need_text("guide"));
        exam.done();
    }
    let _ = (head.text("purpose"), head.text("level"));
    let clouds = head.texts("clouds");
    Lab {
        id: head.need_text("id"),
        title: head.need_text("title").value,
        version: head.need_whole("version"),
        skills,
        minutes: head.need_whole("minutes"),
        ttl_millis: millis(head, "ttl"),
        clouds: clouds.iter().filter_map(|cloud| cloud_kind(cloud, head.faults())).collect(),
        needs: head.texts("needs"),
        ceiling_usd: None,
        vars: Vec::new(),
        setup: Vec::new(),
        tasks: Vec::new(),
    }
}

fn read_cost(cost: Table<'_>) -> Option<f64> {
    let ceiling = cost.decimal("ceiling_usd");
    let _ = cost.entries("caps");
    cost.done();
    ceiling
}

fn cloud_kind(text: &Text, faults: &Faults<'_>) -> Option<CloudKind> {
    match text.value.as_str() {
        "local" => Some(CloudKind::Local),
        "aws" => Some(CloudKind::Aws),
        other => {
            let fault = Fault::new(format!("there is no cloud `{other}`")).did_you_mean(other, ["local", "aws"]);
            faults.add(text.span.clone(), fault);
            None
        }
    }
}

fn read_setup(table: Table<'_>) -> Setup {
    let create = match (table.text("create"), table.text("call")) {
        (Some(create), None) => read_create(&table, &create),
        (None, Some(name)) => {
            let undo = table.table("undo").map(|undo| {
                let call = Call::new(undo.need_text("call"), with(&undo));
                undo.done();
                call
            });
            Create::Call { call: Call::new(name, with(&table)), undo }
        }
        _ => {
            let fault = Fault::new("a `[[setup]]` needs either `create` or `call`");
            table.faults().add(table.span(), fault);
            let _ = (with(&table), table.table("undo"));
            Create::Bucket { bucket: template(Text { value: String::new(), span: table.span(), inner: None }, table.faults()) }
        }
    };
    let setup = Setup { create, noun: table.text("noun").map(|noun| noun.value), bind: entries(&table, "bind", expression) };
    table.done();
    setup
}

fn read_create(table: &Table<'_>, create: &Text) -> Create {
    const TYPES: [&str; 4] = ["s3.bucket", "s3.object", "glue.database", "glue.job"];
    let empty = Node::empty_table();
    if create.value == "glue.job" {
        return Create::Job { with: with(table) };
    }
    let members = table.table("with").unwrap_or_else(|| Table::open(&empty, "with", table.faults()));
    let member = |key| template(members.need_text(key), table.faults());
    let read = match create.value.as_str() {
        "s3.bucket" => Create::Bucket { bucket: member("bucket") },
        "s3.object" => Create::Object { bucket: member("bucket"), key: member("key"), file: member("file") },
        "glue.database" => Create::Database { name: member("name") },
        other => {
            let fault = Fault::new(format!("there is no resource type `{other}`")).did_you_mean(other, TYPES);
            table.faults().add(create.span.clone(), fault.label("unknown type"));
            return Create::Job { with: Node::empty_table() };
        }
    };
    members.done();
    read
}

fn read_task(table: Table<'_>) -> Task {
    let see = read_see(&table);
    let task = Task {
        id: table.need_text("id"),
        title: table.need_text("title").value,
        brief: table.need_text("brief").value,
        checks: table.tables("check").into_iter().map(|check| read_check(check, &see)).collect(),
        hints: table.tables("hint").into_iter().map(read_hint).collect(),
    };
    if task.checks.is_empty() {
        table.missing("[[task.check]]");
    }
    if task.hints.is_empty() {
        table.missing("[[task.hint]]");
    }
    table.done();
    task
}

fn read_see(table: &Table<'_>) -> Vec<Sight> {
    let sight = |(name, node): &(Text, Node)| {
        let member = Table::open(node, &name.value, table.faults());
        let look = read_look(&member);
        member.done();
        Some(Sight { name: name.clone(), look: look? })
    };
    table.entries("see").iter().filter_map(sight).collect()
}

fn read_look(table: &Table<'_>) -> Option<Look> {
    let faults = table.faults();
    if let Some(name) = table.text("call") {
        return Some(Look::Call(Call::new(name, with(table))));
    }
    if let Some(from) = table.text("rows") {
        let format = read_format(table)?;
        return Some(Look::Rows { from: template(from, faults), format });
    }
    if let Some(from) = table.text("text") {
        return Some(Look::Text { from: template(from, faults) });
    }
    if let Some(name) = table.text("find") {
        let items = expression(table.need_text("items"), faults);
        let fits = table.text("where").map(|fits| expression(fits, faults));
        return Some(Look::Find { call: Call::new(name, with(table)), items, fits });
    }
    faults.add(table.span(), Fault::new("one of `call`, `rows`, `text` or `find` says what is looked at"));
    None
}

fn read_format(table: &Table<'_>) -> Option<Format> {
    let format = table.need_text("format");
    match format.value.as_str() {
        "json" => Some(Format::Json),
        "csv" => Some(Format::Csv),
        "parquet" => Some(Format::Parquet),
        "" => None,
        other => {
            let fault = Fault::new(format!("rows cannot be read as `{other}`"));
            table.faults().add(format.span.clone(), fault.did_you_mean(other, ["json", "csv", "parquet"]));
            None
        }
    }
}

fn read_check(table: Table<'_>, task_see: &[Sight]) -> Check {
    let own = read_see(&table);
    let shared = task_see.iter().filter(|sight| own.iter().all(|other| other.name.value != sight.name.value));
    let faults = table.faults();
    let check = Check {
        id: table.need_text("id"),
        title: table.need_text("title").value,
        points: table.need_whole("points"),
        only: table.text("only").and_then(|cloud| cloud_kind(&cloud, faults)),
        within_millis: millis(&table, "within").unwrap_or_default(),
        see: shared.chain(&own).cloned().collect(),
        lets: entries(&table, "let", expression),
        expect: read_expect(&table, "expect"),
        bind: entries(&table, "bind", expression),
        probe: table.tables("probe").into_iter().filter_map(read_probe_step).collect(),
        because: table.tables("because").into_iter().map(read_because).collect(),
    };
    table.done();
    check
}

fn read_expect(table: &Table<'_>, key: &'static str) -> Expect {
    let faults = table.faults();
    match table.node(key) {
        None => {
            table.missing(key);
            Expect::Yields(Vec::new())
        }
        Some(Node { kind: Kind::Text(text), .. }) => Expect::Holds(expression(text.clone(), faults)),
        Some(Node { kind: Kind::Table(entries), .. }) => {
            let pair = |(key, node): &(Text, Node)| (expression(key.clone(), faults), node.clone());
            Expect::Yields(entries.iter().map(pair).collect())
        }
        Some(node) => {
            let message = format!("`{key}` is {}; it must be an expression or a table of them", node.what());
            faults.add(node.span.clone(), Fault::new(message));
            Expect::Yields(Vec::new())
        }
    }
}

fn read_because(table: Table<'_>) -> Because {
    let because = Because {
        id: table.need_text("id"),
        when: read_expect(&table, "when"),
        say: template(table.need_text("say"), table.faults()),
    };
    table.done();
    because
}

fn read_hint(table: Table<'_>) -> Hint {
    let after_attempts = table.table("after").and_then(|after| {
        let attempts = after.whole("attempts");
        after.done();
        attempts
    });
    let text = template(table.need_text("text"), table.faults());
    let hint = Hint { text, cost: table.whole("cost").unwrap_or_default(), after_attempts };
    table.done();
    hint
}

fn read_probe_step(table: Table<'_>) -> Option<ProbeStep> {
    let step = if let Some(name) = table.text("see") {
        read_look(&table).map(|look| ProbeStep::See(Sight { name, look }))
    } else {
        let bind = table.text("bind");
        read_action(&table).map(|action| ProbeStep::Act { action, bind })
    };
    table.done();
    step
}

/// An action of a probe or a solution; its table may hold more members that the caller has asked for.
pub(super) fn read_action(table: &Table<'_>) -> Option<Action> {
    let faults = table.faults();
    if let Some(to) = table.text("put") {
        return Some(Action::Put { to: template(to, faults), file: template(table.need_text("file"), faults) });
    }
    if let Some(from) = table.text("delete") {
        return Some(Action::Delete { from: template(from, faults) });
    }
    if let Some(from) = table.text("copy") {
        return Some(Action::Copy { from: template(from, faults), to: template(table.need_text("to"), faults) });
    }
    if let Some(job) = table.text("run") {
        let arguments = table.node("arguments").cloned().unwrap_or_else(Node::empty_table);
        return Some(Action::Run { job: template(job, faults), arguments });
    }
    if table.has("advance") {
        return Some(Action::Advance { millis: millis(table, "advance").unwrap_or_default() });
    }
    if let Some(name) = table.text("call") {
        return Some(Action::Call(Call::new(name, with(table))));
    }
    let message = "one of `put`, `delete`, `copy`, `run`, `advance` or `call` says what is done";
    faults.add(table.span(), Fault::new(message));
    None
}

fn with(table: &Table<'_>) -> Node {
    table.node("with").cloned().unwrap_or_else(Node::empty_table)
}

fn millis(table: &Table<'_>, key: &'static str) -> Option<u64> {
    let text = table.text(key)?;
    let millis = duration(&text.value);
    if millis.is_none() {
        let fault = Fault::new(format!("`{}` is not a duration", text.value)).hint("write it as `90s`, `20m`, `1h` or `1d`");
        table.faults().add(text.span, fault);
    }
    millis
}

fn entries<T>(table: &Table<'_>, key: &'static str, read: fn(Text, &Faults<'_>) -> T) -> Vec<(Text, T)> {
    let entry = |(name, node): &(Text, Node)| match &node.kind {
        Kind::Text(text) => Some((name.clone(), read(text.clone(), table.faults()))),
        _ => {
            let fault = Fault::new(format!("`{}` is {}; it must be a string", name.value, node.what()));
            table.faults().add(node.span.clone(), fault);
            None
        }
    };
    table.entries(key).iter().filter_map(entry).collect()
}

fn template(text: Text, faults: &Faults<'_>) -> Template {
    let (template, flaw) = Template::parse(text);
    if let Some(flaw) = flaw {
        faults.add(template.text.part(flaw.part), Fault::new(flaw.message));
    }
    template
}

fn expression(text: Text, faults: &Faults<'_>) -> Expression {
    Expression { template: template(text, faults) }
}
