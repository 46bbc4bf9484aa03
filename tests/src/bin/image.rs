//! Packs a static program as a container image: `image PROGRAM REFERENCE ARCHIVE`, and prints the image's digest. The
//! time in it is that of SOURCE_DATE_EPOCH, or the beginning of time.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use passmuster_tests::image::Recipe;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const USAGE: &str = "usage: image PROGRAM REFERENCE ARCHIVE";

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let outcome = match args[..] {
        [program, reference, archive] => pack(Path::new(program), reference, Path::new(archive)),
        _ => Err(USAGE.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed stderr is no reason to fail differently.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn pack(program: &Path, reference: &str, archive: &Path) -> Outcome {
    let epoch = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text.trim().parse().map_err(|error| format!("SOURCE_DATE_EPOCH {text:?}: {error}"))?,
        Err(_) => 0,
    };
    let labels = [
        ("org.opencontainers.image.title", "passmuster"),
        ("org.opencontainers.image.licenses", env!("CARGO_PKG_LICENSE")),
        ("org.opencontainers.image.version", env!("CARGO_PKG_VERSION")),
    ];
    let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
    let image = Recipe { epoch, labels, ..Recipe::of(program, reference)? }.make()?;
    // A whole archive or none.
    let unfinished = archive.with_extension("unfinished");
    fs::write(&unfinished, &image.archive)?;
    fs::rename(&unfinished, archive)?;
    writeln!(io::stdout(), "{} {reference}", image.digest)?;
    Ok(())
}
