use super::terminal::ColorChoice;
use crate::cluster::ConnectOptions;

/// The flags that every plugin has: flatten them into the plugin's own.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub struct CommonOptions {
    /// Which cluster, as whom, and how
    #[command(flatten)]
    pub connect: ConnectOptions,
    /// When to use colours: auto, always or never
    #[arg(
        id = "color",
        long,
        value_name = "WHEN",
        value_enum,
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        global = true,
        help_heading = "Output"
    )]
    pub color: ColorChoice,
    /// How much to tell of what happens: 6 names the requests, 8 tells everything
    #[arg(
        id = "v",
        short = 'v',
        long = "v",
        value_name = "LEVEL",
        default_value_t = 0,
        hide_default_value = true,
        global = true,
        hide_short_help = true,
        help_heading = "Output"
    )]
    pub verbosity: u8,
}
