//! Users of one tenant.

use crate::model::World;
use crate::report::Model;
use trueup_catalog::Relation;

/// Tables of which each row belongs to one user, where conditions say so: what names a user and is asked for the tenant
/// alone may well be meant for all of its users. A list of the users themselves is, too.
pub(crate) fn user_scoped<'c>(world: &World<'c>) -> Vec<&'c Relation> {
    let of_user = |table: &&Relation| {
        let list = world.users.as_ref().is_some_and(|users| users.is(table));
        let column = match world.of(table).map(|placed| &placed.model) {
            Some(Model::User { column }) => Some(column.clone()),
            _ => None,
        };
        !list && column.is_some() && world.compared_with_user(table) == column
    };
    world.catalog.tables().filter(of_user).collect()
}
