//! The value tree against small typed structs.

use super::*;

#[derive(Debug, Deserialize, Serialize, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct Inner {
    name: String,
    when: Option<Timestamp>,
}

#[derive(Debug, Deserialize, Serialize, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct Outer {
    list: Vec<Inner>,
    map: Option<BTreeMap<String, i64>>,
    whole: Option<Value>,
    blob: Option<Blob>,
}

#[test]
fn a_struct_survives_the_way_into_a_value_and_back() {
    let outer = Outer {
        list: vec![Inner { name: "a".into(), when: Some(Timestamp(1500)) }],
        map: Some(BTreeMap::from([("k".into(), 7)])),
        whole: Some(Value::Map(Map::from([("x".into(), Value::Timestamp(Timestamp(1)))]))),
        blob: Some(Blob(vec![0, 255])),
    };
    let value = to_value(&outer).unwrap();
    assert_eq!(
        value.get("List").unwrap(),
        &Value::List(vec![Value::Map(Map::from([
            ("Name".into(), "a".into()),
            ("When".into(), Value::Timestamp(Timestamp(1500))),
        ]))])
    );
    let back: Outer = from_value(value).unwrap();
    assert_eq!(back.list, outer.list);
    assert_eq!(back.blob, outer.blob);
}

#[test]
fn absent_options_are_left_out() {
    let value = to_value(&Inner { name: "a".into(), when: None }).unwrap();
    assert_eq!(value, Value::Map(Map::from([("Name".into(), "a".into())])));
}

#[test]
fn a_traced_type_names_what_it_reads() {
    let Members::Named(members) = members_of::<Outer>() else { panic!("a struct has names") };
    assert_eq!(members.keys().collect::<Vec<_>>(), ["Blob", "List", "Map", "Whole"]);
    assert_eq!(members["Whole"], Members::All);
    let Members::Each(item) = &members["List"] else { panic!("a list has items") };
    assert!(matches!(&**item, Members::Named(inner) if inner.contains_key("When")));
}

#[test]
fn json_text_is_the_text_of_the_json() {
    let value = Value::Map(Map::from([
        ("float".into(), Value::Float(1.5)),
        ("not a number".into(), Value::Float(f64::NAN)),
        ("whole".into(), Value::Timestamp(Timestamp(2000))),
        ("part".into(), Value::Timestamp(Timestamp(1500))),
        ("list".into(), Value::List(vec![Value::Null, Value::Blob(vec![0, 255]), Value::Integer(-7), Value::Bool(true)])),
        ("text".into(), "ü\"\n\u{1}".into()),
    ]));
    assert_eq!(value.to_json_text(), value.to_json().to_string());
}
