use std::fmt;

/// What is known of a claim. Only `Proven` and `Waived` pass a gate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// It holds, and the evidence says why.
    Proven,
    /// It does not hold, and the evidence says where.
    Contradicted,
    /// It was proven of something that has changed since.
    Stale,
    /// Nothing says whether it holds.
    Missing,
    /// Somebody has accepted that it does not hold, for a reason and until a day.
    Waived,
    /// What it would take to tell is not at hand.
    NotCheckable,
    /// It holds of nothing: there is nothing that it could be true or false of.
    Vacuous,
}

impl Verdict {
    /// The words for it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Proven => "proven",
            Verdict::Contradicted => "contradicted",
            Verdict::Stale => "stale",
            Verdict::Missing => "missing",
            Verdict::Waived => "waived",
            Verdict::NotCheckable => "not checkable",
            Verdict::Vacuous => "vacuous",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
