use crate::{
    jsonpath::Style,
    report::{Make, Output, template},
};

pub(super) static OUTPUT: Output = Output {
    name: "jsonpath-as-json",
    about: "the same, each result as a JSON list",
    make: Make::Text(|text| template::jsonpath(text, Style::Json)),
};
