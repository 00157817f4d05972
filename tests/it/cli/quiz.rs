//! Questions from outside: in a pipe, as JSON, on a real terminal; what is kept, what comes back, what lint says of a bank.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use super::{json, run};
use crate::support::{Ended, Home, root};

/// Runs a command line with something to read.
fn told(home: &Home, line: &str, input: &str) -> Ended {
    let mut command = home.labrun(line.split(' '));
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(input.as_bytes()).expect("written");
    std::io::Seek::rewind(&mut file).expect("rewound");
    command.stdin(Stdio::from(file));
    Ended::of(command)
}

/// What was printed, a value a line.
fn values(ended: &Ended) -> Vec<Value> {
    let value = |line| serde_json::from_str(line).unwrap_or_else(|fault| panic!("{fault}: {}", ended.said()));
    ended.stdout.lines().map(value).collect()
}

#[test]
fn on_a_terminal_no_answer_is_lost() {
    let home = Home::bare();
    let mut command = home.command(Path::new("python3"));
    command.args(["-B", "-m", "unittest", "-v", "quiz"]).current_dir(root().join("tests/terminal"));
    command.env("LABRUN_TEST_PROGRAM", env!("CARGO_BIN_EXE_labrun"));
    let ended = Ended::of(command);
    assert!(ended.code == Some(0) && ended.stderr.contains("Ran 5 tests"), "{}", ended.said());
}

#[test]
fn a_quiz_in_a_pipe_is_answered_by_letters_and_goes_on_later() {
    let home = Home::bare();
    let first = told(&home, "quiz --skill 3.1.7 --count 3", "zz\nabcdef\n");
    assert_eq!(first.code, Some(0), "{}", first.said());
    assert!(first.stdout.contains("Question 1 of 3   3.1.7") && first.stdout.contains("`z` is none of A to"), "{}", first.said());
    assert!(first.stdout.contains("3 questions left: `labrun quiz --resume` goes on."), "{}", first.said());
    assert!(!first.stdout.contains('\u{1b}'), "no colors in a pipe");
    let resumed = values(&told(&home, "quiz --resume --format json", ""));
    assert_eq!((resumed[0]["question"].as_u64(), resumed[0]["of"].as_u64()), (Some(1), Some(3)));
    assert_eq!(resumed[0]["skill"], "3.1.7");
}

/// Answers every question with its first letters, and says what was dealt.
fn answer_all(home: &Home, line: &str) -> Vec<Value> {
    // More lines than any question wants: a wrong number of letters is refused and asked again.
    let input = "a\nab\nabc\nabcd\nabcde\n".repeat(40);
    values(&told(home, line, &input))
}

#[test]
fn every_option_has_its_reason_and_a_seed_deals_the_same_again() {
    let home = Home::bare();
    let said = answer_all(&home, "quiz --count 5 --format json");
    let marked: Vec<&Value> = said.iter().filter(|value| value["reasons"].is_array()).collect();
    assert_eq!(marked.len(), 5);
    for value in &marked {
        let reasons = value["reasons"].as_array().expect("a list");
        assert!(reasons.iter().all(|reason| reason["why"].as_str().is_some_and(|why| why.len() > 20)), "{value}");
        assert!(value["page"].as_str().is_some_and(|page| page.starts_with("https://docs.aws.amazon.com/")));
    }
    let end = said.last().expect("an end");
    assert_eq!(end["answered"], 5);
    let again = answer_all(&home, &format!("quiz --seed {} --format json", end["seed"]));
    let asked = |said: &[Value]| -> Vec<Value> {
        said.iter().filter(|value| value["stem"].is_string()).map(|value| value["options"].clone()).collect()
    };
    assert_eq!(asked(&said), asked(&again));
    let stats = json(&run(&home, "quiz stats --format json"));
    assert_eq!(stats.as_array().map(Vec::len), Some(5));
    assert!(stats.as_array().expect("rows").iter().all(|row| row["attempts"] == 2));
}

#[test]
fn what_was_wrong_comes_back_in_review_and_what_was_right_does_not() {
    let home = Home::bare();
    assert!(run(&home, "review").stdout.contains("Nothing to review yet"));
    let said = answer_all(&home, "quiz --count 12 --format json");
    let wrong = said.iter().filter(|value| value["right"] == false).count();
    assert!(wrong > 0, "twelve times the first letters are not all right");
    let review = told(&home, "review --plain", "");
    assert!(review.stderr.contains(&format!("0 due, {wrong} new")), "{}", review.said());
    let few = told(&home, "review --plain --new 1", "");
    assert!(few.stderr.contains("0 due, 1 new") || wrong == 1, "{}", few.said());
    let progress = json(&run(&home, "progress --format json"));
    assert_eq!((progress["due"].as_u64(), progress["new"].as_u64()), (Some(0), u64::try_from(wrong).ok()));
    assert!(progress["chance"].is_null() && progress["first_answers"].as_u64().is_some_and(|answers| answers <= 12));
    let next = json(&run(&home, "next --format json"));
    assert!(next["command"].as_str().is_some_and(|command| command.starts_with("labrun ")), "{next}");
}

#[test]
fn an_exam_is_left_gone_on_with_ended_and_looked_through() {
    let home = Home::bare();
    let left = told(&home, "exam", "\na\nn\nf\nr\ngo 65\nq\n");
    assert!(left.code == Some(0) && left.stderr.contains("`labrun exam --resume` goes on"), "{}", left.said());
    let second = told(&home, "exam", "");
    assert!(second.code == Some(2) && second.stderr.contains("an exam is under way; 2:09:"), "{}", second.said());
    let said = values(&told(&home, "exam --resume --format json", "end\nno\nend\nyes\n"));
    let report = said.last().expect("a report");
    assert_eq!(report["scored"], 50);
    assert!(report["unanswered"].as_u64().is_some_and(|open| open >= 64), "{report}");
    assert!(report["chance"]["high"].as_f64().is_some_and(|high| high < 0.01), "sixty-four left open: {report}");
    assert!(!report.to_string().contains("720") && !report.to_string().contains("1000"));
    let replay = run(&home, "exam --replay");
    assert!(
        replay.code == Some(0) && replay.stdout.matches("page  http").count() + replay.stdout.matches("\nhttp").count() >= 65
    );
    let all = run(&home, "exam --form all");
    assert!(all.code == Some(2) && all.stderr.contains("domains 1, 2 and 4 are not written yet"), "{}", all.said());
    assert_eq!(run(&home, "exam --resume").code, Some(2));
}

#[test]
fn what_does_not_exist_is_named_with_what_does() {
    let home = Home::bare();
    for (line, error, hint) in [
        ("quiz --skill 3.1.44", "there is no skill `3.1.44`", "did you mean `3.1.4`?"),
        ("quiz --topic glue-bookmark", "there is no topic `glue-bookmark`", "did you mean `glue-bookmarks`?"),
        ("quiz --bank gleu", "there is no bank `gleu`", "did you mean `glue`?"),
        ("quiz --count 0", "no question fits", "--count 10"),
        ("quiz --resume", "there is no unfinished quiz", "labrun quiz"),
        ("exam --replay", "there is no such exam", "labrun exam --end"),
        ("quiz export nothing --to gift", "there is no bank `nothing`", "named by its file"),
    ] {
        let ended = run(&home, line);
        assert!(ended.code == Some(2) && ended.stderr.contains(error) && ended.stderr.contains(hint), "{line}: {}", ended.said());
    }
}

#[test]
fn all_faults_of_a_bank_are_told_at_once_each_with_its_caret() {
    let home = Home::bare();
    let mut text = std::fs::read_to_string(root().join("quizzes/glue.toml")).expect("the bank");
    let faults = [
        ("skill = \"3.1.4\"", "skill = \"3.1.44\"", "did you mean `3.1.4`?"),
        ("kind = \"single\"", "kind = \"sinlge\"", "did you mean `single`?"),
        ("difficulty = \"medium\"", "dificulty = \"medium\"", "did you mean `difficulty`?"),
        ("lab = \"glue-bookmarks/", "lab = \"glue-bookmark/", "no lab has a check"),
        ("page = \"https://docs.aws.amazon.com/", "page = \"https://example.com/", "no page of AWS's documentation"),
        ("verified = 2026-11-24", "verified = 2024-01-31", "was last looked up"),
    ];
    for (from, to, _) in faults {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let file = home.path().join("glue.toml");
    std::fs::write(&file, &text).expect("written");
    let linted = home.run(&["lint", file.to_str().expect("text")]);
    assert_eq!(linted.code, Some(1), "{}", linted.said());
    for (_, spoilt, hint) in faults {
        let line = text.lines().position(|line| line.contains(spoilt)).expect("its line") + 1;
        assert!(
            linted.stderr.contains(hint) && linted.stderr.contains(&format!("glue.toml:{line}:")),
            "{spoilt}: {}",
            linted.said()
        );
    }
}

#[test]
fn a_bank_goes_to_other_programs_and_comes_back() {
    let home = Home::bare();
    let gift = run(&home, "quiz export glue --to gift");
    assert!(gift.code == Some(0) && gift.stdout.contains("::glue-001::"), "{}", gift.said());
    std::fs::write(home.path().join("glue.gift"), &gift.stdout).expect("written");
    let back = run(&home, "quiz import glue.gift --id mine");
    assert!(back.code == Some(0) && back.stdout.matches("[[item]]").count() >= 50, "{}", back.said());
    let anki = run(&home, "quiz export glue --to anki");
    assert!(anki.stdout.starts_with("#separator:tab\n") && anki.stdout.contains("labrun::glue-bookmarks"));
    let schema = json(&run(&home, "schema quiz"));
    assert_eq!(schema["type"], "object");
}

#[test]
fn the_coverage_table_is_what_lint_writes() {
    let home = Home::bare();
    let ended = run(&home, "lint --coverage coverage.md");
    assert_eq!(ended.code, Some(0), "{}", ended.said());
    let written = std::fs::read_to_string(home.path().join("coverage.md")).expect("written");
    let kept = std::fs::read_to_string(root().join("docs/coverage.md")).expect("the table");
    assert!(written == kept, "run `labrun lint --coverage docs/coverage.md` with a fresh build");
}
