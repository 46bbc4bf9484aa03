use crate::{
    jsonpath::Style,
    report::{Make, Output, Printable, template},
};

pub(super) fn output<D: Printable>() -> Output<D> {
    Output {
        name: "jsonpath-file",
        about: "the template in a file",
        make: Make::File(|text| template::jsonpath(text, Style::Text)),
    }
}
