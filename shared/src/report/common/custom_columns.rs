use crate::report::{Make, Output, Printable, template};

pub(super) fn output<D: Printable>() -> Output<D> {
    Output {
        name: "custom-columns",
        about: "a line for each object or row: HEADER:path,HEADER:path",
        make: Make::Text(template::columns),
    }
}
