use crate::{
    jsonpath::Style,
    report::{Make, Output, template},
};

pub(super) static OUTPUT: Output = Output {
    name: "jsonpath",
    about: "kubectl's templates, filled in with the document of json",
    make: Make::Text(|text| template::jsonpath(text, Style::Text)),
};
