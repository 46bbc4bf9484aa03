# PowerShell completion for @PROGRAM@.
# Load it with: @PROGRAM@ completion powershell | Out-String | Invoke-Expression
# `kubectl @PLUGIN@` is completed by kubectl: see @PROGRAM@ completion install.

Register-ArgumentCompleter -Native -CommandName '@PROGRAM@' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    $program = $words[0]
    $words = @($words | Select-Object -Skip 1)
    # The word that is being written comes last, empty when nothing of it is there.
    # Before 7.3 PowerShell drops an empty argument.
    if ($wordToComplete -eq '') { $words += $(if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' }) }
    $out = @(& $program __complete @words 2>$null)
    if ($out.Count -eq 0) { return }
    $prefix = if ($wordToComplete -match '^(-[^=]*=)') { $Matches[1] } else { '' }
    $out | Select-Object -SkipLast 1 | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new("$prefix$value", $value, 'ParameterValue', $help)
    }
}
