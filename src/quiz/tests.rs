//! Properties of drawing, marking and review, on banks and learners made up from seeds.

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use super::bank::{Asks, Bank, Item};
use super::blueprint::{SKILLS, skills_of};
use super::draw::{self, LastSeen};
use super::history::History;
use super::library::{Filter, Library};
use super::mark::{self, Answer, Credit};
use super::mastery::{self, LabEvidence};
use super::review;
use super::sitting::{Entry, Event, Mode, Rating};
use super::{anki, gift, read};

const DAY: u64 = 86_400_000;

/// The text of a bank: for each skill, `each` items of kinds that take turns, and a case of two.
fn text(each: usize) -> String {
    let mut text = String::from("schema = 1\n[bank]\nid = \"made\"\ntitle = \"Made up\"\nexam = \"DEA-C01\"\nguide = \"1.1\"\n");
    text += "[[fact]]\nid = \"f\"\ntext = \"A fact.\"\npage = \"https://docs.aws.amazon.com/x\"\n[[case]]\nid = \"c\"\ntitle = \"A case\"\nscenario = \"It is.\"\n";
    for (number, skill) in SKILLS.iter().flat_map(|skill| std::iter::repeat_n(skill, each)).enumerate() {
        text += &item(&format!("i-{number:04}"), skill.id, number % 6, "");
    }
    text + &item("c-1", "3.1.1", 0, "case = \"c\"\n") + &item("c-2", "3.1.1", 1, "case = \"c\"\n")
}

fn item(id: &str, skill: &str, kind: usize, more: &str) -> String {
    let choices = |correct: usize, of: usize| -> String {
        let choice = |at| format!("[[item.option]]\ntext = \"{id} {at}\"\nwhy = \"because {at}\"\ncorrect = {}\n", at < correct);
        (0..of).map(choice).collect()
    };
    let (kind, asks) = match kind {
        0 | 1 => ("single", choices(1, 4)),
        2 => ("multiple", choices(2, 5)),
        3 => ("multiple", choices(3, 6)),
        4 => ("order", (0..4).map(|at| format!("[[item.step]]\ntext = \"{id} {at}\"\nwhy = \"because\"\n")).collect()),
        _ => (
            "match",
            (0..3).map(|at| format!("[[item.pair]]\nleft = \"l{at}\"\nright = \"r{at}\"\nwhy = \"because\"\n")).collect(),
        ),
    };
    format!(
        "[[item]]\nid = \"{id}\"\nkind = \"{kind}\"\nskill = \"{skill}\"\ntopics = [\"sdk\"]\nfact = \"f\"\ndifficulty = \"easy\"\nverified = 2026-11-24\nmisconception = \"m\"\n{more}stem = \"What of {id}?\"\n{asks}"
    )
}

fn bank(each: usize) -> Bank {
    let (bank, faults) = read::bank("made.toml", &text(each));
    assert_eq!(faults, []);
    bank
}

fn dice(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

#[test]
fn practice_deals_no_item_twice_and_keeps_a_case_together() {
    let library = Library::new(vec![bank(6)]);
    let items = library.items();
    for seed in 0..200 {
        let mut dice = dice(seed);
        let count = dice.random_range(0..40);
        let mut seen = LastSeen::new();
        for item in &items {
            if dice.random_bool(0.5) {
                seen.insert(item.id().to_owned(), dice.random_range(1..99));
            }
        }
        let dealt = draw::practice(&items, count, &seen, &mut dice);
        assert!(dealt.len() <= count && dealt.len() + 1 >= count, "a case of two may not fit: {} of {count}", dealt.len());
        let mut ids: Vec<&str> = dealt.iter().map(|dealt| dealt.item.as_str()).collect();
        if let Some(first) = ids.iter().position(|id| *id == "c-1") {
            assert_eq!(ids.get(first + 1), Some(&"c-2"));
        }
        let newest_new = ids.iter().rposition(|id| !seen.contains_key(*id) && !id.starts_with('c'));
        let oldest_seen = ids.iter().position(|id| seen.contains_key(*id) && !id.starts_with('c'));
        assert!(newest_new.is_none() || oldest_seen.is_none() || newest_new < oldest_seen, "new ones come first");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), dealt.len());
        for question in &dealt {
            let asks = &library.dealt(question).expect("a dealt item is there").item.asks;
            let mut places = question.shown.clone();
            assert!(!matches!(asks, Asks::Order(_)) || !places.is_sorted(), "an order is never shown solved");
            places.sort_unstable();
            assert_eq!(places, (0..asks.len()).collect::<Vec<_>>());
        }
    }
}

#[test]
fn an_exam_form_is_even_complete_and_the_same_for_a_seed() {
    let library = Library::new(vec![bank(12)]);
    for (prefix, seed) in (0..60).flat_map(|seed| [("3.1", seed), ("3", seed)]) {
        let skills: Vec<_> = skills_of(prefix).collect();
        let form = draw::exam(&library.items(), &skills, (65, 15), &LastSeen::new(), &mut dice(seed)).expect("enough items");
        assert_eq!(Ok(&form), draw::exam(&library.items(), &skills, (65, 15), &LastSeen::new(), &mut dice(seed)).as_ref());
        assert_eq!((form.len(), form.iter().filter(|dealt| !dealt.scored).count()), (65, 15));
        let mut ids: Vec<&str> = form.iter().map(|dealt| dealt.item.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 65, "no item twice");
        let items: Vec<&Item> = form.iter().filter_map(|dealt| Some(library.dealt(dealt)?.item)).collect();
        assert!(items.iter().all(|item| item.examinable()));
        let of = |skill: &str| items.iter().filter(|item| item.skill.value == skill).count();
        let counts: Vec<usize> = skills.iter().map(|skill| of(skill.id)).collect();
        assert!(counts.iter().max() <= counts.iter().min().map(|least| least + 1).as_ref(), "{counts:?}");
    }
}

#[test]
fn a_form_that_the_bank_cannot_fill_names_every_skill_that_lacks_items() {
    let library = Library::new(vec![bank(6)]);
    let skills: Vec<_> = skills_of("3.1").collect();
    let short =
        draw::exam(&library.items(), &skills, (65, 15), &LastSeen::new(), &mut dice(1)).expect_err("6 items a skill are too few");
    assert_eq!(short.len(), skills.len());
    assert!(short.iter().all(|short| short.has == 4 && short.needs >= 7), "{short:?}");
}

#[test]
fn the_key_is_worth_all_and_nothing_else_is() {
    let bank = bank(6);
    let mut dice = dice(7);
    for item in &bank.items {
        let key = mark::key(&item.asks);
        assert!(key.complete(&item.asks));
        assert_eq!((mark::practice(&item.asks, &key), mark::exam(&item.asks, &key)), (Credit(1.0), Credit(1.0)));
        assert_eq!(mark::practice(&item.asks, &Answer::default()), Credit(0.0));
        for _ in 0..50 {
            let mut picks: Vec<usize> = (0..item.asks.len()).collect();
            picks.shuffle(&mut dice);
            picks.truncate(dice.random_range(0..=item.asks.len()));
            let credit = mark::practice(&item.asks, &Answer(picks.clone()));
            assert!((0.0..=1.0).contains(&credit.0), "{picks:?}: {credit:?}");
            let same = match item.asks {
                Asks::Single(_) | Asks::Multiple(_) => {
                    picks.len() == key.0.len() && picks.iter().all(|pick| key.0.contains(pick))
                }
                Asks::Order(_) | Asks::Match(_) => picks == key.0,
            };
            assert_eq!(credit.full(), same, "{} {picks:?}", item.id());
            assert_eq!(mark::exam(&item.asks, &Answer(picks)), Credit(f64::from(u8::from(same))));
        }
    }
}

#[test]
fn a_wrong_pick_never_helps_and_the_order_of_picks_is_no_matter() {
    let bank = bank(6);
    let mut dice = dice(9);
    for item in bank.items.iter().filter(|item| matches!(item.asks, Asks::Multiple(_))) {
        let key = mark::key(&item.asks);
        for _ in 0..30 {
            let mut picks: Vec<usize> = (0..item.asks.len()).filter(|_| dice.random_bool(0.5)).collect();
            let before = mark::practice(&item.asks, &Answer(picks.clone()));
            let wrong = (0..item.asks.len()).find(|pick| !key.0.contains(pick) && !picks.contains(pick));
            picks.extend(wrong);
            picks.shuffle(&mut dice);
            let after = mark::practice(&item.asks, &Answer(picks));
            assert!(if wrong.is_some() { after <= before } else { after == before });
        }
    }
}

#[test]
fn keys_pressed_make_an_answer_and_pressed_again_take_it_back() {
    for item in &bank(6).items {
        let (mut answer, key) = (Answer::default(), mark::key(&item.asks));
        key.0.iter().for_each(|pick| answer.press(&item.asks, *pick));
        assert!(answer.complete(&item.asks) && mark::practice(&item.asks, &answer).full());
        if !matches!(item.asks, Asks::Single(_)) {
            key.0.iter().rev().for_each(|pick| answer.press(&item.asks, *pick));
            assert_eq!(answer, Answer::default());
        }
    }
}

fn entry(at_ms: u64, event: Event) -> Entry {
    Entry { sitting: "s".into(), at_ms, event }
}

/// A review of one item, and what a learner does.
fn story(events: &[(u64, Event)]) -> History {
    let bank = bank(1);
    let deal = vec![draw::deal(&bank.items[0], &mut dice(1))];
    let mut entries = vec![entry(0, Event::Start { mode: Mode::Review, seed: 1, deal })];
    entries.extend(events.iter().map(|(at_ms, event)| entry(*at_ms, event.clone())));
    // What is folded is what comes back from disk.
    let lines: Vec<String> = entries.iter().map(|entry| serde_json::to_string(entry).expect("an entry is JSON")).collect();
    History::of(&lines.iter().map(|line| serde_json::from_str(line).expect("JSON is an entry")).collect::<Vec<_>>())
}

fn answer(credit: f64) -> Event {
    Event::Answer { question: 0, answer: Answer(vec![0]), credit: Credit(credit) }
}

#[test]
fn only_what_was_wrong_becomes_a_card_and_an_undo_is_as_if_nothing_was() {
    let cards = |history: &History| review::cards(&history.attempts(), &[]).expect("scheduled");
    assert_eq!(cards(&story(&[(5, answer(1.0))])), []);
    let wrong = cards(&story(&[(5, answer(0.5))]));
    assert_eq!((wrong.len(), wrong[0].reviews, wrong[0].due_ms), (1, 0, 5));
    let again = Event::Deal { dealt: draw::deal(&bank(1).items[0], &mut dice(2)) };
    let undone = story(&[(5, answer(0.0)), (5, again), (6, Event::Undo { question: 0 })]);
    assert_eq!(undone.sittings, story(&[]).sittings);
}

#[test]
fn a_red_check_makes_a_card_and_answers_move_it() {
    let red = [("i-0000".to_owned(), 3)];
    let card = |events: &[(u64, Event)]| review::cards(&story(events).attempts(), &red).expect("scheduled").remove(0);
    assert_eq!(card(&[]).due_ms, 3);
    let rated = |rating| card(&[(5, answer(1.0)), (6, Event::Rate { question: 0, rating })]).due_ms;
    let (hard, good, easy) = (rated(Rating::Hard), rated(Rating::Good), rated(Rating::Easy));
    assert!(5 + DAY <= hard && hard <= good && good <= easy, "{hard} {good} {easy}");
    let forgotten = card(&[(5, answer(0.0))]).due_ms;
    assert!((5 + 600_000..=5 + DAY).contains(&forgotten), "within the day, not at once: {forgotten}");
}

#[test]
fn what_is_remembered_comes_later_each_time_and_what_is_forgotten_becomes_a_leech() {
    let fsrs = fsrs::FSRS::default();
    let mut card = review::cards(&[], &[("i".to_owned(), 0)]).expect("scheduled").remove(0);
    let mut wait = 0;
    for _ in 0..6 {
        let at_ms = card.due_ms;
        card.rate(&fsrs, Rating::Good, at_ms).expect("scheduled");
        assert!(card.due_ms - at_ms > wait, "{} then {}", wait, card.due_ms - at_ms);
        wait = card.due_ms - at_ms;
    }
    assert!(!card.leech());
    for _ in 0..4 {
        let at_ms = card.due_ms + DAY;
        card.rate(&fsrs, Rating::Again, at_ms).expect("scheduled");
    }
    assert!(card.leech());
}

#[test]
fn a_day_has_no_more_new_cards_than_allowed() {
    let red: Vec<(String, u64)> = (0..9).map(|number| (format!("i-{number:04}"), number)).collect();
    let cards = review::cards(&[], &red).expect("scheduled");
    let due = review::due(cards, DAY, 4);
    assert_eq!((due.due.len(), due.new.len(), due.held), (0, 4, 5));
    assert_eq!(due.new[0].item, "i-0000", "the oldest first");
    let history = story(&[(DAY + 5, answer(1.0))]);
    let cards = review::cards(&history.attempts(), &red).expect("scheduled");
    assert_eq!(review::begun_since(&cards, DAY), 1);
    assert_eq!(review::begun_since(&cards, DAY + 6), 0);
}

#[test]
fn mastery_joins_answers_and_labs_and_fades() {
    let bank = bank(1);
    let items: Vec<&Item> = bank.items.iter().collect();
    let attempts = story(&[(0, answer(1.0))]).attempts();
    let labs = [LabEvidence { skill: "3.1.1".into(), share: 1.0, at_ms: 0 }];
    let level = |labs: &[LabEvidence], now| mastery::of(&items, &attempts, labs, now)[0].level;
    assert!(0.0 < level(&[], 0) && level(&[], 0) < level(&labs, 0) && level(&labs, 0) < 1.0);
    assert!(level(&labs, 90 * DAY) < level(&labs, 0) && level(&labs, 3000 * DAY) < 0.01);
    let other = mastery::of(&items, &attempts, &labs, 0);
    assert!(other[1..].iter().all(|row| row.level == 0.0), "one skill says nothing of another");
}

#[test]
fn any_part_of_a_record_is_a_record() {
    let mut dice = dice(3);
    let events: Vec<(u64, Event)> = (0..200)
        .map(|at_ms| {
            let question = dice.random_range(0..3);
            let event = match dice.random_range(0..6) {
                0 => Event::Answer { question, answer: Answer(vec![1]), credit: Credit(dice.random_range(0.0..1.0)) },
                1 => Event::Undo { question },
                2 => Event::Flag { question, on: dice.random_bool(0.5) },
                3 => Event::Deal { dealt: draw::deal(&bank(1).items[0], &mut dice) },
                4 => Event::Pick { question, answer: Answer(vec![0, 2]) },
                _ => Event::Rate { question, rating: Rating::Hard },
            };
            (at_ms, event)
        })
        .collect();
    for end in 0..events.len() {
        let history = story(&events[..end]);
        assert!(review::cards(&history.attempts(), &[]).is_ok());
    }
}

#[test]
fn filters_take_a_skill_a_task_or_a_domain() {
    let library = Library::new(vec![bank(2)]);
    let count = |skill: &str| library.matching(&Filter { skill: Some(skill.into()), ..Filter::default() }).len();
    assert_eq!((count("3.1.4"), count("3.1"), count("3"), count("3.1.40")), (2, 2 * 9 + 2, 2 * 28 + 2, 0));
}

#[test]
fn gift_carries_a_bank_there_and_back() {
    let bank = bank(3);
    let (text, faults) = gift::read("made.gift", &gift::write(&bank), "back");
    assert_eq!(faults, []);
    let (back, faults) = read::bank("back.toml", &text.replace("verified = \"TODO\"", "verified = 2026-11-24"));
    assert_eq!(faults, []);
    let asked: Vec<&Item> = bank.items.iter().filter(|item| !matches!(item.asks, Asks::Order(_))).collect();
    assert_eq!(back.items.len(), asked.len());
    for (there, back) in asked.into_iter().zip(&back.items) {
        let said = |item: &Item| (item.asks.name(), item.asks.texts().join("|"), mark::key(&item.asks));
        assert_eq!(said(there), said(back));
        let whys = |item: &Item| item.asks.whys().iter().map(|why| why.value.clone()).collect::<Vec<_>>();
        assert!(matches!(there.asks, Asks::Match(_)) || whys(there) == whys(back), "GIFT has no reasons for pairs");
        assert!(back.stem.value.ends_with(&there.stem.value), "a scenario goes into the stem");
    }
}

#[test]
fn gift_questions_that_no_item_can_be_are_faults_with_their_place() {
    let source = "// a remark\n$CATEGORY: x\n\n::one:: Two plus two\\? {=4#yes ~3 ~5 ~6}\n\nTrue? {T}\n\nSay it {=short =answer}\n\nNo answers here\n";
    let (text, faults) = gift::read("x.gift", source, "x");
    assert!(text.contains("stem = \"Two plus two?\"") && text.contains("why = \"yes\""), "{text}");
    let places: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(places, [6, 8, 10]);
}

#[test]
fn an_anki_note_is_one_line_of_four_cells() {
    let text = anki::write(&bank(1));
    let notes: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(notes.len(), bank(1).items.len());
    assert!(notes.iter().all(|note| note.split('\t').count() == 4), "{}", notes[0]);
}

/// A change that makes the file wrong, or leaves it right.
type Change = (&'static str, &'static str, bool);

#[test]
fn the_schema_accepts_what_the_reader_accepts_and_nothing_else() {
    let good = text(1);
    let changes: [Change; 19] = [
        ("", "", true),
        ("retired", "retired", true),
        ("kind = \"single\"", "kind = \"sinlge\"", false),
        ("correct = true", "correct = 1", false),
        ("correct = true", "correct = false", false),
        ("difficulty = \"easy\"", "difficulty = \"simple\"", false),
        ("difficulty = \"easy\"\n", "", false),
        ("verified = 2026-11-24", "verified = \"2026-11-24\"", true),
        ("verified = 2026-11-24", "verified = \"24.11.2026\"", false),
        ("why = \"because 0\"\n", "", false),
        ("stem = ", "stm = ", false),
        ("topics = [\"sdk\"]", "topics = \"sdk\"", false),
        ("[[item.step]]", "[[item.stpe]]", false),
        ("[[item.pair]]\nleft = \"l0\"\nright = \"r0\"\nwhy = \"because\"\n", "", false),
        ("right = \"r0\"", "right = 0", false),
        ("title = \"Made up\"\n", "title = \"Made up\"\nretired = [\"i-9\"]\n", true),
        ("title = \"Made up\"\n", "", false),
        ("schema = 1", "schema = 2", false),
        ("kind = \"single\"", "kind = \"single\"\nlab = \"a/b.c\"\nrefs = [\"https://docs.aws.amazon.com/y\"]", true),
    ];
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("bank.json", super::schema::bank()).expect("a schema");
    let schema = compiler.compile("bank.json", &mut schemas).expect("a schema");
    for (from, to, right) in changes {
        let text = good.replacen(from, to, 1);
        let faults = crate::document::diagnostic::Faults::new("made.toml", &text);
        let document = crate::document::node::parse(&faults).json();
        let read = read::bank("made.toml", &text).1;
        let valid = schemas.validate(&document, schema);
        assert_eq!((read.is_empty(), valid.is_ok()), (right, right), "{from} → {to}: {read:?} {valid:?}");
    }
}

#[test]
fn the_schema_knows_every_member_that_the_reader_knows() {
    let schema = super::schema::bank();
    let item = &schema["properties"]["item"]["items"]["properties"];
    let members = |value: &serde_json::Value| {
        value.as_object().expect("an object").keys().cloned().collect::<std::collections::BTreeSet<_>>()
    };
    let unknown =
        "schema = 1\nnothing = 1\n[bank]\nnothing = 1\n[[item]]\nkind = \"single\"\nnothing = 1\n[[item.option]]\nnothing = 1\n";
    let faults = read::bank("x.toml", unknown).1;
    assert_eq!(faults.iter().filter(|fault| fault.message.contains("has no member `nothing`")).count(), 4);
    let asked = [
        "case",
        "difficulty",
        "fact",
        "id",
        "kind",
        "lab",
        "misconception",
        "option",
        "pair",
        "refs",
        "skill",
        "stem",
        "step",
        "topics",
        "verified",
    ];
    assert_eq!(members(item), asked.map(str::to_owned).into());
}

#[test]
fn lint_tells_of_what_no_reader_would_forgive() {
    let good = text(1);
    let flaws = [
        (
            "why = \"because 0\"",
            "why = \"Option A is wrong because of this and that and more words\"",
            "nobody knows which one is A",
        ),
        ("text = \"i-0000 1\"", "text = \"i-0000 0\"", "`i-0000` has this twice: i-0000 0"),
        ("text = \"i-0000 1\"", "text = \" \"", "this text is empty"),
        ("text = \"i-0000 1\"", "text = \"a\\u001bb\"", "the sign \\u{1b}"),
        ("text = \"i-0000 1\"", "text = \"None of these\"", "tests reading, not knowing"),
        ("verified = 2026-11-24", "verified = 2030-01-01", "no day that has been"),
        ("verified = 2026-11-24", "verified = \"2026-13-45\"", "no day that has been"),
        ("topics = [\"sdk\"]", "topics = []", "has no topic"),
        ("id = \"i-0000\"", "id = \"I 0\"", "small letters"),
        ("case = \"c\"\n", "", "case `c` has no item"),
        ("left = \"l1\"", "left = \"l0\"", "two pairs have this left side"),
        ("id = \"i-0001\"", "id = \"i-0000\"", "there is another item `i-0000`"),
        ("title = \"Made up\"\n", "title = \"Made up\"\nretired = [\"i-0000\"]\n", "is retired"),
    ];
    for (from, to, message) in flaws {
        let text = if from.starts_with("case") { good.replace(from, to) } else { good.replacen(from, to, 1) };
        let (bank, _) = read::bank("made.toml", &text);
        let faults = crate::document::diagnostic::Faults::new("made.toml", &text);
        let around = super::lint::Surroundings { name: "made", today: "2026-11-24", has_check: &|_| true, others: &[] };
        super::lint::bank(&bank, &faults, &around);
        let faults = faults.finish();
        assert!(faults.iter().any(|fault| fault.message.contains(message)), "{message}: {faults:#?}");
    }
}
