//! "Did you mean": the nearest of the known names.

/// The candidate that is closest to what was written, if one is close enough to be meant: at most a third of the
/// letters differ (Damerau-Levenshtein, ignoring case), of two letters one too many or too few, of one none.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written: Vec<char> = written.to_lowercase().chars().collect();
    let close = |distance: usize, length: usize| match written.len() {
        0 | 1 => distance == 0,
        2 => distance == 0 || (distance == 1 && length != 2),
        letters => distance <= letters / 3,
    };
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let letters: Vec<char> = candidate.to_lowercase().chars().collect();
            let distance = distance(&written, &letters);
            close(distance, letters.len()).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?" for the nearest candidate.
pub fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut rows: Vec<Vec<usize>> = vec![vec![0; width]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..width {
            let substituted = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = substituted.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(nearest("Sofware", ["Retail", "Software"]), Some("Software"));
        assert_eq!(nearest("contry", ["company", "country"]), Some("country"));
        assert_eq!(nearest("xyz", ["company", "country"]), None);
        assert_eq!(nearest("n", ["t"]), None);
        assert_eq!(nearest("id", ["idd", "ad"]), Some("idd"));
    }

    #[test]
    fn a_swap_is_one_mistake() {
        assert_eq!(nearest("mlq", ["mql", "sal"]), Some("mql"));
    }
}
