//! Custom classifiers: CSV, JSON and grok. XML is refused by name.

use std::sync::Arc;

use labrun_wire::page::page;
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::catalog::{Nothing, after, size};
use super::classify::{CsvRules, Custom, Grok, HeaderRule, JsonPath, Serde};
use super::error;
use crate::sandbox::{Scope, Table, Tx};

/// By name.
const CLASSIFIERS: Table<Classifier> = Table::new("glue.classifiers", Scope::Regional);
const PAGE: i64 = 100;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Classifier {
    created: Timestamp,
    updated: Timestamp,
    version: i64,
    rules: Request,
}

/// What is sent and shown: one of the three. Members that an update leaves out stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    grok_classifier: Option<GrokRules>,
    json_classifier: Option<JsonRules>,
    csv_classifier: Option<CsvParts>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GrokRules {
    name: String,
    classification: Option<String>,
    grok_pattern: Option<String>,
    custom_patterns: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JsonRules {
    name: String,
    json_path: Option<String>,
}

/// Custom data types are not here.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CsvParts {
    name: String,
    delimiter: Option<String>,
    quote_symbol: Option<String>,
    contains_header: Option<String>,
    header: Option<Vec<String>>,
    disable_value_trimming: Option<bool>,
    allow_single_column: Option<bool>,
    serde: Option<String>,
}

impl Request {
    fn name(&self) -> AwsResult<&str> {
        match (&self.grok_classifier, &self.json_classifier, &self.csv_classifier) {
            (Some(grok), None, None) => Ok(&grok.name),
            (None, Some(json), None) => Ok(&json.name),
            (None, None, Some(csv)) => Ok(&csv.name),
            _ => Err(error::invalid_input("Exactly one classifier must be specified.")),
        }
    }

    /// The rules ready for use; what is wrong with them is said.
    fn custom(&self) -> AwsResult<Custom> {
        if let Some(grok) = &self.grok_classifier {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let built = Grok::new(&text(&grok.classification), &text(&grok.grok_pattern), &text(&grok.custom_patterns));
            return built.map(Custom::Grok).map_err(error::invalid_input);
        }
        if let Some(json) = &self.json_classifier {
            let text = json.json_path.as_deref().unwrap_or_default();
            let path = JsonPath::parse(text).ok_or_else(|| error::invalid_input(format!("The JsonPath {text} is not valid.")))?;
            return Ok(Custom::Json(path));
        }
        self.csv_classifier.clone().unwrap_or_default().rules().map(Custom::Csv)
    }

    /// An update of this: what it has takes the place of what was.
    fn updated(self, by: Request) -> AwsResult<Request> {
        Ok(match (self, by) {
            (Request { grok_classifier: Some(old), .. }, Request { grok_classifier: Some(new), .. }) => Request {
                grok_classifier: Some(GrokRules {
                    name: old.name,
                    classification: new.classification.or(old.classification),
                    grok_pattern: new.grok_pattern.or(old.grok_pattern),
                    custom_patterns: new.custom_patterns.or(old.custom_patterns),
                }),
                ..Request::default()
            },
            (Request { json_classifier: Some(old), .. }, Request { json_classifier: Some(new), .. }) => Request {
                json_classifier: Some(JsonRules { name: old.name, json_path: new.json_path.or(old.json_path) }),
                ..Request::default()
            },
            (Request { csv_classifier: Some(old), .. }, Request { csv_classifier: Some(new), .. }) => {
                Request { csv_classifier: Some(old.updated(new)), ..Request::default() }
            }
            _ => return Err(error::invalid_input("A classifier can't become one of another type.")),
        })
    }
}

impl CsvParts {
    fn updated(self, new: CsvParts) -> CsvParts {
        CsvParts {
            name: self.name,
            delimiter: new.delimiter.or(self.delimiter),
            quote_symbol: new.quote_symbol.or(self.quote_symbol),
            contains_header: new.contains_header.or(self.contains_header),
            header: new.header.or(self.header),
            disable_value_trimming: new.disable_value_trimming.or(self.disable_value_trimming),
            allow_single_column: new.allow_single_column.or(self.allow_single_column),
            serde: new.serde.or(self.serde),
        }
    }

    fn rules(self) -> AwsResult<CsvRules> {
        let first = |text: &Option<String>| text.as_ref().and_then(|text| text.chars().next());
        let (delimiter, quote) = (first(&self.delimiter), first(&self.quote_symbol).unwrap_or('"'));
        if delimiter == Some(quote) {
            return Err(error::invalid_input("The quote symbol must be different from the column delimiter."));
        }
        Ok(CsvRules {
            delimiter,
            quote,
            header: match self.contains_header.as_deref() {
                Some("PRESENT") => HeaderRule::Present,
                Some("ABSENT") => HeaderRule::Absent,
                _ => HeaderRule::Unknown,
            },
            names: self.header.unwrap_or_default(),
            // "The default value is true": not to trim.
            trim: self.disable_value_trimming == Some(false),
            single_column: self.allow_single_column == Some(true),
            serde: if self.serde.as_deref() == Some("OpenCSVSerDe") { Serde::OpenCsv } else { Serde::LazySimple },
        })
    }
}

pub(super) fn find(tx: &Tx, name: &str) -> AwsResult<Arc<Classifier>> {
    tx.get(&CLASSIFIERS, name).ok_or_else(|| error::no_such_classifier(name))
}

/// A crawler's classifiers, ready for use.
pub(super) fn all(tx: &Tx, names: &[String]) -> AwsResult<Vec<Custom>> {
    names.iter().map(|name| find(tx, name)?.rules.custom()).collect()
}

pub(super) fn create(tx: &mut Tx, input: Request) -> AwsResult<Nothing> {
    let name = input.name()?.to_owned();
    input.custom()?;
    if tx.has(&CLASSIFIERS, &name) {
        return Err(error::classifier_exists(&name));
    }
    let now = tx.now();
    tx.put(&CLASSIFIERS, &name, Classifier { created: now, updated: now, version: 1, rules: input });
    Ok(Nothing {})
}

pub(super) fn update(tx: &mut Tx, input: Request) -> AwsResult<Nothing> {
    let name = input.name()?.to_owned();
    let old = (*find(tx, &name)?).clone();
    let rules = old.rules.updated(input)?;
    rules.custom()?;
    let updated = tx.now();
    tx.put(&CLASSIFIERS, &name, Classifier { updated, version: old.version + 1, rules, ..old });
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    name: String,
}

/// A crawler that names it will say so when it runs.
pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    find(tx, &input.name)?;
    tx.delete(&CLASSIFIERS, &input.name);
    Ok(Nothing {})
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shown {
    grok_classifier: Option<Dated<GrokRules>>,
    json_classifier: Option<Dated<JsonRules>>,
    csv_classifier: Option<Dated<CsvParts>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Dated<T> {
    #[serde(flatten)]
    rules: T,
    creation_time: Timestamp,
    last_updated: Timestamp,
    version: i64,
}

fn shown(classifier: &Classifier) -> Shown {
    fn dated<T>(rules: Option<T>, classifier: &Classifier) -> Option<Dated<T>> {
        let Classifier { created, updated, version, .. } = *classifier;
        rules.map(|rules| Dated { rules, creation_time: created.whole_second(), last_updated: updated.whole_second(), version })
    }
    let rules = classifier.rules.clone();
    Shown {
        grok_classifier: dated(rules.grok_classifier, classifier),
        json_classifier: dated(rules.json_classifier, classifier),
        csv_classifier: dated(rules.csv_classifier, classifier),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    classifier: Shown,
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<One> {
    Ok(One { classifier: shown(&*find(tx, &input.name)?) })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    classifiers: Vec<Shown>,
    next_token: Option<String>,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let context = "glue.GetClassifiers";
    let after = after(context, input.next_token.as_deref().filter(|token| !token.is_empty()))?;
    let mut found = Vec::new();
    tx.each(&CLASSIFIERS, "", after.as_deref(), |name, classifier| {
        found.push((name.to_owned(), classifier));
        true
    });
    let taken = page(found.into_iter(), size(input.max_results, PAGE), context, |(name, _)| name.clone());
    Ok(Listed { classifiers: taken.items.iter().map(|(_, one)| shown(one)).collect(), next_token: taken.next })
}
