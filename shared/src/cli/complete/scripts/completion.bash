# bash completion for @PROGRAM@.
# Load it with: source <(@PROGRAM@ completion bash)
# `kubectl @PLUGIN@` is completed by kubectl: see @PROGRAM@ completion install.

_@FUNCTION@() {
    local i word current directive line joined=0
    local -a words=() out=()
    # bash takes a word apart at = and :, which belong to it here.
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((${#words[*]})) && [[ $joined == 1 || $word == [=:]* ]] && [[ $word != -* ]]; then
            words[${#words[*]} - 1]+=$word
        else
            words+=("$word")
        fi
        [[ $word == *[=:] ]] && joined=1 || joined=0
    done
    current=${words[${#words[*]} - 1]}
    while IFS= read -r line; do
        out+=("$line")
    done < <("${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null)
    ((${#out[*]})) || return
    directive=${out[${#out[*]} - 1]#:}
    unset "out[${#out[*]}-1]"

    # What stands before the last = or : is on the line already, and not part of what bash replaces.
    local drop=''
    [[ $current == -*=* ]] && current=${current#*=}
    [[ $current == *:* ]] && drop=${current%"${current##*:}"}
    COMPREPLY=()
    for line in "${out[@]}"; do
        line=${line%%$'\t'*}
        [[ $line == "$current"* ]] && COMPREPLY+=("${line#"$drop"}")
    done
    ((directive & 2)) && compopt -o nospace
    if ((directive & 16)); then
        compopt -o dirnames
    elif ((!(directive & 4))); then
        compopt -o default
    fi
}
complete -F _@FUNCTION@ @PROGRAM@
