use crate::{
    jsonpath::Style,
    report::{Make, Output, Printable, template},
};

pub(super) fn output<D: Printable>() -> Output<D> {
    Output {
        name: "jsonpath-as-json",
        about: "the same, each result as a JSON list",
        make: Make::Text(|text| template::jsonpath(text, Style::Json)),
    }
}
