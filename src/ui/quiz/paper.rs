//! Questions line by line, for pipes, scripts and screen readers: printed once, answered by a line of letters. Also as JSON, a value a line.

use std::io::{self, BufRead as _};

use serde_json::{Value, json};

use super::question::{self, View, letter};
use super::{After, Asked, Desk, Kind, Move, Reply, Under, form};
use crate::quiz::bank::Asks;
use crate::quiz::mark::{self, Answer, Credit};
use crate::quiz::sitting::Rating;
use crate::ui::Ui;
use crate::ui::columns::width;
use crate::ui::page::prose;

#[derive(Debug)]
pub(crate) struct Paper {
    ui: Ui,
    /// The question of an exam that was printed last, and whether that was the list.
    printed: Option<(usize, bool)>,
}

impl Paper {
    pub(crate) fn new(ui: Ui) -> Self {
        Paper { ui, printed: None }
    }

    /// The next line that was typed, in small letters; `None` at the end of the input.
    fn line(&self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim().to_lowercase()))
    }

    fn print(&self, lines: &[crate::ui::page::Line]) {
        lines.iter().for_each(|line| self.ui.data(line.painted().trim_end()));
    }

    fn value(&self, value: &Value) {
        self.ui.data(&value.to_string());
    }

    fn heading(&self, asked: &Asked<'_>) {
        self.ui.data(&format!("\n{} {} of {}   {}", asked.title, asked.number, asked.of, asked.aside()));
        if !asked.note.is_empty() {
            self.ui.data(&format!("! {}", asked.note));
        }
    }

    /// Says that something was kept, in one line, so that whoever waits for one gets it.
    fn noted(&self, name: &str, value: Value) {
        if self.ui.json {
            self.value(&json!({ name: value }));
        } else {
            self.ui.data(&format!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
    }

    fn prompt(&self, prompt: &str) {
        if self.ui.json { self.value(&json!({ "prompt": prompt })) } else { self.ui.data(&format!("\n{prompt}:")) }
    }

    /// Says what is wrong with a line that was typed.
    fn wrong(&self, why: &str) {
        if self.ui.json { self.value(&json!({ "error": why })) } else { self.ui.data(why) }
    }
}

/// The answer that a line of letters or numbers gives: `b`, `a,c`, `C A B`.
fn answer(line: &str, asks: &Asks, shown: &[usize]) -> Result<Answer, String> {
    let last = letter(shown.len().saturating_sub(1));
    let mut answer = Answer::default();
    for typed in line.chars().filter(|typed| !typed.is_whitespace() && !matches!(typed, ',' | ';' | '>')) {
        let place = match typed {
            'a'..='z' => typed as usize - 'a' as usize,
            '1'..='9' => typed as usize - '1' as usize,
            _ => usize::MAX,
        };
        let pick = shown.get(place).ok_or_else(|| format!("`{typed}` is none of A to {last}"))?;
        if answer.0.contains(pick) {
            return Err(format!("`{typed}` stands there twice"));
        }
        answer.0.push(*pick);
    }
    if answer.complete(asks) { Ok(answer) } else { Err(format!("{} given, {} asked for", answer.0.len(), asks.picks())) }
}

fn prompt(asks: &Asks) -> String {
    let last = letter(asks.len().saturating_sub(1));
    match asks {
        Asks::Single(_) => format!("Answer (A to {last}):"),
        Asks::Multiple(_) => format!("Answer ({} of A to {last}, such as: A C):", asks.picks()),
        Asks::Order(_) => "Answer (all letters in order, such as: C A B):".to_owned(),
        Asks::Match(_) => "Answer (a letter for 1, 2, … in turn, such as: C A B):".to_owned(),
    }
}

fn open_question(view: &View<'_>, number: usize, of: usize) -> Value {
    let item = view.found.item;
    let texts = item.asks.texts();
    let options: Vec<Value> = view
        .dealt
        .shown
        .iter()
        .enumerate()
        .map(|(place, pick)| json!({ "letter": letter(place), "text": texts[*pick] }))
        .collect();
    let lefts: Vec<&str> = match &item.asks {
        Asks::Match(pairs) => pairs.iter().map(|pair| pair.left.value.as_str()).collect(),
        _ => Vec::new(),
    };
    json!({
        "question": number, "of": of, "item": item.id(), "kind": item.asks.name(), "skill": item.skill.value,
        "picks": item.asks.picks(), "scenario": view.found.case().map(|case| case.scenario.value.trim()),
        "stem": item.stem.value.trim(), "lefts": lefts, "options": options,
    })
}

fn marked_question(view: &View<'_>, credit: Credit) -> Value {
    let item = view.found.item;
    let key = mark::key(&item.asks);
    let (texts, whys) = (item.asks.texts(), item.asks.whys());
    let reason = |pick: &usize| json!({ "letter": view.letter_of(*pick), "text": texts[*pick], "why": whys[*pick].value });
    let fact = view.found.fact();
    json!({
        "item": item.id(), "credit": credit, "right": credit.full(), "answer": view.letters(view.answer), "key": view.letters(&key),
        "reasons": view.dealt.shown.iter().map(reason).collect::<Vec<_>>(),
        "fact": fact.map(|fact| fact.text.value.as_str()), "page": fact.map(|fact| fact.page.value.as_str()),
        "lab": item.lab.as_ref().map(|lab| lab.value.as_str()),
    })
}

impl Desk for Paper {
    fn ready(&mut self, title: &str, text: &str) -> io::Result<bool> {
        if !self.ui.json {
            self.ui.data(title);
            self.print(&prose(text, width()));
        }
        self.prompt("Begin? (enter begin, q not now)");
        Ok(self.line()?.is_some_and(|line| !line.starts_with(['q', 'n'])))
    }

    fn ask(&mut self, asked: &Asked<'_>) -> io::Result<Reply> {
        let (empty, asks) = (Answer::default(), &asked.found.item.asks);
        let view = asked.view(&empty, None);
        if self.ui.json {
            let mut value = open_question(&view, asked.number, asked.of);
            if !asked.note.is_empty() {
                value["note"] = json!(asked.note);
            }
            self.value(&value);
        } else {
            self.heading(asked);
            self.print(&question::asked(&view, width()).0);
        }
        loop {
            if !self.ui.json {
                self.ui.data(&format!("\n{}", prompt(asks)));
            }
            match self.line()?.as_deref() {
                None | Some("q" | "quit") => return Ok(Reply::Leave),
                Some("u" | "undo") if asked.review() => return Ok(Reply::Undo),
                Some(line) => match answer(line, asks, &asked.dealt.shown) {
                    Ok(answer) => return Ok(Reply::Answer(answer)),
                    Err(why) => self.wrong(&why),
                },
            }
        }
    }

    fn marked(&mut self, asked: &Asked<'_>, answer: &Answer, credit: Credit) -> io::Result<After> {
        let view = asked.view(answer, None);
        let replay = asked.kind == Kind::Replay;
        if self.ui.json {
            let mut value = if replay { open_question(&view, asked.number, asked.of) } else { json!({}) };
            if let (Some(open), Value::Object(marked)) = (value.as_object_mut(), marked_question(&view, credit)) {
                open.extend(marked);
            }
            self.value(&value);
        } else {
            let (lines, verdict) = question::marked(&view, credit, width());
            if replay {
                self.heading(asked);
            }
            // Otherwise the question stands above already.
            self.print(&lines[if replay { 0 } else { verdict }..]);
        }
        if !asked.review() || !credit.full() {
            return Ok(After::Next);
        }
        loop {
            const PROMPT: &str = "How was it? (enter good, h hard, e easy, u undo, q leave)";
            self.prompt(PROMPT);
            return Ok(match self.line()?.as_deref() {
                None | Some("q" | "quit") => After::Leave,
                Some("h" | "hard") => After::Rate(Rating::Hard),
                Some("e" | "easy") => After::Rate(Rating::Easy),
                Some("u" | "undo") => After::Undo,
                Some("" | "g" | "good") => After::Next,
                Some(_) => continue,
            });
        }
    }

    fn exam(&mut self, under: &Under<'_>, overview: bool) -> io::Result<Move> {
        if self.printed != Some((under.at, overview)) {
            self.print_exam(under, overview);
        }
        self.printed = Some((under.at, overview));
        let Some(line) = self.line()? else { return Ok(Move::Leave) };
        let question = &under.sitting.questions[under.at];
        Ok(match line.as_str() {
            "q" | "quit" => Move::Leave,
            "" | "n" | "next" => Move::Go(under.at + 1),
            "p" | "previous" => Move::Go(under.at.saturating_sub(1)),
            "f" | "flag" | "g" => {
                self.noted("flagged", json!(!question.flagged));
                Move::Flag
            }
            "r" | "list" | "review" => Move::Overview,
            "end" => Move::End,
            line => match line.strip_prefix("go ").map(str::parse::<usize>) {
                Some(Ok(number)) if (1..=under.sitting.questions.len()).contains(&number) => Move::Open(number - 1),
                Some(_) => {
                    self.wrong(&format!("there are questions 1 to {}", under.sitting.questions.len()));
                    Move::Wait
                }
                None => match answer(line, &under.found.item.asks, &question.dealt.shown) {
                    Ok(answer) => {
                        let view = View { found: under.found, dealt: &question.dealt, answer: &answer, cursor: None };
                        self.noted("answer", json!(view.letters(&answer)));
                        Move::Pick(answer)
                    }
                    Err(why) => {
                        self.wrong(&why);
                        Move::Wait
                    }
                },
            },
        })
    }

    fn confirm_end(&mut self, under: &Under<'_>) -> io::Result<bool> {
        let open = under.sitting.questions.len() - under.sitting.answered();
        if self.ui.json {
            self.value(&json!({ "confirm": "end", "unanswered": open }));
        } else {
            self.ui.data(&format!("End the exam? {open} without an answer count as wrong. (yes or no):"));
        }
        self.printed = None;
        Ok(matches!(self.line()?.as_deref(), Some("y" | "yes")))
    }
}

impl Paper {
    fn print_exam(&self, under: &Under<'_>, overview: bool) {
        let question = &under.sitting.questions[under.at];
        let view = View { found: under.found, dealt: &question.dealt, answer: &question.answer, cursor: None };
        let of = under.sitting.questions.len();
        if self.ui.json {
            let mut value = open_question(&view, under.at + 1, of);
            value["answer"] = json!(view.letters(&question.answer));
            value["flagged"] = json!(question.flagged);
            value["left_ms"] = json!(under.left_ms);
            return self.value(&value);
        }
        if overview {
            self.print(&form::head(under, "Exam: all questions", width()));
            self.print(&form::overview(under, width()).0);
            return self.ui.data("\ngo N · end · q leaves (time runs on):");
        }
        self.print(&form::head(under, &format!("Exam {} of {of}", under.at + 1), width()));
        self.print(&question::asked(&view, width()).0);
        self.ui.data("\nLetters answer · n next · p previous · go N · f flag · r list of all · end · q leaves (time runs on):");
    }
}
