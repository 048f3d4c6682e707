using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring;

namespace Mammo.PowerShell.Datasets;

/// <summary>
/// Looks for what makes training or testing on datasets worthless: shared patients and images, unreadable files, masks that do not fit, a wrong scale. Writes
/// one record per finding.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "MammoDataset")]
[OutputType(typeof(Finding))]
public sealed class TestMammoDatasetCommand : PreparationCommand
{
    private const double FullScale = 255;

    private readonly List<MammoDataset> _sets = [];

    /// <summary>The datasets, all in one call (training, validation, test): they are compared with each other.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [DatasetTransformation(IsJoined = false)]
    [ValidateNotNull]
    public MammoDataset[] Dataset { get; set; } = [];

    /// <summary>The model that is to be given the images; its card says size, rescale factor and mean.</summary>
    [Parameter]
    [ValidateNotNull]
    public MammoModel? Model { get; set; }

    /// <summary>Name of a variable that is given what is in each dataset: images, patients, classes, bit depths, sizes, maxima, mean.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SummaryVariable { get; set; }

    /// <summary>Threads that decode images; 0 for one per processor.</summary>
    [Parameter]
    [ValidateRange(0, 256)]
    public int WorkerCount { get; set; }

    /// <summary>
    /// Memory in bytes that decoding images may take, all threads together, in this and later commands of the session: an image waits for others, and one that
    /// needs more is refused.
    /// </summary>
    [Parameter]
    [ValidateRange(1L << 24, long.MaxValue)]
    [PSDefaultValue(Help = "a quarter of the memory")]
    public long MemoryBudget
    {
        get => DecodingBudget.Bytes;
        set => DecodingBudget.Bytes = value;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _sets.AddRange(Dataset);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        MammoImage[] images = [.. _sets.SelectMany(set => set.Images)];
        var progress = StartProgress("Testing datasets", images.Length);
        var check = new DatasetCheck
        {
            Preparation = Model is null ? Preparation() : Require(() => Preparation(Model), Model),
            Workers = WorkerCount > 0 ? WorkerCount : Environment.ProcessorCount,
            Progress = done => progress.Update(done, System.IO.Path.GetFileName(images[done - 1].Path)),
            CancellationToken = StopToken,
        };
        var report = Require(() => check.Run(_sets));
        if (SummaryVariable is not null)
            SessionState.PSVariable.Set(SummaryVariable, report.Sets.ToArray());
        foreach (var set in report.Sets)
            WriteVerbose(set.ToString());
        WriteVerbose(report.Findings.IsEmpty ? "Nothing was found." : $"{report.Findings.Length} findings");
        foreach (var finding in report.Findings)
            WriteObject(finding);
        base.EndProcessing();
    }

    private Preparation Preparation()
    {
        var isUnscaled = RescaleFactor is null && TargetScale is null;
        if (isUnscaled)
            WriteVerbose($"No rescale factor: each image's maximum is taken as {FullScale}.");
        return new Preparation
        {
            Size = ImageSize,
            Top = ValueScale.Top(TargetScale, RescaleFactor, FeaturewiseMean),
            RescaleFactor = RescaleFactor,
            TargetScale = isUnscaled ? FullScale : TargetScale,
            FeaturewiseMean = FeaturewiseMean,
            EqualizeHistogram = EqualizeHistogram,
            AutoLevel = AutoLevel,
        };
    }

    private Preparation Preparation(MammoModel model)
    {
        var decided = ModelPreparation.For(model, Wishes);
        WritePreparation(decided);
        return decided.Preparation;
    }
}
