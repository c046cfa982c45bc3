//! A table of sizes, its text form, and what changed between two.

use std::fmt;

use anyhow::{Context, Result, bail};

/// A change by more than this part of the old size is a change.
const TOLERANCE: u64 = 100;

/// What one download costs, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    pub raw: u64,
    pub gzip: u64,
    pub brotli: u64,
}

/// The costs of all downloads. Its text form is the snapshot.
#[derive(Debug, PartialEq, Eq)]
pub struct Table(pub Vec<Row>);

impl Table {
    /// Reads the text form.
    pub fn parse(text: &str) -> Result<Self> {
        text.lines().skip(1).map(|line| row(line).with_context(|| format!("not a row of sizes: {line}"))).collect()
    }

    /// One sentence for each download that appeared, went, grew or shrank since `old`.
    pub fn changes_since(&self, old: &Self) -> Vec<String> {
        let find = |table: &Self, name: &str| table.0.iter().find(|row| row.name == name).map(|row| row.gzip);
        let went =
            old.0.iter().filter(|row| find(self, &row.name).is_none()).map(|row| format!("{} is gone", row.name));
        let changed = self.0.iter().filter_map(|row| {
            let (name, new) = (&row.name, row.gzip);
            let Some(old) = find(old, name) else { return Some(format!("{name} is new")) };
            let verb = if new > old { "grew" } else { "shrank" };
            (new.abs_diff(old) * TOLERANCE > old).then(|| format!("{name} {verb} from {old} to {new} bytes gzip"))
        });
        went.chain(changed).collect()
    }
}

impl FromIterator<Row> for Table {
    fn from_iter<I: IntoIterator<Item = Row>>(rows: I) -> Self {
        Self(rows.into_iter().collect())
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<28}{:>10}{:>10}{:>10}", "bytes", "raw", "gzip", "brotli")?;
        for Row { name, raw, gzip, brotli } in &self.0 {
            writeln!(f, "{name:<28}{raw:>10}{gzip:>10}{brotli:>10}")?;
        }
        Ok(())
    }
}

fn row(line: &str) -> Result<Row> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [name @ .., raw, gzip, brotli] = words.as_slice() else { bail!("it has fewer than three numbers") };
    Ok(Row { name: name.join(" "), raw: raw.parse()?, gzip: gzip.parse()?, brotli: brotli.parse()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, u64)]) -> Table {
        rows.iter().map(|&(name, gzip)| Row { name: name.into(), raw: 3 * gzip, gzip, brotli: gzip - 1 }).collect()
    }

    #[test]
    fn a_table_survives_its_text_form() {
        let table = table(&[("tollgate/verify", 45_000), ("tollgate/client on demand", 40_000)]);
        assert_eq!(Table::parse(&table.to_string()).unwrap(), table);
        assert!(Table::parse("bytes\ntollgate 1 2").is_err());
    }

    #[test]
    fn one_percent_is_no_change_and_more_is() {
        let old = table(&[("a", 1000)]);
        assert!(table(&[("a", 1010)]).changes_since(&old).is_empty());
        assert!(table(&[("a", 990)]).changes_since(&old).is_empty());
        assert_eq!(table(&[("a", 1011)]).changes_since(&old), ["a grew from 1000 to 1011 bytes gzip"]);
        assert_eq!(table(&[("a", 989)]).changes_since(&old), ["a shrank from 1000 to 989 bytes gzip"]);
    }

    #[test]
    fn rows_that_come_or_go_are_changes() {
        let changes = table(&[("b", 1000)]).changes_since(&table(&[("a", 1000)]));
        assert_eq!(changes, ["a is gone", "b is new"]);
    }
}
