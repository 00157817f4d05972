//! Views: a query kept in a table of the type VIRTUAL_VIEW, inside of a comment of base64 text (unverified in AWS's pages; what tables
//! of views look like is widely seen).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::member::text;
use crate::types::Type;

const OPENS: &str = "/* Presto View: ";
const CLOSES: &str = " */";

/// What the text of a view says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The query, as it was written.
    pub query: String,
    /// For names of tables without one.
    pub catalog: String,
    /// For names of tables without one.
    pub schema: String,
    /// Names and Trino's types.
    pub columns: Vec<(String, String)>,
}

/// Why a table is no view.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// The comment is not there.
    #[error("the view's text is not a Presto view")]
    Foreign,
    /// The comment does not hold what it should.
    #[error("the view's text is damaged")]
    Damaged,
}

impl View {
    /// `ViewOriginalText`
    pub fn encode(&self) -> String {
        let columns: Vec<Value> = self.columns.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
        let body = json!({
            "originalSql": self.query,
            "catalog": self.catalog,
            "schema": self.schema,
            "columns": columns,
        });
        format!("{OPENS}{}{CLOSES}", STANDARD.encode(body.to_string()))
    }

    /// Out of `ViewOriginalText`.
    pub fn decode(original: &str) -> Result<Self, ViewError> {
        let body = original.trim().strip_prefix(OPENS).and_then(|rest| rest.strip_suffix(CLOSES)).ok_or(ViewError::Foreign)?;
        let bytes = STANDARD.decode(body.trim()).map_err(|_| ViewError::Damaged)?;
        let body: Value = serde_json::from_slice(&bytes).map_err(|_| ViewError::Damaged)?;
        let query = body["originalSql"].as_str().ok_or(ViewError::Damaged)?.to_owned();
        let columns = body["columns"].as_array().map(Vec::as_slice).unwrap_or_default();
        let columns = columns.iter().map(|column| (text(column, "name").to_owned(), text(column, "type").to_owned())).collect();
        Ok(View { query, catalog: text(&body, "catalog").to_owned(), schema: text(&body, "schema").to_owned(), columns })
    }

    /// `TableInput` of a view with this name.
    pub fn table_input(&self, name: &str) -> Value {
        let column = |(name, kind): &(String, String)| json!({"Name": name, "Type": hive_type(kind)});
        let columns: Vec<Value> = self.columns.iter().map(column).collect();
        json!({
            "Name": name.to_lowercase(),
            "TableType": "VIRTUAL_VIEW",
            "Retention": 0,
            "ViewOriginalText": self.encode(),
            "ViewExpandedText": "/* Presto View */",
            "PartitionKeys": [],
            "Parameters": {"presto_view": "true", "comment": "Presto View"},
            "StorageDescriptor": {"Columns": columns, "Location": "", "SerdeInfo": {}},
        })
    }
}

/// The Data Catalog has Hive's types; one that Hive has not is kept in Trino's spelling.
fn hive_type(kind: &str) -> String {
    Type::from_trino(kind).map_or_else(|_| kind.to_owned(), |kind| kind.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> View {
        let columns = [("id", "integer"), ("tags", "array(varchar)"), ("at", "timestamp(3)")];
        View {
            query: "SELECT id FROM t".to_owned(),
            catalog: "awsdatacatalog".to_owned(),
            schema: "d".to_owned(),
            columns: columns.map(|(name, kind)| (name.to_owned(), kind.to_owned())).to_vec(),
        }
    }

    #[test]
    fn text_there_and_back() {
        let encoded = view().encode();
        assert!(encoded.starts_with("/* Presto View: eyJvcmlnaW5hbFNxbCI6") && encoded.ends_with(" */"));
        assert_eq!(View::decode(&encoded), Ok(view()));
        assert_eq!(View::decode("SELECT 1"), Err(ViewError::Foreign));
        assert_eq!(View::decode("/* Presto View: !! */"), Err(ViewError::Damaged));
    }

    #[test]
    fn its_table() {
        let input = view().table_input("V");
        assert_eq!(input["Name"], "v");
        assert_eq!(input["StorageDescriptor"]["Columns"][1], json!({"Name": "tags", "Type": "array<string>"}));
        assert_eq!(input["StorageDescriptor"]["Columns"][2]["Type"], "timestamp");
    }
}
