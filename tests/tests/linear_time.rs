//! S108, F20: what an input may cost. Processor time of the thread is measured, and of many runs the least, so that a
//! busy machine changes little; what grows is told by how much, and not by how long it takes on which machine.

use std::hint::black_box;
use std::time::Duration;

use oauth2_runtime::form::{Form, MAX_BODY_BYTES, MAX_PARAMETER_BYTES, MAX_PARAMETERS};
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::MAX_REDIRECT_URIS;
use oauth2_tests::cpu;
use oauth2_tests::provider::Access;

/// How often an input is doubled.
const DOUBLINGS: u32 = 7;
/// What is linear has the slope 1, what is quadratic 2.
const STEEPEST: f64 = 1.25;
const REPEATS: usize = 9;
/// How long a measurement lasts at least, so that what surrounds the work does not count.
const LEAST: Duration = Duration::from_micros(400);

/// The least that one call costs, in nanoseconds.
fn cost(work: impl Fn()) -> f64 {
    let timed = |calls: u32| {
        let before = cpu::of_thread();
        (0..calls).for_each(|_| work());
        cpu::of_thread().saturating_sub(before)
    };
    let calls = (0..20).map(|power| 1 << power).find(|calls| timed(*calls) > LEAST).unwrap();
    let least = (0..REPEATS).map(|_| timed(calls)).min().unwrap();
    least.as_secs_f64() * 1e9 / f64::from(calls)
}

/// The slope of the line through the points that is nearest to them, on axes with logarithms (least squares).
fn slope(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<_> = points.iter().map(|(size, cost)| (size.ln(), cost.ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / f64::from(DOUBLINGS + 1);
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let covariance: f64 = logs.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    covariance / logs.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>()
}

/// `make` gives an input of about so many bytes, or items; `work` is told it and has to reach its end.
fn growth<T>(name: &str, largest: u32, make: impl Fn(usize) -> T, work: impl Fn(&T)) -> f64 {
    let sizes = (0..=DOUBLINGS).rev().map(|halvings| largest >> halvings);
    let points: Vec<_> = sizes
        .map(|size| {
            let input = make(usize::try_from(size).unwrap());
            (f64::from(size), cost(|| work(&input)))
        })
        .collect();
    let (slope, (_, most)) = (slope(&points), points[points.len() - 1]);
    println!("{name}: slope {slope:.2}, {:.1} us for {largest}", most / 1e3);
    slope
}

/// What is not linear is steep every time; what is linear only by bad luck.
#[track_caller]
fn assert_linear<T>(name: &str, largest: u32, make: impl Fn(usize) -> T, work: impl Fn(&T)) {
    let slopes = (0..3).map(|_| growth(name, largest, &make, &work));
    assert!(slopes.into_iter().any(|slope| slope < STEEPEST), "{name} is not linear");
}

/// The measurement itself: it sees what is quadratic.
#[test]
fn what_is_quadratic_is_found() {
    let pairs = |text: &String| {
        let bytes = text.as_bytes();
        let same = bytes.iter().flat_map(|one| bytes.iter().map(move |other| usize::from(one == other)));
        black_box(same.sum::<usize>());
    };
    let slope = growth("pairs of bytes", 1_024, |size| "x".repeat(size), pairs);
    assert!(slope > STEEPEST + 0.25, "{slope:.2}");
}

fn cap(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap()
}

/// Up to the caps, where there are any. The whole input is read: it is accepted.
#[test]
fn reading_forms_is_linear() {
    let form = |text: &String| assert!(black_box(Form::parse(text.as_bytes())).is_ok());
    let values =
        |size: usize| vec![format!("p={}", "x".repeat(size / MAX_PARAMETERS - 3)); MAX_PARAMETERS].join("&");
    assert_linear("as many values as there may be", cap(MAX_BODY_BYTES), values, form);
    let longest = cap(MAX_PARAMETER_BYTES);
    assert_linear("one long value", longest, |size| format!("a={}", "x".repeat(size)), form);
    assert_linear("one long name", longest, |size| "x".repeat(size), form);
    assert_linear("percent signs", longest, |size| format!("a={}", "%41".repeat(size / 3)), form);
    assert_linear("plus signs", longest, |size| format!("a={}", "+".repeat(size)), form);
    assert_linear("equals signs", longest, |size| "=".repeat(size), form);
    assert_linear("separators", cap(MAX_BODY_BYTES), |size| "&".repeat(size), form);
}

/// The type has no cap of its own. Every name but the last is declared: a reader that gives up at the first unknown one
/// has to come to the end.
#[test]
fn reading_scopes_is_linear() {
    let names = |size: usize| {
        ["read", "write", "admin"].into_iter().cycle().take(size / 6).collect::<Vec<_>>().join(" ")
    };
    let parse = |text: &String| ScopeSet::<Access>::parse(black_box(text)).is_ok();
    let (refused, read) = (|text: &String| assert!(!parse(text)), |text: &String| assert!(parse(text)));
    let largest = cap(MAX_BODY_BYTES);
    assert_linear("declared names", largest, names, read);
    assert_linear("an unknown name at the end", largest, |size| format!("{} x", names(size)), refused);
    assert_linear("a space at the end", largest, |size| format!("{} ", names(size)), refused);
    assert_linear("one long name", largest, |size| "r".repeat(size), refused);
    let unknown = |size: usize| {
        let names: Vec<_> = (0..size / 6).map(|number| format!("x{number:04x}")).collect();
        format!("{} read", names.join(" "))
    };
    let stored = |text: &String| {
        assert!(black_box(ScopeSet::from_stored(text)) == [Access::Read].into_iter().collect());
    };
    assert_linear("stored names that are not declared", largest, unknown, stored);
    assert_linear("stored spaces", largest, |size| format!("{}read", " ".repeat(size)), stored);
    let counted = |text: &String| _ = black_box(ScopeSet::<Access>::undeclared(text).count());
    assert_linear("naming those", largest, unknown, counted);
}

fn uris(count: usize) -> RedirectUris {
    (0..count).map(|number| format!("http://127.0.0.1/{number}")).collect()
}

#[test]
fn comparing_redirect_uris_is_linear() {
    let registered = uris(MAX_REDIRECT_URIS);
    let not_there = |text: &String| assert!(!black_box(&registered).contain(text));
    let longest = cap(MAX_PARAMETER_BYTES);
    assert_linear("a long port", longest, |size| format!("http://127.0.0.1:{}", "1".repeat(size)), not_there);
    assert_linear(
        "a long path",
        longest,
        |size| format!("http://127.0.0.1:7/{}", "1".repeat(size)),
        not_there,
    );
    assert_linear("colons", longest, |size| format!("http://[::1]{}", ":".repeat(size)), not_there);
    assert_linear("https", longest, |size| format!("https://a.test/{}", "1".repeat(size)), not_there);
    // More than a client may have.
    for presented in ["https://a.test/x", "http://127.0.0.1:7/x"] {
        let compared = |registered: &RedirectUris| assert!(!registered.contain(black_box(presented)));
        assert_linear(&format!("many URIs and {presented}"), 1 << 12, uris, compared);
    }
}

#[test]
fn reading_tokens_is_linear() {
    let token = |text: &String| assert!(black_box(Digest::<AccessToken>::of(text)).is_none());
    assert_linear("a token", cap(MAX_BODY_BYTES), |size| format!("at_{}", "A".repeat(size)), token);
}
