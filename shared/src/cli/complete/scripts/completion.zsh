#compdef @PROGRAM@
# zsh completion for @PROGRAM@.
# Load it with: source <(@PROGRAM@ completion zsh), or save it as _@PROGRAM@ in a directory of $fpath.
# `kubectl @PLUGIN@` is completed by kubectl: see @PROGRAM@ completion install.

_@FUNCTION@() {
    local line value directive prefix
    local -a out values space
    out=("${(@f)$(${words[1]} __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    directive=${${out[-1]}#:}
    [[ $directive == <-> ]] || return 1
    out[-1]=()
    for line in $out; do
        [[ -n $line ]] || continue
        value=${line%%$'\t'*}
        value=${value//:/\\:}
        if [[ $line == *$'\t'* ]]; then
            values+=("$value:${line#*$'\t'}")
        else
            values+=("$value")
        fi
    done
    (( directive & 2 )) && space=(-S '')
    # Of --flag=value only the value is offered.
    if [[ ${words[CURRENT]} == -*=* ]]; then
        prefix=${words[CURRENT]%%=*}=
        compset -P "${(b)prefix}"
    fi
    (( $#values )) && _describe -t candidates candidate values "${space[@]}" && return
    if (( directive & 16 )); then
        _files -/
    elif (( ! (directive & 4) )); then
        _files
    fi
}

if [[ ${funcstack[1]} == _@PROGRAM@ ]]; then
    _@FUNCTION@ "$@"
else
    compdef _@FUNCTION@ @PROGRAM@
fi
