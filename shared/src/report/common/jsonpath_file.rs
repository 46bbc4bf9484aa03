use crate::{
    jsonpath::Style,
    report::{Make, Output, template},
};

pub(super) static OUTPUT: Output = Output {
    name: "jsonpath-file",
    about: "the template in a file",
    make: Make::File(|text| template::jsonpath(text, Style::Text)),
};
