//! The one layer: the program, and who there is.

use std::io;

use super::{Recipe, archive::Archive};

/// The layer's archive.
pub(super) fn layer(recipe: &Recipe) -> io::Result<Vec<u8>> {
    let user = recipe.user;
    let mut archive = Archive::new(recipe.epoch);
    archive.directory("etc", 0o755)?;
    archive.file("etc/group", 0o644, format!("root:x:0:\nnonroot:x:{user}:\n").as_bytes())?;
    let passwd = format!("root:x:0:0:root:/:/\nnonroot:x:{user}:{user}:nonroot:/:/\n");
    archive.file("etc/passwd", 0o644, passwd.as_bytes())?;
    archive.file(&recipe.name, 0o755, &recipe.program)?;
    archive.finish()
}
