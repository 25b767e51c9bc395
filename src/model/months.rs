//! Instants as nearly all data writes them, read by months that are known.

use super::time::{DAY, day_number, digits};

/// Months that were read before, by which instants are read faster.
#[derive(Clone, Debug)]
pub struct Months {
    known: [Month; Months::MOST],
}

/// `YYYY-MM-` as a number, the first instant of the day before it, and the greatest number that may be added to its
/// days' number for the sum to stay below 128.
#[derive(Clone, Copy, Debug)]
struct Month {
    text: u64,
    start: i64,
    spare: u64,
}

impl Months {
    const MOST: usize = 64;

    /// None yet.
    pub fn new() -> Months {
        // No day is in a month that has none.
        Months { known: [Month { text: 0, start: 0, spare: 0x7f }; Months::MOST] }
    }

    /// The instant in `YYYY-MM-DDThh:mm:ss`, with or without three digits of milliseconds, and `Z` or an offset
    /// `±hh:mm` (not both, milliseconds and an offset). None for anything else.
    #[inline(always)]
    pub fn read(&mut self, text: &[u8]) -> Option<i64> {
        let (chunk, rest) = text.split_first_chunk::<20>()?;
        let (reading, sign) = self.reading(chunk)?;
        if rest.is_empty() && sign == b'Z' {
            return Some(reading);
        }
        let mut zone = [b'"'; 8];
        zone.iter_mut().zip([sign].iter().chain(rest)).for_each(|(to, byte)| *to = *byte);
        let (behind, length) = zone_of(zone)?;
        (length == text.len()).then_some(reading + behind)
    }

    /// As [`Months::read`], in a text that ends with a quote; and the length of the text.
    #[inline(always)]
    pub fn quoted(&mut self, text: &[u8; 27]) -> Option<(i64, usize)> {
        let (reading, sign) = self.reading(text.first_chunk()?)?;
        if sign == b'Z' && text.get(20) == Some(&b'"') {
            return Some((reading, 20));
        }
        let (behind, length) = zone_of(*text.last_chunk()?)?;
        Some((reading + behind, length))
    }

    /// The reading of `YYYY-MM-DDThh:mm:ss` in milliseconds, and the byte behind it.
    #[inline(always)]
    fn reading(&mut self, text: &[u8; 20]) -> Option<(i64, u8)> {
        const SIXES: u64 = 0x0606_0006_0600_0606;
        // Of digits the upper halves, of signs all.
        const OTHER: u64 = 0xf0f0_fff0_f0ff_f0f0;
        // The first byte of the day, of the hour and of the minute; and how far these are below 128 at most.
        const PAIRS: u64 = 0x00ff_0000_ff00_00ff;
        const LIMITS: u64 = 0x0044_0000_6800_0000;
        const HIGH: u64 = 0x0080_0000_8000_0080;
        let date = u64::from_le_bytes(*text.first_chunk()?);
        let clock = u64::from_le_bytes(*text.get(8..)?.first_chunk()?) ^ u64::from_le_bytes(*b"00T00:00");
        let seconds = u32::from_le_bytes(*text.last_chunk()?) ^ u32::from_le_bytes(*b":00\0");
        let place = (date.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize;
        let mut month = *self.known.get(place)?;
        if month.text != date {
            month = self.learn(place, date)?;
        }
        let other = (clock | clock.wrapping_add(SIXES)) & OTHER;
        let other_seconds = u64::from((seconds | seconds.wrapping_add(0x06_0600)) & 0xf0_f0ff);
        // Each digit and the one behind it as a number of two digits.
        let pairs = clock.wrapping_mul(10).wrapping_add(clock >> 8) & PAIRS;
        let second = u64::from((seconds >> 8 & 0xff) * 10 + (seconds >> 16 & 0xff));
        let (day, hour, minute) = (pairs & 0xff, pairs >> 24 & 0xff, pairs >> 48);
        let beyond = (pairs + LIMITS + month.spare) & HIGH;
        if other | other_seconds | beyond != 0 || day == 0 || second >= 60 {
            return None;
        }
        let reading = month.start + ((day * 86_400 + hour * 3_600 + minute * 60 + second) * 1000) as i64;
        Some((reading, (seconds >> 24) as u8))
    }

    #[inline(never)]
    fn learn(&mut self, place: usize, text: u64) -> Option<Month> {
        let bytes = text.to_le_bytes();
        let (year, rest) = digits(&bytes, 4)?;
        let (month, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
        let first = day_number(year, month, 1).filter(|_| rest == b"-")?;
        let length = (29..=31).take_while(|day| day_number(year, month, *day).is_some()).last().unwrap_or(28);
        let month = Month { text, start: i64::from(first - 1) * DAY, spare: 0x7f - length as u64 };
        *self.known.get_mut(place)? = month;
        Some(month)
    }
}

impl Default for Months {
    fn default() -> Months {
        Months::new()
    }
}

/// What stands behind a reading: `.fffZ"` or `±hh:mm"`: milliseconds to add to it, and the length of all before the quote.
#[inline(never)]
fn zone_of(rest: [u8; 8]) -> Option<(i64, usize)> {
    let digit = |byte: u8| Some(i64::from(byte.wrapping_sub(b'0'))).filter(|digit| *digit < 10);
    match rest {
        [b'.', a, b, c, b'Z', b'"', ..] => Some((digit(a)? * 100 + digit(b)? * 10 + digit(c)?, 24)),
        [sign @ (b'+' | b'-'), a, b, b':', c, d, b'"', ..] => {
            let (hours, minutes) = (digit(a)? * 10 + digit(b)?, digit(c)? * 10 + digit(d)?);
            let offset = (hours * 60 + minutes) * 60_000;
            (hours < 24 && minutes < 60).then_some((if sign == b'+' { -offset } else { offset }, 25))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::Moment;

    /// Every text that differs from these in one byte.
    #[test]
    fn instants_are_read_as_others() {
        let forms = [
            "2025-03-20T08:05:43Z",
            "2024-02-29T23:59:59.123Z",
            "2025-03-20T08:05:43+02:00",
            "2025-03-20T08:05:43-00:30",
        ];
        let mut months = Months::new();
        for form in forms {
            assert_eq!(months.read(form.as_bytes()).map(Moment::Instant), Moment::read_any(form.as_bytes()));
            for place in 0..27 {
                for byte in 0..=u8::MAX {
                    let mut text = [b'"'; 27];
                    text[..form.len()].copy_from_slice(form.as_bytes());
                    let digit = text[place].is_ascii_digit() && byte.is_ascii_digit();
                    text[place] = byte;
                    let slow = Moment::read_any(&text[..form.len()]);
                    if let Some(quick) = months.read(&text[..form.len()]) {
                        assert_eq!(Some(Moment::Instant(quick)), slow);
                    } else {
                        assert!(!digit || slow.is_none());
                    }
                    match months.quoted(&text) {
                        Some((quick, length)) => {
                            assert_eq!(text[length], b'"');
                            assert_eq!(Some(Moment::Instant(quick)), Moment::read_any(&text[..length]));
                        }
                        None => assert!(!digit || slow.is_none()),
                    }
                }
            }
            for length in 0..form.len() {
                let text = &form.as_bytes()[..length];
                assert!(months.read(text).is_none_or(|quick| Some(Moment::Instant(quick)) == Moment::read_any(text)));
            }
        }
    }
}
