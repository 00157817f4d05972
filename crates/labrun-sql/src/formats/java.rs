//! Java's regular expressions in the dialect of the engine here: classes of letters are ASCII's, `\Q..\E` quotes.

/// The same pattern, as far as the two dialects differ in what tables have.
pub(super) fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut signs = pattern.chars();
    let mut depth = 0_usize;
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => escape(&mut signs, depth > 0, &mut out),
            '[' => {
                depth += 1;
                out.push('[');
            }
            ']' => {
                depth = depth.saturating_sub(1);
                out.push(']');
            }
            other => out.push(other),
        }
    }
    out
}

fn escape(signs: &mut std::str::Chars, inside: bool, out: &mut String) {
    let Some(sign) = signs.next() else {
        out.push('\\');
        return;
    };
    let class = |members: &str| if inside { members.to_owned() } else { format!("[{members}]") };
    match sign {
        'd' => out.push_str(&class("0-9")),
        'w' => out.push_str(&class("a-zA-Z0-9_")),
        's' => out.push_str(&class(r" \t\n\x0B\f\r")),
        'h' => out.push_str(&class(r" \t\xA0")),
        'D' => out.push_str("[^0-9]"),
        'W' => out.push_str("[^a-zA-Z0-9_]"),
        'S' => out.push_str(r"[^ \t\n\x0B\f\r]"),
        'Z' => out.push('$'),
        'p' | 'P' => out.push_str(&property(signs, sign == 'P', inside)),
        'Q' => quoted(signs, out),
        // Java takes a backslash before any sign that is no letter.
        '<' | '>' | '"' | '\'' | '/' | ':' | ';' | ',' | '=' | '@' | '%' | '!' | '_' | '`' | ' ' => out.push(sign),
        other => {
            out.push('\\');
            out.push(other);
        }
    }
}

/// `\p{Alpha}` and its like are POSIX's classes; others are Unicode's in both dialects.
fn property(signs: &mut std::str::Chars, negative: bool, inside: bool) -> String {
    let rest = signs.as_str();
    let name = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name).unwrap_or_default();
    let known = ["Lower", "Upper", "Alpha", "Digit", "Alnum", "Punct", "Graph", "Print", "Blank", "Cntrl", "XDigit", "Space"];
    if !known.contains(&name) {
        return if negative { r"\P" } else { r"\p" }.to_owned();
    }
    signs.by_ref().take(name.len() + 2).for_each(drop);
    let class = format!("[:{}{}:]", if negative { "^" } else { "" }, name.to_lowercase());
    if inside { class } else { format!("[{class}]") }
}

fn quoted(signs: &mut std::str::Chars, out: &mut String) {
    let rest = signs.as_str();
    let (text, after) = rest.split_once("\\E").unwrap_or((rest, ""));
    out.push_str(&fancy_regex::escape(text));
    *signs = after.chars();
}

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn dialects() {
        for (java, ours) in [
            (r"\d+", "[0-9]+"),
            (r"[\d\-]", r"[0-9\-]"),
            (r"\p{Alpha}", "[[:alpha:]]"),
            (r"[\p{Punct}a]", "[[:punct:]a]"),
            (r"\p{Lu}", r"\p{Lu}"),
            (r"\Qa.b\E.", r"a\.b."),
            (r#"\"a\/"#, r#""a/"#),
            (r"a\", r"a\"),
            (r"(?<x>a)\k<x>", r"(?<x>a)\k<x>"),
        ] {
            assert_eq!(translated(java), ours, "{java}");
        }
    }
}
