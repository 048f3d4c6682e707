using System.Management.Automation;
using Mammo.Data.Datasets;

namespace Mammo.PowerShell.Common;

/// <summary>How cmdlets tell findings: the first ones as warnings, all of them in a variable if one is named.</summary>
internal sealed class FindingWarnings(PSCmdlet cmdlet)
{
    private const int ShownFindings = 3;

    private readonly List<DatasetFinding> _all = [];

    public void Tell(IReadOnlyCollection<DatasetFinding> findings, string? variable)
    {
        _all.AddRange(findings);
        if (variable is not null)
            cmdlet.SessionState.PSVariable.Set(variable, _all.ToArray());
        foreach (var finding in findings.Take(ShownFindings))
            cmdlet.WriteWarning(finding.ToString());
        if (findings.Count > ShownFindings)
            cmdlet.WriteWarning($"{findings.Count - ShownFindings} further findings; -FindingVariable keeps them all.");
    }
}
