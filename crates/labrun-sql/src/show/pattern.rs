//! Which names a pattern means. Tables and views have Hive's patterns, databases have regular expressions (show-tables, show-databases).

/// `SHOW TABLES`, `SHOW VIEWS`: `*` or `.*` is any text, `|` parts alternatives; the case does not matter.
pub fn matches(pattern: &str, name: &str) -> bool {
    let pattern = pattern.to_lowercase().replace(".*", "*").replace('*', ".*");
    pattern.split('|').any(|one| is_match(&atoms(one), &name.to_lowercase()))
}

/// `SHOW DATABASES LIKE`: `*` repeats what is before it, so that `sales*` does not find `sales_eu` (measured).
pub fn database_matches(pattern: &str, name: &str) -> bool {
    pattern.to_lowercase().split('|').any(|one| is_match(&atoms(one), &name.to_lowercase()))
}

/// One letter of a name, and how often.
struct Atom {
    letters: Letters,
    least: usize,
    many: bool,
}

enum Letters {
    Any,
    One(char),
    Of { inside: Vec<(char, char)>, not: bool },
}

impl Letters {
    fn has(&self, letter: char) -> bool {
        match self {
            Letters::Any => true,
            Letters::One(one) => *one == letter,
            Letters::Of { inside, not } => inside.iter().any(|(from, to)| (*from..=*to).contains(&letter)) != *not,
        }
    }
}

/// Letters, `.`, `[..]`, and behind them `*`, `+`, `?`: more of regular expressions names do not need.
fn atoms(pattern: &str) -> Vec<Atom> {
    let letters: Vec<char> = pattern.chars().collect();
    let (mut at, mut found) = (0, Vec::new());
    while let Some(letter) = letters.get(at) {
        at += 1;
        let letters_here = match letter {
            '.' => Letters::Any,
            '[' => class(&letters, &mut at),
            '\\' => {
                at += 1;
                Letters::One(*letters.get(at - 1).unwrap_or(&'\\'))
            }
            other => Letters::One(*other),
        };
        let (least, many) = match letters.get(at) {
            Some('*') => (0, true),
            Some('+') => (1, true),
            Some('?') => (0, false),
            _ => (1, false),
        };
        at += usize::from(many || least == 0);
        found.push(Atom { letters: letters_here, least, many });
    }
    found
}

fn class(letters: &[char], at: &mut usize) -> Letters {
    let not = letters.get(*at) == Some(&'^');
    *at += usize::from(not);
    let mut inside = Vec::new();
    while let Some(letter) = letters.get(*at).filter(|letter| **letter != ']') {
        let to = letters.get(*at + 2).filter(|to| letters.get(*at + 1) == Some(&'-') && **to != ']');
        inside.push((*letter, *to.unwrap_or(letter)));
        *at += if to.is_some() { 3 } else { 1 };
    }
    *at += 1;
    Letters::Of { inside, not }
}

/// All places of the name that the atoms so far can reach: never worse than the product of both lengths.
fn is_match(atoms: &[Atom], name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    let mut reached = vec![false; letters.len() + 1];
    reached[0] = true;
    for atom in atoms {
        let mut next = vec![false; letters.len() + 1];
        for at in 0..=letters.len() {
            let stays = atom.least == 0 && reached[at];
            let comes = at > 0 && atom.letters.has(letters[at - 1]) && (reached[at - 1] || (atom.many && next[at - 1]));
            next[at] = stays || comes;
        }
        reached = next;
    }
    reached[letters.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_by_stars_and_bars() {
        for (pattern, name, is) in [
            ("*", "sales", true),
            ("sales*", "sales_eu", true),
            ("sales.*", "sales_eu", true),
            ("*eu", "sales_eu", true),
            ("SALES*", "sales_eu", true),
            ("sales", "sales_eu", false),
            ("a*|b*", "bird", true),
            ("a*|b*", "cat", false),
            ("", "cat", false),
            ("*a*b*", "xaxbx", true),
            ("a*b", "ba", false),
        ] {
            assert_eq!(matches(pattern, name), is, "{pattern} {name}");
        }
    }

    #[test]
    fn databases_by_regular_expressions() {
        for (pattern, name, is) in [
            (".*", "sales", true),
            ("sales.*", "sales_eu", true),
            ("sales*", "sales_eu", false),
            ("sales*", "salesss", true),
            ("sales%", "sales_eu", false),
            ("[a-c]at", "bat", true),
            ("[^a-c]at", "bat", false),
            ("a+", "aaa", true),
            ("a+", "", false),
            ("ba?t", "bt", true),
            ("x|sales", "sales", true),
        ] {
            assert_eq!(database_matches(pattern, name), is, "{pattern} {name}");
        }
    }
}
