use crate::report::{Make, Output, Printable, template};

pub(super) fn output<D: Printable>() -> Output<D> {
    Output {
        name: "custom-columns-file",
        about: "the columns in a file: a line of headers, a line of paths",
        make: Make::File(template::columns_of_file),
    }
}
