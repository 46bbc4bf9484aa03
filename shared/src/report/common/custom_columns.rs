use crate::report::{Make, Output, template};

pub(super) static OUTPUT: Output = Output {
    name: "custom-columns",
    about: "a line for each object: HEADER:path,HEADER:path",
    make: Make::Text(template::columns),
};
