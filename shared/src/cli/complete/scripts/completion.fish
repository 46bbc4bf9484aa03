# fish completion for @PROGRAM@.
# Load it with: @PROGRAM@ completion fish | source
# `kubectl @PLUGIN@` is completed by kubectl: see @PROGRAM@ completion install.

function __@FUNCTION@
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l out ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
    test (count $out) -gt 0; or return
    set -l directive (string replace ':' '' -- $out[-1])
    set -e out[-1]
    # Of --flag=value only the value is offered; fish wants the whole word.
    set -l before (string match -r -- '^-[^=]*=' "$current"; or echo '')
    for line in $out
        printf '%s\n' "$before$line"
    end
    if test (count $out) -eq 0; and test (math "bitand($directive, 4)") -eq 0
        if test (math "bitand($directive, 16)") -ne 0
            __fish_complete_directories (string replace -r -- '^-[^=]*=' '' "$current")
        else
            __fish_complete_path (string replace -r -- '^-[^=]*=' '' "$current")
        end
    end
end

complete -c @PROGRAM@ -e
complete -c @PROGRAM@ -f -a '(__@FUNCTION@)'
