//! Rules of the group `code`.

mod env_var_not_in_code;
mod event_not_in_code;
mod flag_unreferenced;
mod i18n_key_missing;
mod manifest_path_missing;
mod migration_missing;
mod test_id_without_test;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &env_var_not_in_code::ENV_VAR_NOT_IN_CODE,
    &event_not_in_code::EVENT_NOT_IN_CODE,
    &flag_unreferenced::FLAG_UNREFERENCED,
    &i18n_key_missing::I18N_KEY_MISSING,
    &manifest_path_missing::MANIFEST_PATH_MISSING,
    &migration_missing::MIGRATION_MISSING,
    &test_id_without_test::TEST_ID_WITHOUT_TEST,
];
