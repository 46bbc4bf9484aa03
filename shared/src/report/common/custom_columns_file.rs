use crate::report::{Make, Output, template};

pub(super) static OUTPUT: Output = Output {
    name: "custom-columns-file",
    about: "the columns in a file: a line of headers, a line of paths",
    make: Make::File(template::columns_of_file),
};
