//! What xlsx and ods have in common: they are zip files.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::{Limits, ods, xlsx};
use crate::quota::sheet::{Place, Sheet, SheetError};

pub(super) fn read(bytes: &[u8], name: &str, limits: Limits) -> Result<Vec<Sheet>, SheetError> {
    let refuse = |message: String| SheetError::new(Place::file(name), message);
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| refuse(format!("the file is damaged or not whole: {error}")))?;
    // A zip file may say what it likes of its sizes, so everything is unpacked once and counted.
    let mut left = limits.unpacked;
    for index in 0..archive.len() {
        let entry =
            archive.by_index(index).map_err(|error| refuse(format!("the file is damaged: {error}")))?;
        let part = entry.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let took = io::copy(&mut entry.take(left.saturating_add(1)), &mut io::sink())
            .map_err(|error| refuse(format!("the file is damaged: {part}: {error}")))?;
        left = left.checked_sub(took).ok_or_else(|| {
            refuse(format!(
                "more than {} MiB when unpacked: too large for a spreadsheet",
                limits.unpacked >> 20
            ))
        })?;
    }
    let has = |part: &str| archive.index_for_name(part).is_some();
    if has("content.xml") {
        ods::read(&mut archive, name, limits)
    } else if has("xl/workbook.xml") || has("[Content_Types].xml") {
        xlsx::read(bytes, name, limits)
    } else {
        Err(refuse("a zip file, but neither an xlsx nor an ods spreadsheet".to_owned()))
    }
}
