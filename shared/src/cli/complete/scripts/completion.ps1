# PowerShell completion for @PROGRAM@.
# Load it with: @PROGRAM@ completion powershell | Out-String | Invoke-Expression
# `kubectl @PLUGIN@` is completed by kubectl: see @PROGRAM@ completion install.

Register-ArgumentCompleter -Native -CommandName '@PROGRAM@' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    $program = $words[0]
    $words = @($words | Select-Object -Skip 1)
    # The word that is being written comes last, empty when nothing of it is there.
    # Of a list with commas PowerShell completes the last part alone; the program is given the list, and offers lists.
    $last = "$($words | Select-Object -Last 1)"
    $before = ''
    if ($wordToComplete -eq '' -and -not $last.EndsWith(',')) {
        # Before 7.3 PowerShell drops an empty argument.
        $words += $(if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' })
    } elseif ($last.EndsWith($wordToComplete)) {
        $before = $last.Substring(0, $last.Length - $wordToComplete.Length)
    }
    $out = @(& $program __complete @words 2>$null)
    if ($out.Count -eq 0) { return }
    $prefix = if ($wordToComplete -match '^(-[^=]*=)') { $Matches[1] } else { '' }
    $out | Select-Object -SkipLast 1 | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        if (-not $help) { $help = $value }
        if ($value.StartsWith($before)) { $value = $value.Substring($before.Length) }
        [System.Management.Automation.CompletionResult]::new("$prefix$value", $value, 'ParameterValue', $help)
    }
}
