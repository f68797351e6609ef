//! Feature flags: calls of the common libraries and of configured functions.

use super::{Script, is_name};
use crate::{Options, SourceFile};
use rustc_hash::FxHashSet;
use std::ops::Range;
use trueup_codebase::{NameUse, Use};

/// Functions and methods of flag libraries whose first argument is a flag, whatever they are called on.
const SURE: &[&str] = &[
    // OpenFeature
    "getBooleanValue",
    "getBooleanDetails",
    "getStringValue",
    "getStringDetails",
    "getNumberValue",
    "getNumberDetails",
    "getObjectValue",
    "getObjectDetails",
    "useBooleanFlagValue",
    "useBooleanFlagDetails",
    "useStringFlagValue",
    "useStringFlagDetails",
    "useNumberFlagValue",
    "useNumberFlagDetails",
    "useObjectFlagValue",
    "useObjectFlagDetails",
    "useSuspenseFlag",
    // LaunchDarkly
    "variation",
    "variationDetail",
    "boolVariation",
    "boolVariationDetail",
    "stringVariation",
    "stringVariationDetail",
    "numberVariation",
    "numberVariationDetail",
    "jsonVariation",
    "jsonVariationDetail",
    // Unleash, PostHog, GrowthBook, Statsig, ConfigCat, Optimizely, Split, Flagsmith
    "useFlag",
    "useFlags",
    "useVariant",
    "isFeatureEnabled",
    "getFeatureFlag",
    "getFeatureFlagPayload",
    "useFeatureFlag",
    "useFeatureFlagEnabled",
    "useFeatureFlagPayload",
    "useFeatureFlagVariantKey",
    "useFeatureIsOn",
    "useFeatureValue",
    "getFeatureValue",
    "checkGate",
    "useGate",
    "useGateValue",
    "useFeatureGate",
    "getFeatureGate",
    "useFlagEnabled",
    "useFeature",
    "useTreatment",
    "getTreatment",
    "hasFeature",
    "isFlagEnabled",
    "featureEnabled",
    "isFeatureOn",
    "featureIsEnabled",
    "flagEnabled",
    "isFeatureFlagEnabled",
    "getFlag",
    "getFlagValue",
    "evaluateFlag",
    "hasFeatureFlag",
    "featureFlag",
    "getBooleanFlag",
    "useFeatureEnabled",
];
/// Methods with a name that others use, too: they count on something named after flags.
const ON_FLAGS: [&str; 12] = [
    "isEnabled",
    "isOn",
    "isOff",
    "isActive",
    "enabled",
    "evalFeature",
    "getValue",
    "getValueAsync",
    "getVariant",
    "getBoolean",
    "get",
    "is",
];

/// Adds the flags that a file reads or declares.
pub(crate) fn read(file: &SourceFile<'_>, options: &Options, out: &mut Vec<NameUse>) {
    let own = !options.flag_functions.is_empty();
    if !own
        && !file.has_any(&[
            "lag",
            "eature",
            "ariation",
            "Gate",
            "reatment",
            "Boolean",
            "nleash",
            "isEnabled",
            "Details",
        ])
    {
        return;
    }
    let script = &file.script();
    let mut aliases: FxHashSet<&str> = FxHashSet::default();
    for at in 0..script.len() {
        let name = script.name(at);
        if name.is_empty() {
            continue;
        }
        if name == "useFlags" && script.is(at + 1, b'(') && script.close(at + 1) == at + 2 {
            all_flags(file, at, &mut aliases, out);
        } else if aliases.contains(name) && !script.is_before(at, b'.') && script.is(at + 1, b'.') {
            let used = script.name(at + 2);
            out.extend(is_name(used).then(|| file.name_use(used, Use::Read, script.range(at + 2))));
        } else if name == "flag" && script.is(at + 1, b'(') && script.is(at + 2, b'{') {
            // Vercel's `flag({ key: 'x' })`.
            let key = script.value_of(at + 2, "key");
            out.extend(key.and_then(|value| named(file, &value, Use::Declared)));
        } else if reads_flag(script, at, options) {
            let first = script.call(at + 1).and_then(|open| script.items(open).into_iter().next());
            out.extend(first.and_then(|value| named(file, &value, Use::Read)));
        }
    }
}

/// Whether a name is that of a function that reads a flag, and is called here.
fn reads_flag(script: &Script<'_>, at: usize, options: &Options) -> bool {
    let name = script.name(at);
    if script.name_before(at) == "function" || script.call(at + 1).is_none() {
        return false;
    }
    let configured = options.flag_functions.iter().any(|function| {
        let mut parts = function.rsplit(['.', ':']).filter(|part| !part.is_empty());
        let mut back = at;
        parts.all(|part| {
            let same = script.name(back) == part;
            back = back.saturating_sub(2);
            same
        })
    });
    if configured || SURE.contains(&name) {
        return true;
    }
    match script.is_before(at, b'.') {
        true => ON_FLAGS.contains(&name) && speaks_of_flags(script, at.saturating_sub(2)),
        false => matches!(name, "isEnabled" | "feature" | "flag" | "ff"),
    }
}

/// Whether what stands before a method is named after flags: `flags.`, `this.features.`, `getFlags().`.
fn speaks_of_flags(script: &Script<'_>, at: usize) -> bool {
    let at = if script.is(at, b')') { script.opening(at).unwrap_or(0).saturating_sub(1) } else { at };
    let name = script.name(at).to_ascii_lowercase();
    [
        "flag",
        "feature",
        "unleash",
        "toggle",
        "launchdarkly",
        "ldclient",
        "growthbook",
        "statsig",
        "posthog",
        "openfeature",
    ]
    .iter()
    .any(|part| name.contains(part))
        || name == "gb"
}

/// `const { newCheckout, dark: theme } = useFlags()` and `const flags = useFlags()`.
fn all_flags<'a>(file: &SourceFile<'a>, at: usize, aliases: &mut FxHashSet<&'a str>, out: &mut Vec<NameUse>) {
    let script = &file.script();
    let Some(sign) = script.before(at).filter(|at| script.is(*at, b'=')) else { return };
    let Some(last) = script.before(sign) else { return };
    match script.opening(last).filter(|_| script.is(last, b'}')) {
        Some(open) => {
            for entry in script.entries(open).into_iter().filter(|entry| is_name(entry.key)) {
                out.push(file.name_use(entry.key, Use::Read, script.range(entry.at)));
            }
        }
        None => aliases.extend(Some(script.name(last)).filter(|name| !name.is_empty())),
    }
}

fn named(file: &SourceFile<'_>, value: &Range<usize>, how: Use) -> Option<NameUse> {
    let script = &file.script();
    let name = script.evaluate(value, file.constants()).filter(|name| is_name(name))?;
    if name.starts_with(crate::UNKNOWN_FRONT) {
        return None;
    }
    Some(file.name_use(name, how, script.ranges(script.trimmed(value.clone()))))
}
