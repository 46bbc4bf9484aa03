//! Where the file is, and what it says.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    problem::{Problem, Severity, Source, sort},
    settings::Settings,
    types::Config,
};

/// The configuration file of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it is, or would be.
    pub path: PathBuf,
    /// Whether the user named it: then it must be there.
    pub named: bool,
}

/// Why there is no configuration to go by. Each line is one problem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(pub Vec<Problem>);

impl File {
    /// The file of `--config`, else of `$PASSMUSTER_CONFIG`, else the user's; `None` for a user without a home.
    pub fn find(flag: Option<&Path>, variables: &BTreeMap<String, String>) -> Option<Self> {
        let variable = |name: &str| variables.get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(path) = flag.map(Path::to_path_buf).or_else(|| variable("PASSMUSTER_CONFIG")) {
            return Some(Self { path, named: true });
        }
        // The standard has relative paths ignored: https://specifications.freedesktop.org/basedir-spec
        let home = || variable(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
        let base = variable("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
        let base = base.or_else(|| Some(home()?.join(".config")))?;
        Some(Self { path: base.join("passmuster").join("config.yaml"), named: false })
    }

    /// What stands in it; `None` when it is not there and need not be.
    pub fn read(&self) -> Result<Option<String>, Problem> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.named => Ok(None),
            Err(error) => {
                let text = error.to_string();
                let why = text.split(" (os error").next().unwrap_or(&text).to_lowercase();
                let source = Source::File(self.name(), None);
                Err(Problem::error(source, "", format!("can't read the configuration: {why}")))
            }
        }
    }

    /// What messages call it.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }
}

impl Config {
    /// Reads the configuration file, and what the environment says over it.
    pub fn load(flag: Option<&Path>, variables: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let (settings, config) = read(File::find(flag, variables).as_ref(), variables);
        usable(settings, config)
    }

    /// What `text` says, which stands in a file called `name`, and the environment over it.
    pub fn parse(name: &str, text: &str, variables: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut settings = Settings::default();
        settings.add_file(name, text);
        settings.add_variables(variables);
        let config = settings.build(Some(Path::new(name)));
        usable(settings, config)
    }
}

fn usable(settings: Settings, config: Config) -> Result<Config, ConfigError> {
    let errors = settings.problems.into_iter().filter(|problem| problem.severity == Severity::Error);
    let mut errors: Vec<Problem> = errors.collect();
    sort(&mut errors);
    if errors.is_empty() { Ok(config) } else { Err(ConfigError(errors)) }
}

/// Everything that is said, and what comes of it.
pub(super) fn read(file: Option<&File>, variables: &BTreeMap<String, String>) -> (Settings, Config) {
    let mut settings = Settings::default();
    match file.map(|file| (file, file.read())) {
        Some((file, Ok(Some(text)))) => settings.add_file(&file.name(), &text),
        Some((_, Err(problem))) => settings.problems.push(problem),
        Some((_, Ok(None))) | None => {}
    }
    settings.add_variables(variables);
    let config = settings.build(file.map(|file| file.path.as_path()));
    (settings, config)
}
