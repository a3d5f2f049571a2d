//! What can be measured: numbers, numbers by label, histograms, moments; each writes its own samples.

use std::fmt::Write as _;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Something that has samples in Prometheus's text format.
pub(super) trait Samples {
    /// Appends its samples; `labels` is empty or like `code="1012"`.
    fn write(&self, name: &str, labels: &str, text: &mut String);
}

/// One line. Writing to a string cannot fail.
fn sample(text: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = if labels.is_empty() {
        writeln!(text, "{name} {value}")
    } else {
        writeln!(text, "{name}{{{labels}}} {value}")
    };
}

/// A number that only grows, or goes up and down.
#[derive(Debug, Default)]
pub struct Number(AtomicU64);

impl Number {
    /// More of it.
    pub fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    /// Less of it.
    pub fn subtract(&self, amount: u64) {
        self.0.fetch_sub(amount, Ordering::Relaxed);
    }

    /// It is this now.
    pub fn set(&self, amount: u64) {
        self.0.store(amount, Ordering::Relaxed);
    }

    /// How much it is now.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Samples for Number {
    fn write(&self, name: &str, labels: &str, text: &mut String) {
        sample(text, name, labels, self.get());
    }
}

/// A number that has no sample before it is known.
#[derive(Debug)]
pub struct Known(AtomicU64);

impl Default for Known {
    fn default() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }
}

impl Known {
    /// It is this now.
    pub fn set(&self, amount: u64) {
        self.0.store(amount, Ordering::Relaxed);
    }

    /// How much it is now, once it is known.
    #[must_use]
    pub fn get(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|known| *known != u64::MAX)
    }
}

impl Samples for Known {
    fn write(&self, name: &str, labels: &str, text: &mut String) {
        if let Some(known) = self.get() {
            sample(text, name, labels, known);
        }
    }
}

/// A length of time, or a moment as the time since 1970; in seconds, kept in milliseconds.
#[derive(Debug, Default)]
pub struct Seconds(Known);

impl Seconds {
    /// It is this now.
    pub fn set(&self, time: Duration) {
        self.0.set(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    }

    /// How long it is, in milliseconds, once it is known.
    #[must_use]
    pub fn milliseconds(&self) -> Option<u64> {
        self.0.get()
    }

    /// It is the present moment.
    pub fn set_to_now(&self) {
        self.set(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
    }
}

impl Samples for Seconds {
    fn write(&self, name: &str, labels: &str, text: &mut String) {
        if let Some(known) = self.milliseconds() {
            sample(text, name, labels, known as f64 / 1e3);
        }
    }
}

/// A type whose values are those of a label.
pub trait Label: Copy + Eq + 'static {
    /// All of its values.
    const ALL: &'static [Self];

    /// Name and value as they are written: `code="1012"`.
    fn label(self) -> &'static str;
}

/// One of a kind for each value of a label.
#[derive(Debug)]
pub struct By<L, S = Number>(Vec<S>, PhantomData<L>);

impl<L: Label, S: Default> Default for By<L, S> {
    fn default() -> Self {
        Self(L::ALL.iter().map(|_| S::default()).collect(), PhantomData)
    }
}

impl<L: Label, S> By<L, S> {
    /// That of this value.
    pub fn of(&self, label: L) -> &S {
        // Each value is in ALL, which the macro below sees to.
        let index = L::ALL.iter().position(|other| *other == label);
        &self.0[index.unwrap_or_default()]
    }
}

impl<L: Label> By<L> {
    /// Those of all values together.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.0.iter().map(Number::get).sum()
    }
}

impl<L: Label, S: Samples> Samples for By<L, S> {
    fn write(&self, name: &str, _: &str, text: &mut String) {
        for (label, samples) in L::ALL.iter().zip(&self.0) {
            samples.write(name, label.label(), text);
        }
    }
}

/// Makes the values of an enum those of a label: `labels!(Fruit, "fruit", { Apple: "apple" });`. It
/// does not compile where one is left out.
macro_rules! labels {
    ($type:ty, $name:literal, { $($variant:ident: $text:literal),+ $(,)? }) => {
        impl $crate::metrics::kinds::Label for $type {
            const ALL: &'static [Self] = &[$(<$type>::$variant),+];

            fn label(self) -> &'static str {
                match self {
                    $(<$type>::$variant => concat!($name, "=\"", $text, "\""),)+
                }
            }
        }
    };
}
pub(super) use labels;

/// The buckets of a histogram.
pub trait Scale {
    /// The upper bounds, in the unit that is observed.
    const BOUNDS: &'static [u64];
    /// How many of that unit make one of the unit that is shown.
    const PER_UNIT: u64;
}

/// How often something was how much.
#[derive(Debug)]
pub struct Histogram<S> {
    /// By bound, and what is above the last.
    counts: Vec<Number>,
    sum: Number,
    scale: PhantomData<S>,
}

impl<S: Scale> Default for Histogram<S> {
    fn default() -> Self {
        let counts = (0..=S::BOUNDS.len()).map(|_| Number::default()).collect();
        Self { counts, sum: Number::default(), scale: PhantomData }
    }
}

impl<S: Scale> Histogram<S> {
    /// Records this value, this many times.
    pub fn observe(&self, value: u64, times: u64) {
        let bucket = S::BOUNDS.partition_point(|bound| *bound < value);
        if let Some(count) = self.counts.get(bucket) {
            count.add(times);
        }
        self.sum.add(value.saturating_mul(times));
    }

    /// How often it was how much so far: by bound, and above the last.
    #[must_use]
    pub fn counts(&self) -> Vec<u64> {
        self.counts.iter().map(Number::get).collect()
    }
}

impl<S: Scale> Samples for Histogram<S> {
    fn write(&self, name: &str, _: &str, text: &mut String) {
        let shown = |value: u64| value as f64 / S::PER_UNIT as f64;
        let bucket = format!("{name}_bucket");
        let mut below = 0;
        let bounds = S::BOUNDS.iter().map(|bound| shown(*bound).to_string());
        for (bound, count) in bounds.chain(["+Inf".to_owned()]).zip(&self.counts) {
            below += count.get();
            sample(text, &bucket, &format!("le=\"{bound}\""), below);
        }
        sample(text, &format!("{name}_sum"), "", shown(self.sum.get()));
        sample(text, &format!("{name}_count"), "", below);
    }
}

/// Which program this is.
#[derive(Debug, Default)]
pub struct Build;

impl Samples for Build {
    fn write(&self, name: &str, _: &str, text: &mut String) {
        sample(text, name, concat!("version=\"", env!("CARGO_PKG_VERSION"), "\""), 1);
    }
}
