using System.Management.Automation;
using Mammo.Evaluation.Exams;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>
/// Fits on validation predictions how the scores of an exam's views become one: a logistic combination of their mean, their maximum and the difference of the
/// breasts, kept in a small file.
/// </summary>
[Cmdlet(VerbsCommon.New, "MammoExamCombination", SupportsShouldProcess = true)]
[OutputType(typeof(ExamCombination))]
public sealed class NewMammoExamCombinationCommand : ExamCommand
{
    private const int Shown = 5;

    /// <summary>The file (JSON) to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>
    /// Predictions of single images with their patients and sides, also as Import-Csv, ConvertFrom-Json, Import-Clixml or a job give them back.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [NotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>
    /// What is combined: Mean and Max over the views, and the Difference of the breasts (of an exam without its sign; 0 where there is one breast).
    /// </summary>
    [Parameter]
    [NotEmpty]
    public ExamFeature[] Feature { get; set; } = [ExamFeature.Mean, ExamFeature.Max, ExamFeature.Difference];

    /// <summary>Penalty on the squared weights of the standardised features: the more, the closer the weights are to 0.</summary>
    [Parameter]
    [InRange(1e-6, 1e6)]
    public double Ridge { get; set; } = 1;

    /// <summary>Take patients too on whose images the model was trained.</summary>
    [Parameter]
    public SwitchParameter AllowLeakage { get; set; }

    /// <summary>Replace a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override PSObject[] Predictions => InputObject;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var path = ResolveOutput(Path, Force);
        var builder = Gathered();
        MammoExam[] exams = [.. Joined(builder, ExamScore.Mean, null)];
        WriteNoticed();
        var combination = Require(() => Fitted(builder, exams));
        if (combination.Inference.Length == 0)
        {
            WriteFinding(new Finding(
                ErrorIds.CombinationForeign,
                "It is not known how the predictions were made, so it cannot be checked later that the combination is applied to the same model."));
        }

        if (ShouldProcess(path, "Write combination"))
        {
            Require<object?>(() =>
            {
                ExamCombinationFile.Write(combination, path);
                return null;
            });
            WriteObject(combination);
        }

        base.EndProcessing();
    }

    private ExamCombination Fitted(ExamBuilder builder, MammoExam[] exams)
    {
        if (builder.Inferences is { Length: > 1 } ways)
        {
            throw new MammoException(
                ErrorIds.PredictionsMixed,
                $"The predictions were made in {ways.Length} ways ({string.Join(" | ", ways)}), and a combination belongs to one model.",
                "Fit on the predictions of one model at a time.");
        }

        string[] trained =
            [.. exams.Where(exam => exam.Warning.Contains(ErrorIds.DataLeakage, StringComparison.Ordinal)).Select(exam => exam.Patient).Distinct()];
        if (trained.Length > 0 && !AllowLeakage)
        {
            throw new MammoException(
                ErrorIds.DataLeakage,
                $"The model was trained on {trained.Length} of these patients "
                    + $"({string.Join(", ", trained.Take(Shown))}{(trained.Length > Shown ? ", …" : "")}).",
                "Fit on validation patients; or use -AllowLeakage if it is meant, or their ids are those of other people.",
                trained[0]);
        }

        return ExamCombinationFit.Of(exams, By, [.. Feature.Distinct()], Ridge, builder.Inferences.FirstOrDefault(""));
    }
}
