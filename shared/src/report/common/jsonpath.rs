use crate::{
    jsonpath::Style,
    report::{Make, Output, Printable, template},
};

pub(super) fn output<D: Printable>() -> Output<D> {
    Output {
        name: "jsonpath",
        about: "kubectl's templates, filled in with the document of json",
        make: Make::Text(|text| template::jsonpath(text, Style::Text)),
    }
}
