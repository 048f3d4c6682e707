using System.Management.Automation;
using Mammo.Evaluation.Exams;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>
/// Puts the predictions of an exam's views together: one record for each exam, or for each breast beside the other one. Research use only.
/// </summary>
[Cmdlet(VerbsCommon.Join, "MammoExam", DefaultParameterSetName = "Score")]
[OutputType(typeof(MammoExam))]
public sealed class JoinMammoExamCommand : ExamCommand
{
    /// <summary>
    /// Predictions of single images with their patients and sides, also as Import-Csv, ConvertFrom-Json, Import-Clixml or a job give them back.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [NotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>
    /// What the record's score is: the Mean over the views, the Max, or Contralateral: a breast's mean less half of the other one's, as a number from 0 to 1.
    /// </summary>
    [Parameter(ParameterSetName = "Score")]
    public ExamScore Score { get; set; }

    /// <summary>File of a combination that was fitted on validation exams of the same model (New-MammoExamCombination); it makes the score.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Combination")]
    [NotEmpty]
    public string? CombinationPath { get; set; }

    private protected override PSObject[] Predictions => InputObject;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var combination = CombinationPath is null ? null : Require(() => ExamCombinationFile.Read(ResolveInput(CombinationPath)), CombinationPath);
        var builder = Gathered();
        if (combination is not null && (combination.Inference.Length == 0 || builder.Inferences.IsEmpty))
        {
            WriteFinding(new Finding(
                ErrorIds.CombinationForeign,
                "It is not known how the predictions were made, so it cannot be checked that the combination was fitted on the same model."));
        }

        foreach (var exam in Joined(builder, Score, combination))
            WriteObject(exam);
        WriteNoticed();
        base.EndProcessing();
    }
}
