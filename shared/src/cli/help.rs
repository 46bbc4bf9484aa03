//! The help's looks: kubectl's order, no noise.

use clap::{Command, builder::Styles};

const TEMPLATE: &str = "\
{about-with-newline}
Usage:
  {usage}
{before-help}
{all-args}{after-help}";

/// Dresses a plugin's command: its name as the user calls it, plain text, and no `help` command besides `-h`.
pub(super) fn dress(command: Command, name: &str) -> Command {
    command
        .bin_name(name)
        .help_template(TEMPLATE)
        .styles(Styles::plain())
        .disable_help_subcommand(true)
        .subcommand_value_name("COMMAND")
        .max_term_width(100)
}
