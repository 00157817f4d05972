//! Tests of the pure parts: reading with all faults, expressions, expectations, plans, scores.

use serde_json::{Value, json};

use super::expect::diagnose;
use super::file::{Expect, Lab};
use super::lint::{Api, Members, Operation, Side, Surroundings};
use super::plan::{Given, counted, summary, variables};
use super::score::{CheckResult, Outcome, Score, TaskResult};
use super::template::{Context, Expression, Template, fill};
use super::{lint, read};
use crate::document::diagnostic::Faults;
use crate::document::node::Text;

const SMALL: &str = include_str!("tests/small.toml");

/// A model with one operation of everything that lint looks at.
struct Toy;

impl Api for Toy {
    fn services(&self) -> Vec<String> {
        vec!["glue".into(), "iam".into()]
    }

    fn operations(&self, service: &str) -> Vec<String> {
        match service {
            "glue" => vec!["GetJob".into(), "CreateJob".into(), "UpdateJob".into()],
            "iam" => vec!["CreateRole".into(), "DeleteRole".into()],
            _ => Vec::new(),
        }
    }

    fn members(&self, call: &Operation<'_>, side: Side, path: &[String]) -> Members {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let names = |all: &[&str], required: &[&str]| Members::Names {
            all: all.iter().map(|name| (*name).to_owned()).collect(),
            required: required.iter().map(|name| (*name).to_owned()).collect(),
        };
        match (call.name, side, path.as_slice()) {
            ("GetJob", Side::Input, []) => names(&["JobName"], &["JobName"]),
            ("GetJob", Side::Output, []) => names(&["Job"], &[]),
            ("GetJob", Side::Output, ["Job"]) => names(&["Name", "Role", "DefaultArguments"], &[]),
            ("GetJob", Side::Output, ["Job", "DefaultArguments"]) => Members::Any,
            ("CreateJob", Side::Input, []) => names(&["Name", "Role", "Command"], &["Name"]),
            ("CreateRole", Side::Input, []) => names(&["RoleName"], &["RoleName"]),
            ("CreateRole", Side::Output, []) => names(&["Role"], &[]),
            ("CreateRole", Side::Output, ["Role"]) => names(&["Arn"], &[]),
            ("DeleteRole", Side::Input, []) => names(&["RoleName"], &["RoleName"]),
            _ => Members::Leaf,
        }
    }
}

fn faults_of(source: &str) -> String {
    let (lab, mut found) = read::lab("lab.toml", source);
    let faults = Faults::new("lab.toml", source);
    let has_file = |file: &str| file == "files/job.py";
    let around = Surroundings { api: &Toy, folder: "small", has_file: &has_file, sets: &["spark"] };
    lint::lab(&lab, &faults, &around);
    found.extend(faults.finish());
    let line = |fault: &crate::document::diagnostic::Diagnostic| {
        let covered: String = fault.text.chars().skip(fault.column - 1).take(fault.width).collect();
        let hint = fault.hint.as_deref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{}:{} [{covered}] {}{hint}", fault.line, fault.column, fault.message)
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn small() -> Lab {
    let (lab, faults) = read::lab("lab.toml", SMALL);
    assert_eq!(faults, []);
    lab
}

fn text(value: &str) -> Text {
    Text { value: value.to_owned(), span: 0..0, inner: None }
}

fn expression(source: &str) -> Expression {
    Expression { template: Template::parse(text(source)).0 }
}

fn context(value: Value) -> Context {
    value.as_object().expect("a table").clone()
}

#[test]
fn a_sound_lab_has_no_faults() {
    assert_eq!(faults_of(SMALL), "");
}

#[test]
fn all_faults_come_at_once_each_at_its_place() {
    let broken = SMALL
        .replace("minutes = 5", "minuts = 5")
        .replace("needs = [\"spark\"]", "needs = [\"sparc\"]")
        .replace("\"glue.GetJob\"", "\"glue.GetJib\"")
        .replace("RoleName = \"{{role}}\" }\nbind", "RoleNam = \"{{role}}\" }\nbind")
        .replace("points = 2", "points = \"two\"")
        .replace("file = \"files/job.py\"", "file = \"files/jib.py\"");
    assert_eq!(
        faults_of(&broken),
        "\
3:1 [[lab]] `lab` needs `minutes`
7:1 [minuts] `lab` has no member `minuts` (did you mean `minutes`?)
40:10 [\"two\"] `points` is a string; it must be a whole number, zero or more
9:10 [\"sparc\"] there is no requirement set `sparc` (did you mean `spark`?)
20:67 [\"files/jib.py\"] there is no file `files/jib.py`
23:8 [{ RoleNam = \"{{role}}\" }] `with` of CreateRole needs `RoleName`
23:10 [RoleNam] `with` of CreateRole has no member `RoleNam` (did you mean `RoleName`?)
35:22 [GetJib] there is no operation of glue `GetJib` (did you mean `GetJob`?)
38:6 [\"option\"] `option` gives no points"
    );
}

#[test]
fn expressions_are_followed_through_the_models() {
    let broken = SMALL
        .replace("'job.Job.DefaultArguments.\"--x\"'", "'job.Job.DefaultArgument.\"--x\"'")
        .replace("job.Job.Role != role", "jub.Job.Role != rolle")
        .replace("{{job.Job.Role}}", "{{job.Job.Roll}}");
    assert_eq!(
        faults_of(&broken),
        "\
41:21 [DefaultArgument] `Job` of what GetJob returns has no member `DefaultArgument` (did you mean `DefaultArguments`?)
45:9 [jub] nothing is known as `jub` here (did you mean `job`?)
45:25 [rolle] nothing is known as `rolle` here (did you mean `role`?)
46:30 [Roll] `Job` of what GetJob returns has no member `Roll` (did you mean `Role`?)"
    );
}

#[test]
fn text_may_explain_but_not_give_points() {
    let broken = SMALL.replace("expect = { 'job", "expect = { \"contains(code.text, 'x')\" = true, 'job");
    assert!(faults_of(&broken).contains("[code] `code` is an object's text: it may explain (`because`), never give points"));
}

#[test]
fn a_not_before_a_path_is_named() {
    let broken = SMALL.replace("job.Job.Role != role", "!job.Job.Role");
    assert_eq!(faults_of(&broken), "45:13 [.] `!a.b` means `(!a).b` in JMESPath (write `!(a.b)`)");
}

#[test]
fn a_check_only_looks() {
    let broken = SMALL.replace("\"glue.GetJob\"", "\"glue.UpdateJob\"");
    assert!(faults_of(&broken).contains("`glue.UpdateJob` may change something; a check only looks"));
}

#[test]
fn syntax_errors_do_not_hide_other_faults() {
    let broken = SMALL.replace("minutes = 5", "minutes = = 5").replace("version = 1", "versio = 1");
    let faults = faults_of(&broken);
    assert!(faults.contains("`lab` has no member `versio`"), "{faults}");
    assert!(faults.lines().count() >= 3, "{faults}");
}

#[test]
fn a_newer_schema_is_named() {
    let (_, faults) = read::lab("lab.toml", &SMALL.replace("schema = 1", "schema = 2"));
    assert_eq!(faults[0].message, "this file is made for a newer labrun (schema 2; this one reads 1)");
}

#[test]
fn values_go_into_texts_as_words_and_into_expressions_as_literals() {
    let context = context(json!({ "name": "it's `x`", "n": 3, "rows": [{ "a": 1 }, { "a": 3 }] }));
    assert_eq!(Template::parse(text("{{name}} has {{n}}")).0.render(&context), "it's `x` has 3");
    assert_eq!(expression("rows[?a == {{n}}].a").value(&context), json!([3]));
    assert_eq!(expression("{{name}}").value(&context), json!("it's `x`"));
    assert_eq!(fill(&json!({ "{{n}}": ["{{n}}", "n{{n}}"] }), &context), json!({ "3": [3, "n3"] }));
}

#[test]
fn what_cannot_be_evaluated_is_null_and_false() {
    let context = context(json!({}));
    assert_eq!(expression("length(nothing)").value(&context), Value::Null);
    assert!(!expression("length(nothing) == `0`").holds(&context));
}

#[test]
fn unique_and_minus_compare_whole_values() {
    let context = context(json!({ "a": [1, 1, 2, { "x": 1 }, { "x": 1 }], "b": [1, { "x": 1 }] }));
    assert_eq!(expression("unique(a)").value(&context), json!([1, 2, { "x": 1 }]));
    assert_eq!(expression("minus(a, b)").value(&context), json!([1, 2, { "x": 1 }]));
}

#[test]
fn an_expectation_asks_only_for_what_it_names() {
    let lab = small();
    let expect = &lab.tasks[0].checks[0].expect;
    let green = context(json!({ "job": { "Job": { "DefaultArguments": { "--x": "y", "--z": "" } } } }));
    assert_eq!(expect.miss(&green), None);
    let miss = expect.miss(&context(json!({}))).expect("nothing fits");
    assert_eq!((miss.expected.as_str(), miss.actual.as_str()), ("y", "nothing"));
    assert!(matches!(expect, Expect::Yields(pairs) if pairs.len() == 1));
}

#[test]
fn the_first_diagnosis_that_fits_is_given() {
    let lab = small();
    let context = context(json!({ "role": "a", "job": { "Job": { "Role": "b" } } }));
    let found = diagnose(&lab.tasks[0].checks[0].because, &context);
    assert_eq!(found, Some(("role".to_owned(), "The role is b.".to_owned())));
    assert_eq!(diagnose(&lab.tasks[0].checks[0].because, &Context::new()), None);
}

#[test]
fn variables_are_made_of_the_session() {
    let given = Given { session: "small-7f3a", account: "1", region: "r" };
    let variables = variables(&small(), &given);
    assert_eq!(variables["role"], "role-7f3a");
    assert_eq!(variables["bucket"], "labrun-small-7f3a");
}

#[test]
fn what_was_set_up_is_counted_in_words() {
    assert_eq!(summary(&small()), "1 bucket, 1 role");
    assert_eq!(counted(2, "day of orders"), "2 days of orders");
    assert_eq!(counted(3, "policy"), "3 policies");
}

#[test]
fn credit_is_lowered_by_solve_and_by_paid_hints_only() {
    let check = |points, outcome| CheckResult { id: String::new(), title: String::new(), points, outcome };
    let task = |solved, paid, checks| TaskResult { id: String::new(), title: String::new(), solved, paid, checks };
    let score = Score {
        tasks: vec![
            task(true, 0, vec![check(2, Outcome::Passed)]),
            task(false, 1, vec![check(2, Outcome::Passed), check(1, Outcome::Failed { miss: None, because: None })]),
            task(false, 1, vec![check(3, Outcome::Passed), check(4, Outcome::Elsewhere)]),
        ],
    };
    assert_eq!((score.points(), score.total(), score.credit()), (7, 8, 4));
    assert_eq!(score.current(), Some(1));
    assert!(!score.complete());
}
