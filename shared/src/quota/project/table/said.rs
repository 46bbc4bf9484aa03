//! What a row says of its project besides amounts.

use super::{
    Column,
    cells::{self, NONE},
    row::Row,
};
use crate::quota::{
    project::{Model, SCOPES, Said, Wanted, text},
    sheet::SheetError,
};

/// Everything that is no amount.
pub(super) fn texts(
    row: &Row<'_>,
    display_name: Said<String>,
    name: &str,
    errors: &mut Vec<SheetError>,
) -> Wanted {
    let mut wanted = Wanted { name: name.to_owned(), display_name, ..Wanted::default() };
    for (_, column) in row.columns {
        let Some((place, text)) = row.text(column) else { continue };
        let none = text == NONE;
        let plain = || if none { Said::None } else { Said::Is(text.clone()) };
        let mut wrong = |message: String| errors.push(SheetError::new(place.clone(), message));
        match column {
            Column::DisplayName => wanted.display_name = plain(),
            Column::ExternalId => wanted.external_id = plain(),
            Column::Namespaces if none => wanted.namespaces = Said::None,
            Column::Namespaces => {
                let names = cells::several(&text);
                for name in names.iter().filter(|name| !cells::is_name(name)) {
                    wrong(format!("no namespace can be called {name:?}"));
                }
                wanted.namespaces = Said::Is(names);
            }
            Column::Selector if none => wanted.selector = Said::None,
            Column::Selector => match text::parse_selector(&text) {
                Ok(selector) => wanted.selector = Said::Is(selector),
                Err(error) => wrong(error.to_string()),
            },
            Column::Model => match text.to_lowercase().as_str() {
                "usage" | "用量" => wanted.model = Said::Is(Model::Usage),
                "allocation" | "分配" => wanted.model = Said::Is(Model::Allocation),
                _ => wrong(format!("{text:?} is none of usage, allocation")),
            },
            Column::Scopes if none => wanted.scopes = Said::None,
            Column::Scopes => {
                let scopes = cells::several(&text);
                for scope in scopes.iter().filter(|scope| !SCOPES.contains(&scope.as_str())) {
                    wrong(format!("no scope is called {scope:?}"));
                }
                wanted.scopes = Said::Is(scopes);
            }
            Column::ScopeSelector if none => wanted.scope_selector = Said::None,
            Column::ScopeSelector => match text::parse_scopes(&text) {
                Ok(selector) => wanted.scope_selector = Said::Is(selector),
                Err(error) => wrong(error.to_string()),
            },
            _ => {}
        }
    }
    wanted
}

/// Takes over what another row of the same project says, and gives the columns that contradict.
pub(super) fn combine(one: &mut Wanted, other: Wanted) -> Vec<Column> {
    fn take<T: PartialEq>(one: &mut Said<T>, other: Said<T>, column: Column, contrary: &mut Vec<Column>) {
        if other == Said::Nothing {
            return;
        }
        if *one == Said::Nothing {
            *one = other;
        } else if *one != other {
            contrary.push(column);
        }
    }
    let mut contrary = Vec::new();
    take(&mut one.display_name, other.display_name, Column::DisplayName, &mut contrary);
    take(&mut one.external_id, other.external_id, Column::ExternalId, &mut contrary);
    take(&mut one.namespaces, other.namespaces, Column::Namespaces, &mut contrary);
    take(&mut one.selector, other.selector, Column::Selector, &mut contrary);
    take(&mut one.model, other.model, Column::Model, &mut contrary);
    take(&mut one.scopes, other.scopes, Column::Scopes, &mut contrary);
    take(&mut one.scope_selector, other.scope_selector, Column::ScopeSelector, &mut contrary);
    contrary
}
